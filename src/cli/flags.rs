//! The arguments of `flaglake flags`.

use clap::{Args, Subcommand};

use super::connection::Connection;
use super::input::PasswordFile;
use super::lists::{ConsentOptions, ListOptions, ShowOptions};
use super::values::key;
use crate::destinations::address::{Address, parse_input};
use crate::launchdarkly::writes::flags::FlagPlace;

/// `flaglake flags`
#[derive(Args, Clone, Debug)]
pub struct FlagsArguments {
    /// What to do
    #[command(subcommand)]
    pub command: FlagsCommand,
}

/// The commands of `flaglake flags`.
#[derive(Clone, Debug, Subcommand)]
pub enum FlagsCommand {
    /// List the flags of a project that are not archived
    List(Box<FlagList>),
    /// Show everything about a flag
    Show(Box<FlagShow>),
    /// Turn targeting of a flag on in an environment
    On(Box<FlagToggle>),
    /// Turn targeting of a flag off in an environment
    Off(Box<FlagToggle>),
    /// Archive a flag: it serves no variation from then on
    Archive(Box<FlagArchive>),
    /// Restore an archived flag
    Restore(Box<FlagArchive>),
}

/// `flaglake flags list`
#[derive(Args, Clone, Debug)]
pub struct FlagList {
    /// The project's key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub project: String,
    /// Only flags with this text in their key, name or description, as LaunchDarkly searches
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Also show the state of each flag in the environment with this key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub environment: Option<String>,
    /// The account and the form
    #[command(flatten)]
    pub options: ListOptions,
}

/// The flag that a command is about.
#[derive(Args, Clone, Debug)]
pub struct FlagArguments {
    /// The flag's key
    #[arg(value_name = "FLAG", value_parser = key())]
    pub flag: String,
    /// The project's key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub project: String,
}

impl FlagArguments {
    /// The place of the flag.
    pub fn place(&self) -> FlagPlace {
        FlagPlace { project: self.project.clone(), flag: self.flag.clone() }
    }
}

/// `flaglake flags show`
#[derive(Args, Clone, Debug)]
pub struct FlagShow {
    /// Which flag
    #[command(flatten)]
    pub flag: FlagArguments,
    /// Only the environment with this key; may be repeated
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub environment: Vec<String>,
    /// The account and the form
    #[command(flatten)]
    pub options: ShowOptions,
}

/// `flaglake flags on` and `flaglake flags off`
#[derive(Args, Clone, Debug)]
pub struct FlagToggle {
    /// Which flag
    #[command(flatten)]
    pub flag: FlagArguments,
    /// The environment's key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub environment: String,
    /// The consent
    #[command(flatten)]
    pub consent: ConsentOptions,
    /// Ask for LaunchDarkly's approval of the change, in place of making it
    #[arg(long, conflicts_with = "yes")]
    pub request_approval: bool,
    /// The account and the form
    #[command(flatten)]
    pub options: ShowOptions,
}

/// `flaglake flags archive` and `flaglake flags restore`
#[derive(Args, Clone, Debug)]
pub struct FlagArchive {
    /// Which flag
    #[command(flatten)]
    pub flag: FlagArguments,
    /// The consent
    #[command(flatten)]
    pub consent: ConsentOptions,
    /// With `--yes`: archive the flag although it is still in use
    #[arg(long, requires = "yes")]
    pub force: bool,
    /// An output of `flaglake extract`, as for `flaglake report`, whose verdict on the flag counts
    /// too
    #[arg(long, value_name = "INPUT", value_parser = parse_input)]
    pub input: Option<Address>,
    /// Its password
    #[command(flatten)]
    pub password: PasswordFile,
    /// The account and the form
    #[command(flatten)]
    pub options: ShowOptions,
}

impl FlagsCommand {
    /// The connection options.
    pub fn connection_mut(&mut self) -> &mut Connection {
        match self {
            FlagsCommand::List(one) => &mut one.options.connection,
            FlagsCommand::Show(one) => &mut one.options.connection,
            FlagsCommand::On(one) | FlagsCommand::Off(one) => &mut one.options.connection,
            FlagsCommand::Archive(one) | FlagsCommand::Restore(one) => &mut one.options.connection,
        }
    }
}
