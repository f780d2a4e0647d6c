#!/bin/sh
# Feeds random messages to the bot until time is up, or until one breaks it.
#
#   fuzz/run.sh [TARGET…]   understand, converse: both where none is named
#
#   FUZZ_SECONDS   how long for each target (300)
#
# What breaks it is left in fuzz/artifacts/TARGET/, and is tried again with
#   cargo fuzz run --sanitizer none TARGET FILE
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
tools=$root/target/tools
PATH=$tools/bin:$PATH
cd "$root"

command -v cargo-fuzz >/dev/null || cargo install --quiet --locked --root "$tools" cargo-fuzz

# One message of the transcripts a file, and the customer's side of each transcript.
sow() {
    mkdir -p "$here/corpus/understand" "$here/corpus/converse"
    find "$root/tests/transcripts" -name '*.chat' -exec sed -n 's/^> //p' {} + | sort -u |
        awk -v folder="$here/corpus/understand" '{
            file = sprintf("%s/seed-%05d", folder, NR); printf "%s", $0 > file; close(file) }'
    find "$root/tests/transcripts" -name '*.chat' | while read -r chat; do
        seed=$(echo "${chat#"$root/tests/transcripts/"}" | tr / -)
        sed -n -e 's/^> //p' -e '/^! \(tap\|wait\|duplicate\)/p' "$chat" \
            >"$here/corpus/converse/seed-$seed"
    done
}

# The word lists as the fuzzer's dictionary: it takes ASCII alone, and accents are folded anyway.
write_dictionary() {
    mkdir -p "$here/target"
    find "$root/data" -name '*.toml' -exec grep -ho '"[^"\\]*"' {} + |
        LC_ALL=C grep '^"[ -~]\{1,40\}"$' | sort -u >"$here/target/words.dict"
}

# Inputs grow quickly to 10,000 bytes: long messages are where time is lost.
fuzz() {
    seconds=${FUZZ_SECONDS:-300}
    log=$here/target/$1.log
    echo "fuzz/$1: $seconds seconds"
    if ! cargo fuzz run --sanitizer none "$1" -- -dict="$here/target/words.dict" \
        -max_len=10000 -len_control=20 -timeout=5 -max_total_time="$seconds" \
        -print_final_stats=1 >"$log" 2>&1; then
        grep -A 20 -E 'panicked|ERROR' "$log" >&2 || tail -n 40 "$log" >&2
        return 1
    fi
    grep -E 'DONE|stat::' "$log"
}

[ $# -gt 0 ] || set -- understand converse
sow
write_dictionary
for target in "$@"; do
    fuzz "$target"
done
