#!/bin/sh
# Tries the webhook with what Twilio's own client for Python signs.
#
#   BINARY   the server (target/release/kavak-bot)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
suite=tests/twilio
binary=${BINARY:-$root/target/release/kavak-bot}
tools=$root/target/twilio-test
work=$(mktemp -d)
. "$here/../tools.sh"

provide_python "$tools" "$here/requirements.txt"
public=https://bot.example.mx
start "PUBLIC_BASE_URL=$public" API_TOKEN=hush TWILIO_AUTH_TOKEN=new-token,old-token
"$tools/bin/python" "$here/signed.py" "$url" "$public" new-token old-token
