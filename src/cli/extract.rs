//! The arguments of `flaglake extract`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::EnumValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, ValueEnum};

use super::connection::Connection;
use super::copy_to::CopyTo;
use super::headings::{EARLIER, FAILING, OUTPUT, PEOPLE, READING, RESULT, RESUMING};
use super::messages::Format;
use super::values::{boolish, parse_age, parse_key, parse_path, parse_time};
use super::wanted::WantedResources;
use crate::destinations::address::Address;
use crate::destinations::contract::Capabilities;
use crate::destinations::{Retention, names_of};
use crate::guard::MaxRemovals;
use crate::model::privacy::Mode;
use crate::model::settings::Scorecards;
use crate::resources::selection::{FlagStatusMode, Selection};
use crate::terminal::values::{List, Trimmed};
use crate::{Error, Result};

/// `flaglake extract`
#[derive(Args, Clone, Debug)]
pub struct ExtractArguments {
    /// Which account, and how to treat it
    #[command(flatten)]
    pub connection: Connection,
    /// Where to write: sqlite:PATH, parquet:FOLDER, parquet:s3://bucket/prefix (gs://, az://),
    /// delta:FOLDER and buckets likewise, postgres://USER@HOST/DATABASE?schema=NAME. May be repeated:
    /// the account is read once for all outputs
    #[arg(short, long, default_value = "sqlite:launchdarkly.db", env = "FLAGLAKE_OUTPUT",
        hide_env_values = true, value_parser = parse_output, help_heading = OUTPUT)]
    pub output: Vec<Address>,
    /// After publishing, write a page as `flaglake report` does
    #[arg(long, value_name = "FILE", env = "FLAGLAKE_REPORT", value_parser = parse_path, help_heading = RESULT)]
    pub report: Option<PathBuf>,
    /// After publishing, replace this file by a copy of the SQLite database that other users can
    /// open read-only; with a mode, such as `/srv/launchdarkly.db,mode=0644`. Without one, a new copy
    /// is private
    #[arg(long, value_name = "FILE", env = "FLAGLAKE_COPY_TO", value_parser = CopyTo::parse, help_heading = RESULT)]
    pub copy_to: Option<CopyTo>,
    /// How to write the summary: `json` prints one object, also where the run fails
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_EXTRACT_FORMAT", help_heading = RESULT)]
    pub format: Format,
    /// Write metrics of the run for Prometheus to this file, which a node exporter's textfile
    /// collector reads. Its name ends in .prom
    #[arg(long, value_name = "FILE", env = "FLAGLAKE_METRICS_FILE", value_parser = parse_metrics, help_heading = RESULT)]
    pub metrics_file: Option<PathBuf>,
    /// Read the password of a PostgreSQL output from a file. Without it, the password comes from
    /// PGPASSWORD or the password file (~/.pgpass)
    #[arg(long, value_name = "PATH", env = "FLAGLAKE_POSTGRES_PASSWORD_FILE",
        value_parser = parse_path, help_heading = OUTPUT, hide_short_help = true)]
    pub postgres_password_file: Option<PathBuf>,
    /// Whether the summary lists every table.
    #[arg(skip)]
    pub is_verbose: bool,
    /// The thresholds and settings of the configuration file.
    #[arg(skip)]
    pub scorecards: Option<Scorecards>,
    /// The configuration file.
    #[arg(skip)]
    pub file: Option<PathBuf>,
    /// The accounts of the configuration file, each with its name.
    #[arg(skip)]
    pub accounts: Vec<(String, ExtractArguments)>,
    /// Read this project only; may be repeated, or a list with commas
    #[arg(long, value_name = "KEY", env = "FLAGLAKE_PROJECT",
        value_parser = |text: &str| List::parse(text, parse_key), help_heading = READING)]
    pub project: Vec<List<String>>,
    /// Which resources
    #[command(flatten)]
    pub wanted: WantedResources,
    /// One request an environment for its flag statuses, or one a flag
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<FlagStatusMode>::new()), default_value_t, env = "FLAGLAKE_FLAG_STATUS", help_heading = READING, hide_short_help = true)]
    pub flag_status: FlagStatusMode,
    /// Keep the keys of individually targeted contexts, which identify end users
    #[arg(long, env = "FLAGLAKE_TARGET_VALUES", value_parser = boolish(), help_heading = READING, hide_short_help = true)]
    pub target_values: bool,
    /// Publish even where LaunchDarkly reports more rows than it gives
    #[arg(long, env = "FLAGLAKE_ALLOW_UNVERIFIED", value_parser = boolish(), help_heading = FAILING, hide_short_help = true)]
    pub allow_unverified: bool,
    /// Largest number, or share such as 5%, of projects, environments, flags and teams (each) that
    /// may be missing without a deletion in the audit log. Above it, the run ends with status 12.
    /// Default: 3 or 20%, whichever is more
    #[arg(long, value_name = "LIMIT", env = "FLAGLAKE_MAX_REMOVALS", help_heading = FAILING, hide_short_help = true)]
    pub max_removals: Option<MaxRemovals>,
    /// Exit with status 14 where a resource is refused that could be read before. The data is still
    /// published
    #[arg(long, value_enum, value_name = "EVENT", env = "FLAGLAKE_EXTRACT_FAIL_ON", help_heading = FAILING, hide_short_help = true)]
    pub fail_on: Option<ExtractFailOn>,
    /// Start from the beginning instead of resuming the last stopped run
    #[arg(long, env = "FLAGLAKE_NO_RESUME", value_parser = boolish(), help_heading = RESUMING, hide_short_help = true)]
    pub no_resume: bool,
    /// Resume the last stopped run (the default); overrides FLAGLAKE_NO_RESUME
    #[arg(long, help_heading = RESUMING, hide_short_help = true)]
    pub resume: bool,
    /// Longest age of a stopped run that is resumed, counted from its start
    #[arg(long, value_name = "TIME", default_value = "6h", env = "FLAGLAKE_RESUME_WITHIN",
        value_parser = Trimmed(parse_time), help_heading = RESUMING, hide_short_help = true)]
    pub resume_within: Duration,
    /// Wait while another run writes to the same output
    #[arg(long, env = "FLAGLAKE_WAIT", value_parser = boolish(), help_heading = RESUMING, hide_short_help = true)]
    pub wait: bool,
    /// How long to wait for another program that is writing to the database
    #[arg(long, value_name = "TIME", default_value = "30s", env = "FLAGLAKE_BUSY_TIMEOUT",
        value_parser = Trimmed(parse_time), help_heading = RESUMING, hide_short_help = true)]
    pub busy_timeout: Duration,
    /// How far back to read the audit log in the first run; later runs read only new entries
    #[arg(long, value_name = "TIME", default_value = "90d", env = "FLAGLAKE_AUDIT_LOG_SINCE",
        value_parser = Trimmed(parse_age), help_heading = READING, hide_short_help = true)]
    pub audit_log_since: Duration,
    /// How far back of the newest known entry to read the audit log again: an entry may appear late
    #[arg(long, value_name = "TIME", default_value = "1h", env = "FLAGLAKE_AUDIT_LOG_LOOKBACK",
        value_parser = parse_age, help_heading = READING, hide_short_help = true)]
    pub audit_log_lookback: Duration,
    /// How names and email addresses of people are stored
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Mode>::new()), default_value_t, env = "FLAGLAKE_PERSONAL_DATA", help_heading = PEOPLE)]
    pub personal_data: Mode,
    /// Read the key for hashing them from a file. Without it, the key comes from
    /// FLAGLAKE_PERSONAL_DATA_KEY
    #[arg(long, value_name = "PATH", env = "FLAGLAKE_PERSONAL_DATA_KEY_FILE",
        value_parser = parse_path, help_heading = PEOPLE, hide_short_help = true)]
    pub personal_data_key_file: Option<PathBuf>,
    /// Forget versions of rows (`<table>_history`) that ended longer ago, such as 365d; without it,
    /// all are kept. For SQLite and PostgreSQL
    #[arg(long, value_name = "TIME", env = "FLAGLAKE_HISTORY_RETENTION", value_parser = Trimmed(parse_age), help_heading = EARLIER)]
    pub history_retention: Option<Duration>,
    /// Keep the account's newest extractions only, this many, and remove older ones after
    /// publishing, together with rows that only they hold, such as older audit log entries.
    /// Without it, all are kept. For Parquet, and for Delta Lake, which keeps audit log entries
    #[arg(long, value_name = "N", env = "FLAGLAKE_KEEP_EXTRACTIONS",
        value_parser = Trimmed(clap::value_parser!(u32).range(1..)), help_heading = EARLIER)]
    pub keep_extractions: Option<u32>,
    /// If the newest extraction, written with this option, holds the same rows, record the run and
    /// copy no rows: its record names that extraction. For Parquet and Delta Lake; SQLite never writes rows that
    /// it has
    #[arg(long, env = "FLAGLAKE_SKIP_UNCHANGED", value_parser = boolish(), help_heading = EARLIER, hide_short_help = true)]
    pub skip_unchanged: bool,
    /// Extract the demo account as it is today only, and not as it was on earlier days
    #[arg(long, env = "FLAGLAKE_NO_DEMO_PAST", value_parser = boolish(), hide = true)]
    pub no_demo_past: bool,
    /// Only print the number of requests that an extraction would send
    #[arg(long, env = "FLAGLAKE_PLAN", value_parser = boolish())]
    pub plan: bool,
}

/// The events that make `flaglake extract` fail although it has published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExtractFailOn {
    /// A resource is refused that could be read before
    Degraded,
}

impl ExtractArguments {
    /// The resources and projects to read.
    pub fn selection(&self) -> Selection {
        Selection {
            projects: self.project.iter().flat_map(|list| list.0.iter().cloned()).collect(),
            resources: self.wanted.resources(),
            flag_status: self.flag_status,
            target_values: self.target_values && self.personal_data != Mode::Drop,
            allow_unverified: self.allow_unverified,
            strict: self.wanted.strict,
            audit_log_since: self.audit_log_since,
            audit_log_lookback: self.audit_log_lookback,
        }
    }
}

impl ExtractArguments {
    /// How long the data of earlier runs is kept in one of the outputs.
    pub fn retention(&self, output: &Address) -> Retention {
        let capabilities = output.capabilities();
        let extractions = self.keep_extractions.and_then(|count| usize::try_from(count).ok());
        Retention {
            history: self.history_retention.filter(|_| capabilities.keeps_history),
            extractions: extractions.filter(|_| capabilities.keeps_extractions),
            skip_unchanged: self.skip_unchanged && capabilities.keeps_extractions,
        }
    }

    /// Checks that each option of [`Self::retention`] is for one of the outputs.
    ///
    /// # Errors
    /// `usage` when one is for none of them.
    pub fn check_retention(&self) -> Result<()> {
        let copies = |name| format!("{name} keeps no copies of earlier extractions");
        let keeps = self.keep_extractions.is_some();
        self.check_for("--keep-extractions", keeps, keeps_extractions, what_is_kept)?;
        self.check_for("--skip-unchanged", self.skip_unchanged, keeps_extractions, |one| {
            copies(one.name)
        })?;
        let history = self.history_retention.is_some();
        self.check_for("--history-retention", history, |one| one.keeps_history, what_is_kept)
    }

    /// Refuses an option that is given and for none of the outputs. `advise` says why of the first.
    fn check_for(
        &self,
        option: &str,
        is_given: bool,
        applies: impl Fn(&Capabilities) -> bool,
        advise: impl Fn(Capabilities) -> String,
    ) -> Result<()> {
        let Some(first) = self.output.first().filter(|_| is_given) else { return Ok(()) };
        if self.output.iter().any(|output| applies(&output.capabilities())) {
            return Ok(());
        }
        let message = format!("`{option}` is for {}", names_of(applies));
        Err(Error::usage(message).hint(advise(first.capabilities())))
    }
}

fn keeps_extractions(capabilities: &Capabilities) -> bool {
    capabilities.keeps_extractions
}

/// A hint: the data of earlier runs that a destination keeps, and its option.
fn what_is_kept(capabilities: Capabilities) -> String {
    let name = capabilities.name;
    if capabilities.keeps_history {
        return format!("{name} keeps versions of rows: use `--history-retention`");
    }
    if capabilities.keeps_extractions {
        return format!("{name} keeps whole extractions: use `--keep-extractions`");
    }
    format!("{name} keeps no data of earlier runs")
}

/// Resolves `--resume` against `--no-resume`. An argument overrides a variable, and the later of
/// two arguments overrides the earlier one.
pub fn resolve_resume(arguments: &mut ExtractArguments, matches: &ArgMatches) {
    let on_line = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
    let place = |name| on_line(name).then(|| matches.index_of(name)).flatten();
    if place("resume") > place("no_resume") {
        arguments.no_resume = false;
    }
}

/// Resolves the links of the outputs' addresses, and reads their password.
///
/// # Errors
/// `usage` where an argument holds a password, or the file of one cannot be used.
pub fn resolve_output(arguments: &mut ExtractArguments, matches: &ArgMatches) -> Result<()> {
    let is_argument = matches.value_source("output") == Some(ValueSource::CommandLine);
    if is_argument && arguments.output.iter().any(|output| output.has_password()) {
        return Err(password_in_argument());
    }
    let outputs: Vec<_> = arguments.output.iter().map(Address::resolved).collect();
    arguments.output = match &arguments.postgres_password_file {
        None => outputs,
        Some(file) => with_password_file(outputs, file)?,
    };
    Ok(())
}

/// The outputs, with the password in `file` for those that take one.
fn with_password_file(outputs: Vec<Address>, file: &Path) -> Result<Vec<Address>> {
    let with = outputs.iter().map(|output| output.with_password_file(file));
    let with = with.collect::<Result<Vec<_>>>()?;
    if with.iter().all(Option::is_none) {
        let name = outputs.first().map_or("", |output| output.capabilities().name);
        return Err(Error::usage("`--postgres-password-file` is for PostgreSQL")
            .hint(format!("{name} takes no password")));
    }
    Ok(outputs.into_iter().zip(with).map(|(output, with)| with.unwrap_or(output)).collect())
}

/// The error of a password in an argument.
pub(in crate::cli) fn password_in_argument() -> Error {
    Error::usage("a password does not belong in an argument, which others can read")
        .hint("set PGPASSWORD, use ~/.pgpass, or pass `--postgres-password-file PATH`")
}

/// Adds the error's hint, the valid forms, to its message: clap shows only the message.
fn parse_output(text: &str) -> Result<Address, String> {
    text.parse().map_err(|error: Error| {
        let forms = error.advice().map(|forms| format!(": {forms}"));
        format!("{error}{}", forms.unwrap_or_default())
    })
}

/// A file of metrics: collectors ignore files with other names.
fn parse_metrics(text: &str) -> Result<PathBuf, String> {
    let path = parse_path(text)?;
    if path.extension().is_some_and(|end| end == "prom") {
        return Ok(path);
    }
    Err("its name does not end in .prom, and would be ignored".to_owned())
}
