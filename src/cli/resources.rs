//! The arguments of `flaglake resources`.

use clap::Args;
use clap::builder::EnumValueParser;

use super::messages::Format;
use crate::terminal::values::Trimmed;

/// `flaglake resources`
#[derive(Args, Clone, Debug)]
pub struct ResourcesArguments {
    /// How to write the list
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
}
