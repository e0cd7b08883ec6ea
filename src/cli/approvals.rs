//! The arguments of `flaglake approvals`.

use clap::{Args, Subcommand};

use super::connection::Connection;
use super::lists::{ConsentOptions, ListOptions, ShowOptions};
use super::values::key;

/// `flaglake approvals`
#[derive(Args, Clone, Debug)]
pub struct ApprovalsArguments {
    /// What to do
    #[command(subcommand)]
    pub command: ApprovalsCommand,
}

/// The commands of `flaglake approvals`. None of them approves.
#[derive(Clone, Debug, Subcommand)]
pub enum ApprovalsCommand {
    /// List the approval requests
    List(Box<ApprovalList>),
    /// Show an approval request
    Show(Box<ApprovalShow>),
    /// Make the change of an approved request
    Apply(Box<ApprovalApply>),
    /// Withdraw a request whose change is still to be made
    Withdraw(Box<ApprovalWithdraw>),
}

/// `flaglake approvals list`
#[derive(Args, Clone, Debug)]
pub struct ApprovalList {
    /// Only requests about something in the project with this key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub project: Option<String>,
    /// The account and the form
    #[command(flatten)]
    pub options: ListOptions,
}

/// `flaglake approvals show`
#[derive(Args, Clone, Debug)]
pub struct ApprovalShow {
    /// The request's ID
    #[arg(value_name = "ID", value_parser = key())]
    pub id: String,
    /// The account and the form
    #[command(flatten)]
    pub options: ShowOptions,
}

/// `flaglake approvals apply`
#[derive(Args, Clone, Debug)]
pub struct ApprovalApply {
    /// The request's ID
    #[arg(value_name = "ID", value_parser = key())]
    pub id: String,
    /// The consent
    #[command(flatten)]
    pub consent: ConsentOptions,
    /// The account and the form
    #[command(flatten)]
    pub options: ShowOptions,
}

/// `flaglake approvals withdraw`
#[derive(Args, Clone, Debug)]
pub struct ApprovalWithdraw {
    /// The request's ID
    #[arg(value_name = "ID", value_parser = key())]
    pub id: String,
    /// Consent to the withdrawal. Without it, a terminal is asked
    #[arg(long)]
    pub yes: bool,
    /// The account and the form
    #[command(flatten)]
    pub options: ShowOptions,
}

impl ApprovalsCommand {
    /// The connection options.
    pub fn connection_mut(&mut self) -> &mut Connection {
        match self {
            ApprovalsCommand::List(one) => &mut one.options.connection,
            ApprovalsCommand::Show(one) => &mut one.options.connection,
            ApprovalsCommand::Apply(one) => &mut one.options.connection,
            ApprovalsCommand::Withdraw(one) => &mut one.options.connection,
        }
    }
}
