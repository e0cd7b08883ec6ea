//! The arguments of `flaglake projects`.

use clap::{Args, Subcommand};

use super::connection::Connection;
use super::lists::ListOptions;

/// `flaglake projects`
#[derive(Args, Clone, Debug)]
pub struct ProjectsArguments {
    /// What to do
    #[command(subcommand)]
    pub command: ProjectsCommand,
}

/// The commands of `flaglake projects`.
#[derive(Clone, Debug, Subcommand)]
pub enum ProjectsCommand {
    /// List the projects that the token may see
    List(Box<ListOptions>),
}

impl ProjectsCommand {
    /// The connection options.
    pub fn connection_mut(&mut self) -> &mut Connection {
        match self {
            ProjectsCommand::List(one) => &mut one.connection,
        }
    }
}
