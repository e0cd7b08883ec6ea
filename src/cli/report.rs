//! The arguments of `flaglake report`.

use std::path::PathBuf;

use clap::builder::EnumValueParser;
use clap::{Args, ValueEnum};

use super::values::parse_path;
use crate::destinations::address::{Address, parse_input};
use crate::terminal::values::{Trimmed, variable};
use crate::{Error, Result};

/// `flaglake report`
#[derive(Args, Clone, Debug)]
pub struct ReportArguments {
    /// The SQLite database that `flaglake extract` made, as PATH or sqlite:PATH. Without it, that
    /// of FLAGLAKE_OUTPUT where that is SQLite, else launchdarkly.db
    #[arg(short, long, value_name = "PATH", env = "FLAGLAKE_INPUT",
        value_parser = parse_input)]
    pub input: Option<PathBuf>,
    /// Where to write; `-` is standard output. Without it, a page goes to report.html, and all else
    /// to standard output
    #[arg(short, long, value_name = "PATH", env = "FLAGLAKE_REPORT_OUTPUT",
        value_parser = parse_path)]
    pub output: Option<PathBuf>,
    /// The format to write
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<ReportFormat>::new()), default_value_t, env = "FLAGLAKE_REPORT_FORMAT")]
    pub format: ReportFormat,
    /// Exit with status 9 where a scorecard fails, or where one fails or warns; what is unknown
    /// does neither. The report is still written
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<FailOn>::new()), value_name = "STATUS", env = "FLAGLAKE_FAIL_ON")]
    pub fail_on: Option<FailOn>,
}

/// The format that `flaglake report` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// One page that needs nothing else
    #[default]
    Html,
    /// The headline, for a terminal
    Text,
    /// Everything, for programs
    Json,
}

/// The scorecard results that make `flaglake report` fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Those that fail
    Fail,
    /// Those that fail or warn
    Warn,
}

impl ReportArguments {
    /// The database to read. Without `--input`, it is the one that `extract` writes with the same
    /// `FLAGLAKE_OUTPUT`.
    ///
    /// # Errors
    /// `usage` when `FLAGLAKE_OUTPUT` is not a valid output.
    pub fn database(&self) -> Result<PathBuf> {
        let default = || PathBuf::from("launchdarkly.db");
        if let Some(input) = &self.input {
            return Ok(input.clone());
        }
        let output = variable("FLAGLAKE_OUTPUT")
            .map_err(|_| Error::usage("the value of `FLAGLAKE_OUTPUT` is not text"))?;
        let output: Option<Address> = output.map(|output| output.parse()).transpose()?;
        let input = output.as_ref().and_then(|output| output.report_input());
        Ok(input.map_or_else(default, PathBuf::from))
    }
}
