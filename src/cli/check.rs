//! The arguments of `flaglake check`.

use clap::Args;
use clap::builder::EnumValueParser;

use super::connection::Connection;
use super::messages::Format;
use super::values::boolish;
use super::wanted::WantedResources;
use crate::error::redact;
use crate::terminal::suggest::closest;
use crate::terminal::values::{List, Trimmed};
use crate::{Error, Result, resources};

/// `flaglake check`
#[derive(Args, Clone, Debug)]
pub struct CheckArguments {
    /// Which account, and how to treat it
    #[command(flatten)]
    pub connection: Connection,
    /// Which resources
    #[command(flatten)]
    pub wanted: WantedResources,
    /// Run just these checks: `connection`, or names of resources (`flaglake resources` lists them);
    /// may be repeated, or a list with commas
    #[arg(long, value_name = "CHECK", env = "FLAGLAKE_ONLY",
        value_parser = |text: &str| List::parse(text, parse_check))]
    pub only: Vec<List<&'static str>>,
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

/// The check of the address and the token. All others have the name of a resource.
pub const CONNECTION: &str = "connection";

fn parse_check(text: &str) -> Result<&'static str> {
    let names = || std::iter::once(CONNECTION).chain(resources::ALL.iter().map(|one| one.name()));
    names().find(|name| *name == text).ok_or_else(|| {
        let guess = closest(text, names()).map(|name| format!("; did you mean `{name}`?"));
        let text = redact::value(text);
        Error::usage(format!("there is no such check as `{text}`{}", guess.unwrap_or_default()))
            .hint("checks are `connection` and the names that `flaglake resources` lists")
    })
}
