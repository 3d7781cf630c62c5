#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own, which is gone afterwards.
# Usage: tools/with_postgres.sh COMMAND...   DATABASE_URL names the server.
set -euo pipefail

folder=$(mktemp -d /tmp/hemiface-postgres-XXXXXX)
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
bin=${bin:-$(dirname "$(command -v postgres || true)")}
[ -x "$bin/initdb" ] || { echo "with_postgres: PostgreSQL's server must be installed; it is not." >&2; exit 1; }

# The server refuses to run as root; Debian's package brings a user for it.
as_owner() {
    if [ "$(id -u)" -eq 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

[ "$(id -u)" -ne 0 ] || chown postgres "$folder"
trap 'as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
cd "$folder"
as_owner "$bin/initdb" -D "$folder/data" -U clinic --auth=trust -E UTF8 >/dev/null
as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off" start >/dev/null
chmod 755 "$folder"
cd - >/dev/null
DATABASE_URL="postgres://clinic@/postgres?host=$folder" "$@"
