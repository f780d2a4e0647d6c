//! Arguments to command to exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    kavak_bot::cli::run()
}
