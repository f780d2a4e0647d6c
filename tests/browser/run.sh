#!/bin/sh
# Tries the page in a real Chromium.
#
#   BASE_URL   a running server with the model of model.mjs; without it the binary is started with
#              both, and a store of its own
#   BINARY     what is started then (target/release/kavak-bot)
#   CHROMIUM   the browser (chromium from the path; installed with apt-get where root may)
#   SHOTS      where the screenshots go (a folder of this run, named at the end)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=${BINARY:-$root/target/release/kavak-bot}
tools=$root/target/browser-test
work=$(mktemp -d)
shots=${SHOTS:-$work/shots}
server=
model=

finish() {
    status=$?
    for process in $server $model; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    rm -rf "$work/data" "$work/profile"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

provide() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "tests/browser: $1 is missing; install it and run this again" >&2
        exit 2
    fi
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# Waits for a server that was just started.
await() {
    tries=0
    until curl -fsS -o /dev/null "$1" 2>/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" -gt 100 ] || ! kill -0 "$server" 2>/dev/null; then
            echo "tests/browser: the server did not get ready" >&2
            cat "$work/server.log" >&2
            exit 1
        fi
        sleep 0.1
    done
}

command -v curl >/dev/null || provide curl
command -v npm >/dev/null || provide nodejs npm
chromium=${CHROMIUM:-$(command -v chromium || true)}
if [ -z "$chromium" ]; then
    provide chromium fonts-liberation fonts-noto-color-emoji
    chromium=$(command -v chromium)
fi

mkdir -p "$tools" "$shots"
cp "$here/package.json" "$here/package-lock.json" "$here/page.mjs" "$here/model.mjs" "$tools/"
if ! cmp -s "$here/package-lock.json" "$tools/node_modules/installed-from"; then
    (cd "$tools" && npm ci --no-audit --no-fund --loglevel=error)
    cp "$here/package-lock.json" "$tools/node_modules/installed-from"
fi

if [ -z "${BASE_URL:-}" ]; then
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => {
        console.log(s.address().port); s.close(); })')
    BASE_URL=http://127.0.0.1:$port
    node "$tools/model.mjs" >"$work/model.port" &
    model=$!
    until [ -s "$work/model.port" ]; do sleep 0.05; done
    model_url=http://127.0.0.1:$(cat "$work/model.port")
    (cd "$root" && exec env BIND="127.0.0.1:$port" DATA_DIR="$work/data" \
        OPENAI_API_KEY=any OPENAI_BASE_URL="$model_url" "$binary" serve) \
        >"$work/server.log" 2>&1 &
    server=$!
    await "$BASE_URL/ready"
fi

BASE_URL=$BASE_URL CHROMIUM=$chromium PROFILE=$work/profile SHOTS=$shots node "$tools/page.mjs"
echo "screenshots: $shots"
