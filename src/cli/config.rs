//! The arguments of `flaglake config`.

use clap::builder::EnumValueParser;
use clap::{Args, Subcommand};

use super::messages::Format;
use crate::terminal::values::Trimmed;

/// `flaglake config`
#[derive(Args, Clone, Debug)]
pub struct ConfigArguments {
    /// The command to run
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// The commands of `flaglake config`.
#[derive(Clone, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show the value of each option of a command, and where it comes from
    Show(ConfigShow),
}

/// `flaglake config show`
#[derive(Args, Clone, Debug)]
pub struct ConfigShow {
    /// How to write the list
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
    /// The command as you would run it, after `--`, such as `-- report --input lake.db`
    #[arg(value_name = "COMMAND", last = true, default_value = "extract")]
    pub arguments: Vec<String>,
}
