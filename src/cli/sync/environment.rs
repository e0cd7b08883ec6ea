//! The environment that a sync writes to.

use std::fmt::{self, Display, Formatter};

use clap::Args;

use crate::cli::values::key;

/// An environment: by its key and its project's, or by its client-side ID.
#[derive(Args, Clone, Debug)]
pub struct EnvironmentArguments {
    /// The project's key
    #[arg(long, value_name = "KEY", value_parser = key(), required_unless_present = "client_side_id")]
    pub project: Option<String>,
    /// The environment's key
    #[arg(long, value_name = "KEY", value_parser = key(), required_unless_present = "client_side_id")]
    pub environment: Option<String>,
    /// The environment's client-side ID, in place of project and environment
    #[arg(long, value_name = "ID", value_parser = key(), conflicts_with_all = ["project", "environment"])]
    pub client_side_id: Option<String>,
}

impl EnvironmentArguments {
    /// The keys of the project and of the environment, where they are given.
    pub fn keys(&self) -> Option<(&str, &str)> {
        self.project.as_deref().zip(self.environment.as_deref())
    }
}

impl Display for EnvironmentArguments {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self.keys() {
            Some((project, environment)) => write!(formatter, "{project}/{environment}"),
            None => formatter.write_str(self.client_side_id.as_deref().unwrap_or_default()),
        }
    }
}
