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
suite=tests/openapi
binary=${BINARY:-$root/target/release/kavak-bot}
tools=$root/target/openapi-test
# Of each run; the longer one takes half a minute where nothing else runs.
seconds=120
# In memory where that can be had: a server waits for its disk, and no disk is on trial here.
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
. "$here/../tools.sh"

# Tries all doors of the server that was started, as long as the time allows.
try() {
    (cd "$work" && timeout "$seconds" "$tools/bin/schemathesis" run "$url/openapi.json" \
        --checks all --seed "${SEED:-1}" --max-examples "${CASES:-100}" --continue-on-failure \
        --warnings off --no-color "$@") || fail $?
}

fail() {
    if [ "$1" -eq 124 ]; then
        complain "not done within $seconds s"
    fi
    cat "$work/log" >&2
    exit 1
}

provide_python "$tools" "$here/requirements.txt"

start META_VERIFY_TOKEN=hush
try
stop
rm -r "$work/data"
start PUBLIC_BASE_URL=https://bot.example.mx API_TOKEN=hush
try --header 'Authorization: Bearer hush' --include-path /chat --include-path /metrics
