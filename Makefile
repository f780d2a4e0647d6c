# One command for each daily job. CI calls the same targets.
CARGO ?= cargo
# The docs are for those who read the source: module docs may point to private items.
DOC_FLAGS := -D warnings -A rustdoc::private_intra_doc_links
# The profile of the program that `build` makes and `torture`, `simulate` and the tests in other languages
# try: `release`, or `dev`, which shares what it compiles with `make test`.
BUILD ?= release
built := $(CURDIR)/target/$(if $(filter dev,$(BUILD)),debug,release)/kavak-bot

.PHONY: run chat build test check fmt bench bench-http bench-check fuzz simulate torture test-browser test-openapi test-twilio

# Serve the chat API, the webhook and the page on 127.0.0.1:8000.
run:
	$(CARGO) run --release --locked --quiet -- serve

# Talk to the bot in the terminal.
chat:
	$(CARGO) run --release --locked --quiet -- chat

build:
	$(CARGO) build --profile $(BUILD) --locked

# Every test, and the transcripts.
test:
	$(CARGO) test --locked
	$(CARGO) run --locked --quiet -- flows check
	$(CARGO) run --locked --quiet -- test tests/transcripts

# Formatting, lints and docs, all without a warning.
check:
	$(CARGO) fmt --check
	$(CARGO) fmt --check --manifest-path fuzz/Cargo.toml
	$(CARGO) metadata --locked --format-version 1 --manifest-path fuzz/Cargo.toml >/dev/null
	$(CARGO) clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="$(DOC_FLAGS)" $(CARGO) doc --locked --no-deps --document-private-items --quiet

fmt:
	$(CARGO) fmt
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml

bench:
	$(CARGO) bench --locked

# The webhook under load beside a handler that does nothing, memory, start; takes wrk and minutes.
bench-http:
	$(CARGO) bench --locked --bench http

# The benchmarks run once each, without being measured: they still work.
bench-check:
	$(CARGO) test --locked --benches --quiet

# Random messages and conversations, FUZZ_SECONDS (300) for each target; no panic, no bad answer.
fuzz:
	fuzz/run.sh

# Simulated customers of SEED (1), CUSTOMERS (3000) of them; what must always hold is checked.
SEED ?= 1
CUSTOMERS ?= 3000
simulate: build
	"$(built)" simulate --seed $(SEED) --conversations $(CUSTOMERS) --out target/simulated

# Kills the server with SIGKILL under load and fills its disk, and looks for what was lost or done
# twice.
torture: build
	$(CARGO) test --locked --profile $(BUILD) --test torture -- --ignored --nocapture

# Drives the page in a real Chromium; installs it where it is missing.
test-browser: build
	BINARY="$${BINARY:-$(built)}" tests/browser/run.sh

# Tries the doors with schemathesis, against /openapi.json; installs it where it is missing.
test-openapi: build
	BINARY="$${BINARY:-$(built)}" tests/openapi/run.sh

# Tries the webhook with what Twilio's own client signs; installs that where it is missing.
test-twilio: build
	BINARY="$${BINARY:-$(built)}" tests/twilio/run.sh
