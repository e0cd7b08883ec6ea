//! The arguments of `flaglake report`.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::EnumValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, ValueEnum};

use super::extract::password_in_argument;
use super::values::{key, parse_age, parse_path};
use crate::destinations::address::{Address, parse_input};
use crate::terminal::values::{Trimmed, variable};
use crate::{Error, Result};

/// `flaglake report`
#[derive(Args, Clone, Debug)]
pub struct ReportArguments {
    /// The output of `flaglake extract` to read: PATH or sqlite:PATH, parquet:FOLDER or
    /// delta:FOLDER, or parquet:s3://… (gs:// and az:// likewise). Without it, that of FLAGLAKE_OUTPUT, else
    /// launchdarkly.db
    #[arg(short, long, value_name = "INPUT", env = "FLAGLAKE_INPUT", hide_env_values = true,
        value_parser = parse_input)]
    pub input: Option<Address>,
    /// The ID of the account to report on. Without it, an output of several accounts gives a page
    /// that shows them side by side
    #[arg(long, value_name = "ID", env = "FLAGLAKE_ACCOUNT", value_parser = key())]
    pub account: Option<String>,
    /// Where to write; `-` is standard output. Without it, a page goes to report.html, and all else
    /// to standard output
    #[arg(short, long, value_name = "PATH", env = "FLAGLAKE_REPORT_OUTPUT",
        value_parser = parse_path)]
    pub output: Option<PathBuf>,
    /// The format to write
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<ReportFormat>::new()), default_value_t, env = "FLAGLAKE_REPORT_FORMAT")]
    pub format: ReportFormat,
    /// For `--format markdown`: how far back flags that were created, deprecated or archived are
    /// named
    #[arg(long, value_name = "AGE", default_value = "7d", env = "FLAGLAKE_REPORT_SINCE",
        value_parser = parse_age)]
    pub since: Duration,
    /// For `--format markdown`, `csv` and `issue`: only what this owner can clean up; a member's ID,
    /// a team's key, or a name as the report has it
    #[arg(long, value_name = "OWNER", env = "FLAGLAKE_REPORT_OWNER")]
    pub owner: Option<String>,
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
    /// A digest, for chats and mails
    Markdown,
    /// The work list, for spreadsheets
    Csv,
    /// The work list of one owner as the text of an issue in Markdown, for GitHub or Jira
    Issue,
}

impl ReportFormat {
    /// Its name as an argument.
    pub const fn name(self) -> &'static str {
        match self {
            ReportFormat::Html => "html",
            ReportFormat::Text => "text",
            ReportFormat::Json => "json",
            ReportFormat::Markdown => "markdown",
            ReportFormat::Csv => "csv",
            ReportFormat::Issue => "issue",
        }
    }
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
    /// The output to read. Without `--input`, it is the one that `extract` writes with the same
    /// `FLAGLAKE_OUTPUT`.
    ///
    /// # Errors
    /// `usage` when `FLAGLAKE_OUTPUT` is not a valid output.
    pub fn address(&self) -> Result<Address> {
        input_or_output(self.input.as_ref())
    }
}

/// The output to read: the one that is named, or else that of `FLAGLAKE_OUTPUT`.
///
/// # Errors
/// `usage` when `FLAGLAKE_OUTPUT` is not a valid output.
pub(super) fn input_or_output(input: Option<&Address>) -> Result<Address> {
    if let Some(input) = input {
        return Ok(input.clone());
    }
    let output = variable("FLAGLAKE_OUTPUT")
        .map_err(|_| Error::usage("the value of `FLAGLAKE_OUTPUT` is not text"))?;
    output.as_deref().unwrap_or("launchdarkly.db").parse()
}

/// Checks that no argument holds a password.
///
/// # Errors
/// `usage` where one does.
pub fn check_input(input: Option<&Address>, matches: &ArgMatches) -> Result<()> {
    let is_argument = matches.value_source("input") == Some(ValueSource::CommandLine);
    if is_argument && input.is_some_and(|input| input.has_password()) {
        return Err(password_in_argument());
    }
    Ok(())
}
