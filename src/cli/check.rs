//! The arguments of `flaglake check`.

use clap::Args;
use clap::builder::EnumValueParser;

use super::connection::Connection;
use super::messages::Format;
use super::values::boolish;
use super::wanted::WantedResources;
use crate::terminal::values::Trimmed;

/// `flaglake check`
#[derive(Args, Clone, Debug)]
pub struct CheckArguments {
    /// Which account, and how to treat it
    #[command(flatten)]
    pub connection: Connection,
    /// Which resources
    #[command(flatten)]
    pub wanted: WantedResources,
    /// Only print the inline policy (JSON) that a token needs; no request is sent
    #[arg(long, env = "FLAGLAKE_PRINT_POLICY", value_parser = boolish())]
    pub print_policy: bool,
    /// Also check what the token may write, as far as that can be told without writing
    #[arg(long, env = "FLAGLAKE_WRITES", value_parser = boolish())]
    pub writes: bool,
    /// How to write the outcome
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
}
