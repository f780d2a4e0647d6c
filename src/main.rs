//! Arguments to command to exit code.

use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;

/// A turn is many small pieces of text and JSON: a fifth of its time was spent in the system's
/// allocator.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    kavak_bot::cli::run()
}
