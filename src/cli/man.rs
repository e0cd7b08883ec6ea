//! The arguments of `flaglake man`.

use std::path::PathBuf;

use clap::Args;

/// `flaglake man`
#[derive(Args, Clone, Debug)]
pub struct ManArguments {
    /// The folder for the pages of all commands; without it, the page of `flaglake` is printed
    #[arg(long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
}
