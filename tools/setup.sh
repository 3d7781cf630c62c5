#!/usr/bin/env bash
# Puts what the Makefile's commands need into .venv. Usage: tools/setup.sh python|node
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
    echo "setup: $*" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local name
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14 python; do
        if new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    fail "Python must be 3.11 or newer; none was found. Install one, or name it: make PYTHON=/path/to/python"
}

make_venv() {
    new_enough .venv/bin/python || "$1" -m venv --clear --without-pip .venv
}

quietly() {
    "$@" >/dev/null 2>&1
}

# Debian's Python may come without pip, and without what makes it, so there is more than one way.
get_uv() {
    [ -x .venv/bin/uv ] && return
    local pip
    if quietly .venv/bin/python -m pip --version || quietly .venv/bin/python -m ensurepip; then
        pip=(.venv/bin/python -m pip)
    elif quietly "$1" -m pip --version; then
        pip=("$1" -m pip --python .venv/bin/python)
    elif quietly command -v uv; then
        ln -s "$(command -v uv)" .venv/bin/uv
        return
    else
        fail "$1 must bring pip; it does not. Install it (Debian: apt-get install python3-venv) and try again."
    fi
    "${pip[@]}" install --quiet --disable-pip-version-check --require-hashes -r tools/uv.lock
}

install() {
    .venv/bin/uv pip install --python .venv/bin/python "$@"
}

setup_python() {
    local python
    python=$(find_python)
    make_venv "$python"
    get_uv "$python"
    install --require-hashes --requirement requirements.lock
    install --no-deps --no-build-isolation --editable .
}

node_is_there() {
    command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);' 2>/dev/null
}

setup_node() {
    node_is_there || install --require-hashes --requirement tools/node.lock
}

case "${1:-}" in
    python) setup_python ;;
    node) setup_node ;;
    *) fail "the first argument must be python or node; got '${1:-}'." ;;
esac
