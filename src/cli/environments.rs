//! The arguments of `flaglake environments`.

use clap::{Args, Subcommand};

use super::connection::Connection;
use super::lists::ListOptions;
use super::values::key;

/// `flaglake environments`
#[derive(Args, Clone, Debug)]
pub struct EnvironmentsArguments {
    /// What to do
    #[command(subcommand)]
    pub command: EnvironmentsCommand,
}

/// The commands of `flaglake environments`.
#[derive(Clone, Debug, Subcommand)]
pub enum EnvironmentsCommand {
    /// List the environments of a project
    List(Box<EnvironmentList>),
}

/// `flaglake environments list`
#[derive(Args, Clone, Debug)]
pub struct EnvironmentList {
    /// The project's key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub project: String,
    /// The account and the form
    #[command(flatten)]
    pub options: ListOptions,
}

impl EnvironmentsCommand {
    /// The connection options.
    pub fn connection_mut(&mut self) -> &mut Connection {
        match self {
            EnvironmentsCommand::List(one) => &mut one.options.connection,
        }
    }
}
