#!/bin/sh
# Tries the page in a real Chromium.
#
#   BASE_URL   a running server with the model of model.mjs; without it the binary is started with
#              both, and a store of its own
#   BINARY     what is started then, and runs what the page records (target/release/kavak-bot)
#   CHROMIUM   the browser (chromium from the path; installed with apt-get where root may)
#   SHOTS      where the screenshots go (a folder of this run, named at the end)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
suite=tests/browser
binary=${BINARY:-$root/target/release/kavak-bot}
tools=$root/target/browser-test
work=$(mktemp -d)
shots=${SHOTS:-$work/shots}
model=
. "$here/../tools.sh"

# The screenshots stay.
tidy() {
    if [ -n "$model" ]; then
        kill "$model" 2>/dev/null || true
    fi
    rm -rf "$work/data" "$work/profile" "$work/saved"
}

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
    node "$tools/model.mjs" >"$work/model.port" &
    model=$!
    until [ -s "$work/model.port" ]; do sleep 0.05; done
    start OPENAI_API_KEY=any OPENAI_BASE_URL="http://127.0.0.1:$(cat "$work/model.port")"
    BASE_URL=$url
fi

BASE_URL=$BASE_URL BINARY=$binary CHROMIUM=$chromium PROFILE=$work/profile ROOT=$root \
    SAVED=$work/saved SHOTS=$shots node "$tools/page.mjs"
echo "screenshots: $shots"
