//! `flaglake completions`: prints a script that completes arguments in a shell.

use clap::CommandFactory;

use super::schema::print;
use crate::Result;
use crate::cli::{Cli, CompletionsArguments};

/// Prints the script for the shell.
///
/// # Errors
/// When standard output cannot be written; a closed pipe is no error.
pub fn run(arguments: &CompletionsArguments) -> Result<()> {
    let mut script = Vec::new();
    // To memory first: the library panics where it cannot write.
    clap_complete::generate(arguments.shell, &mut Cli::command(), "flaglake", &mut script);
    print(&String::from_utf8_lossy(&script))
}
