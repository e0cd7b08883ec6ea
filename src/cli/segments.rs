//! The arguments of `flaglake segments`.

use clap::{Args, Subcommand};

use super::connection::Connection;
use super::lists::{ListOptions, ShowOptions};
use super::values::key;

/// `flaglake segments`
#[derive(Args, Clone, Debug)]
pub struct SegmentsArguments {
    /// What to do
    #[command(subcommand)]
    pub command: SegmentsCommand,
}

/// The commands of `flaglake segments`.
#[derive(Clone, Debug, Subcommand)]
pub enum SegmentsCommand {
    /// List the segments of an environment
    List(Box<SegmentList>),
    /// Show a segment; its members are only counted
    Show(Box<SegmentShow>),
}

/// `flaglake segments list`
#[derive(Args, Clone, Debug)]
pub struct SegmentList {
    /// The project's key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub project: String,
    /// The environment's key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub environment: String,
    /// Only segments with this text in their key, name or description
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// The account and the form
    #[command(flatten)]
    pub options: ListOptions,
}

/// `flaglake segments show`
#[derive(Args, Clone, Debug)]
pub struct SegmentShow {
    /// The segment's key
    #[arg(value_name = "SEGMENT", value_parser = key())]
    pub segment: String,
    /// The project's key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub project: String,
    /// The environment's key
    #[arg(long, value_name = "KEY", value_parser = key())]
    pub environment: String,
    /// The account and the form
    #[command(flatten)]
    pub options: ShowOptions,
}

impl SegmentsCommand {
    /// The connection options.
    pub fn connection_mut(&mut self) -> &mut Connection {
        match self {
            SegmentsCommand::List(one) => &mut one.options.connection,
            SegmentsCommand::Show(one) => &mut one.options.connection,
        }
    }
}
