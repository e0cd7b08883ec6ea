//! The arguments of `flaglake report`.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::EnumValueParser;
use clap::{Args, ValueEnum};

use super::input::InputArguments;
use super::values::{key, parse_age, parse_path};
use crate::terminal::values::Trimmed;

/// `flaglake report`
#[derive(Args, Clone, Debug)]
pub struct ReportArguments {
    /// What to read
    #[command(flatten)]
    pub input: InputArguments,
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
    /// The title of a page, a text or a digest, in place of "Feature flags"
    #[arg(long, value_name = "TEXT", env = "FLAGLAKE_REPORT_TITLE")]
    pub title: Option<String>,
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
