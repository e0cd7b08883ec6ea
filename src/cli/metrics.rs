//! The arguments of `flaglake metrics`.

use clap::{Args, Subcommand};

use super::connection::Connection;
use super::lists::ListOptions;
use super::values::key;

/// `flaglake metrics`
#[derive(Args, Clone, Debug)]
pub struct MetricsListArguments {
    /// What to do
    #[command(subcommand)]
    pub command: MetricsCommand,
}

/// The commands of `flaglake metrics`.
#[derive(Clone, Debug, Subcommand)]
pub enum MetricsCommand {
    /// List the metrics of a project
    List(Box<MetricList>),
}

/// `flaglake metrics list`
#[derive(Args, Clone, Debug)]
pub struct MetricList {
    /// The project's key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub project: String,
    /// Only metrics with this text in their key, event key, name or description
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// The account and the form
    #[command(flatten)]
    pub options: ListOptions,
}

impl MetricsCommand {
    /// The connection options.
    pub fn connection_mut(&mut self) -> &mut Connection {
        match self {
            MetricsCommand::List(one) => &mut one.options.connection,
        }
    }
}
