//! Run, and exit with what the command says.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    flaglake::commands::main()
}
