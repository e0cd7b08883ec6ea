//! The arguments of `flaglake completions`.

use clap::Args;
use clap_complete::Shell;

/// `flaglake completions`
#[derive(Args, Clone, Debug)]
pub struct CompletionsArguments {
    /// The shell that runs the script
    pub shell: Shell,
}
