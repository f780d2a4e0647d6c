#!/bin/sh
# Tries the doors with schemathesis, against the document that the server gives of itself: no 500,
# no answer outside the schema, nothing taken that the schema refuses. Once on a server at home,
# and once on one that is exposed and asks for its token.
#
#   BINARY   the server (target/release/kavak-bot)
#   SEED     what the requests are made from (1)
#   CASES    requests of each kind for each door (100)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=${BINARY:-$root/target/release/kavak-bot}
tools=$root/target/openapi-test
# Of each run; the longer one takes half a minute where nothing else runs.
seconds=120
# In memory where that can be had: a server waits for its disk, and no disk is on trial here.
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
server=

finish() {
    status=$?
    stop
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

stop() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=
    fi
}

provide() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "tests/openapi: $1 is missing; install it and run this again" >&2
        exit 2
    fi
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# Starts a server with these settings, and waits until it says where it is.
start() {
    (cd "$root" && exec env BIND=127.0.0.1:0 DATA_DIR="$work/data" LOG_LEVEL=warn "$@" \
        "$binary" serve) >"$work/said" 2>"$work/log" &
    server=$!
    tries=0
    until url=$(sed -n 's/^kavak-bot at \(http:[^ ]*\).*/\1/p' "$work/said") && [ -n "$url" ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
            echo "tests/openapi: the server did not start" >&2
            cat "$work/log" >&2
            exit 1
        fi
        sleep 0.1
    done
}

# Tries all doors of the server that was started, as long as the time allows.
try() {
    (cd "$work" && timeout "$seconds" "$tools/bin/schemathesis" run "$url/openapi.json" \
        --checks all --seed "${SEED:-1}" --max-examples "${CASES:-100}" --continue-on-failure \
        --warnings off --no-color "$@") || fail $?
}

fail() {
    if [ "$1" -eq 124 ]; then
        echo "tests/openapi: not done within $seconds s" >&2
    fi
    cat "$work/log" >&2
    exit 1
}

python3 -c 'import ensurepip, venv' 2>/dev/null || provide python3 python3-venv
if ! cmp -s "$here/requirements.txt" "$tools/installed-from"; then
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$tools/installed-from"
fi

start META_VERIFY_TOKEN=hush
try
stop
rm -r "$work/data"
start PUBLIC_BASE_URL=https://bot.example.mx API_TOKEN=hush
try --header 'Authorization: Bearer hush' --include-path /chat --include-path /metrics
