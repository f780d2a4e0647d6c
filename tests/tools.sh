# What the suites in a shell share: bringing tools, and a server of their own. To be sourced, with
# `suite` (how complaints begin), `root` (the project), `binary` and `work` (a folder of the run)
# set; it sets `server`, the process that runs, and `url`, where it is. When the suite ends, the
# server is stopped, and `tidy` is called.
server=

complain() {
    echo "$suite: $1" >&2
}

# Installs packages of the system where root may.
provide() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        complain "$1 is missing; install it and run this again"
        exit 2
    fi
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# provide_python FOLDER REQUIREMENTS: a Python in FOLDER with what the file names.
provide_python() {
    python3 -c 'import ensurepip, venv' 2>/dev/null || provide python3 python3-venv
    if ! cmp -s "$2" "$1/installed-from"; then
        rm -rf "$1"
        python3 -m venv "$1"
        "$1/bin/pip" install --quiet --disable-pip-version-check -r "$2"
        cp "$2" "$1/installed-from"
    fi
}

# start NAME=VALUE…: starts a server with these settings, and waits until it says where it is.
start() {
    (cd "$root" && exec env BIND=127.0.0.1:0 DATA_DIR="$work/data" LOG_LEVEL=warn "$@" \
        "$binary" serve) >"$work/said" 2>"$work/log" &
    server=$!
    tries=0
    until url=$(sed -n 's/^kavak-bot at \(http:[^ ]*\).*/\1/p' "$work/said") && [ -n "$url" ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
            complain "the server did not start"
            cat "$work/log" >&2
            exit 1
        fi
        sleep 0.1
    done
}

stop() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
        server=
    fi
}

tidy() {
    rm -rf "$work"
}

finish() {
    status=$?
    stop
    tidy
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM
