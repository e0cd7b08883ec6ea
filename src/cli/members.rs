//! The arguments of `flaglake members`.

use clap::{Args, Subcommand};

use super::connection::Connection;
use super::lists::ListOptions;

/// `flaglake members`
#[derive(Args, Clone, Debug)]
pub struct MembersArguments {
    /// What to do
    #[command(subcommand)]
    pub command: MembersCommand,
}

/// The commands of `flaglake members`.
#[derive(Clone, Debug, Subcommand)]
pub enum MembersCommand {
    /// List the members of the account
    List(Box<MemberList>),
}

/// `flaglake members list`
#[derive(Args, Clone, Debug)]
pub struct MemberList {
    /// Only members with this text in their name or address
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// The account and the form
    #[command(flatten)]
    pub options: ListOptions,
}

impl MembersCommand {
    /// The connection options.
    pub fn connection_mut(&mut self) -> &mut Connection {
        match self {
            MembersCommand::List(one) => &mut one.options.connection,
        }
    }
}
