//! The command line: the only place where strings become options.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{BoolishValueParser, EnumValueParser, StringValueParser};
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, Parser, Subcommand, ValueEnum};
use url::Url;

use crate::destinations::Retention;
use crate::destinations::address::{Address, parse_input};
use crate::error::redact;
use crate::guard::MaxRemovals;
use crate::launchdarkly::ClientOptions;
use crate::launchdarkly::client::Timeouts;
use crate::launchdarkly::instance::{Instance, parse_base_uri};
use crate::launchdarkly::retry::RetryPolicy;
use crate::model::privacy::Mode;
use crate::model::resource::{AnyResource, Group};
use crate::resources::selection::{FlagStatusMode, Selection};
use crate::terminal::values::{List, Trimmed, trim_path, variable};
use crate::{Error, Result, resources};

/// LaunchDarkly data in SQL: complete, consistent and true, or nothing is published.
#[derive(Debug, Parser)]
#[command(name = "flaglake", version, max_term_width = 100)]
pub struct Cli {
    /// How to speak to people and programs
    #[command(flatten)]
    pub messages: Messages,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read the account, and publish it as SQLite or Parquet
    Extract(Box<ExtractArguments>),
    /// Check the connection, the token and its permissions; nothing is written
    Check(CheckArguments),
    /// List the resources: endpoint, permission, plan, and how many requests each takes
    Resources(ResourcesArguments),
    /// Print the tables: as a data dictionary, DDL, Arrow schemas or dbt sources
    Schema(SchemaArguments),
    /// Write what the database says as a page, a text or JSON
    Report(ReportArguments),
}

/// How to speak to people and programs.
#[derive(Args, Clone, Debug)]
pub struct Messages {
    /// Show errors only
    #[arg(short, long, global = true, env = "FLAGLAKE_QUIET", value_parser = boolish())]
    pub quiet: bool,
    /// Log more: requests, then (-vv) everything
    #[arg(short, long, global = true, action = ArgAction::Count, env = "FLAGLAKE_VERBOSE",
        value_parser = Trimmed(clap::value_parser!(u8)))]
    pub verbose: u8,
    /// How to write the log, on standard error
    #[arg(long, global = true, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_LOG_FORMAT")]
    pub log_format: Format,
    /// How to write an error: `json` makes the last line on standard error one object
    #[arg(long, global = true, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_ERROR_FORMAT")]
    pub error_format: Format,
}

/// For people, or for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Which account, and how to treat it.
#[derive(Args, Clone, Debug)]
pub struct Connection {
    /// Use the built-in demo account; no access token is needed
    #[arg(long, env = "FLAGLAKE_DEMO", value_parser = boolish())]
    pub demo: bool,
    /// The LaunchDarkly instance
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Instance>::new()), default_value_t, env = "FLAGLAKE_INSTANCE")]
    pub instance: Instance,
    /// Another address of the API, such as that of a proxy
    #[arg(long, value_name = "URL", env = "LD_BASE_URI", hide_env_values = true,
        value_parser = Trimmed(StringValueParser::new()))]
    pub base_uri: Option<String>,
    /// Read the access token from a file; `-` is standard input. Without it, the token comes
    /// from LAUNCHDARKLY_ACCESS_TOKEN or LD_ACCESS_TOKEN
    #[arg(long, value_name = "PATH", env = "FLAGLAKE_ACCESS_TOKEN_FILE",
        value_parser = parse_path)]
    pub access_token_file: Option<PathBuf>,
    /// Most requests at once
    #[arg(long, value_name = "N", default_value_t = 8, env = "FLAGLAKE_CONCURRENCY",
        value_parser = Trimmed(clap::value_parser!(u16).range(1..=256)))]
    pub concurrency: u16,
    /// Percent of what is left of each rate-limit window to use; the rest is for others
    #[arg(long, value_name = "PERCENT", default_value_t = 50, env = "FLAGLAKE_RATE_LIMIT_SHARE",
        value_parser = Trimmed(clap::value_parser!(u8).range(1..=100)))]
    pub rate_limit_share: u8,
    /// Longest time for one request, waits included, such as 90s or 15m
    #[arg(long, value_name = "TIME", default_value = "15m", env = "FLAGLAKE_MAX_WAIT",
        value_parser = Trimmed(parse_time))]
    pub max_wait: Duration,
    /// Retries of one request that fails for other reasons than rate limits
    #[arg(long, value_name = "N", default_value_t = 10, env = "FLAGLAKE_RETRIES",
        value_parser = Trimmed(usize::from_str))]
    pub retries: usize,
    /// Longest time to connect
    #[arg(long, value_name = "TIME", default_value = "10s", env = "FLAGLAKE_CONNECT_TIMEOUT",
        value_parser = Trimmed(parse_timeout))]
    pub connect_timeout: Duration,
    /// Longest time for the first byte of an answer, and between bytes
    #[arg(long, value_name = "TIME", default_value = "60s", env = "FLAGLAKE_READ_TIMEOUT",
        value_parser = Trimmed(parse_timeout))]
    pub read_timeout: Duration,
    /// Longest time for one attempt at a request
    #[arg(long, value_name = "TIME", default_value = "10m", env = "FLAGLAKE_REQUEST_TIMEOUT",
        value_parser = Trimmed(parse_timeout))]
    pub request_timeout: Duration,
    /// Largest answer, in megabytes, decompressed
    #[arg(long, value_name = "N", default_value_t = 256, env = "FLAGLAKE_MAX_RESPONSE_MB",
        value_parser = Trimmed(clap::value_parser!(u32).range(1..)))]
    pub max_response_mb: u32,
}

/// Some resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of a group.
    Group(Group),
    /// One, by its name.
    Resource(&'static str),
}

/// Which resources, and what to do without one.
#[derive(Args, Clone, Debug)]
pub struct WantedResources {
    /// What to read: core, default or all, or names of resources (`flaglake resources` lists them);
    /// may be repeated, or a list with commas
    #[arg(long, value_name = "NAME", env = "FLAGLAKE_RESOURCES",
        default_value = "default", value_parser = |text: &str| List::parse(text, parse_wanted))]
    pub resources: Vec<List<Wanted>>,
    /// Leave a resource out of those; may be repeated, or a list with commas
    #[arg(long, value_name = "RESOURCE", env = "FLAGLAKE_SKIP",
        value_parser = |text: &str| List::parse(text, parse_resource))]
    pub skip: Vec<List<&'static str>>,
    /// End the run where a resource is refused that it could do without
    #[arg(long, env = "FLAGLAKE_STRICT", value_parser = boolish())]
    pub strict: bool,
}

/// `flaglake extract`
#[derive(Args, Clone, Debug)]
pub struct ExtractArguments {
    /// Which account, and how to treat it
    #[command(flatten)]
    pub connection: Connection,
    /// Where to write: sqlite:PATH, parquet:FOLDER, parquet:s3://bucket/prefix (gs://, az://)
    #[arg(short, long, default_value = "sqlite:launchdarkly.db", env = "FLAGLAKE_OUTPUT",
        value_parser = parse_output)]
    pub output: Address,
    /// Read this project only; may be repeated, or a list with commas
    #[arg(long, value_name = "KEY", env = "FLAGLAKE_PROJECT",
        value_parser = |text: &str| List::parse(text, parse_key))]
    pub project: Vec<List<String>>,
    /// Which resources
    #[command(flatten)]
    pub wanted: WantedResources,
    /// One request an environment for its flag statuses, or one a flag
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<FlagStatusMode>::new()), default_value_t, env = "FLAGLAKE_FLAG_STATUS")]
    pub flag_status: FlagStatusMode,
    /// Keep the keys of individually targeted contexts, which identify end users
    #[arg(long, env = "FLAGLAKE_TARGET_VALUES", value_parser = boolish())]
    pub target_values: bool,
    /// Publish even where LaunchDarkly reports more rows than it gives
    #[arg(long, env = "FLAGLAKE_ALLOW_UNVERIFIED", value_parser = boolish())]
    pub allow_unverified: bool,
    /// How much may be missing, of what was published before, without a deletion in the audit log: a
    /// number, or a share such as 5%, of projects, environments, flags and teams each. Beyond it,
    /// the run ends with status 12. Without it: 3, or 20% where that is more
    #[arg(long, value_name = "LIMIT", env = "FLAGLAKE_MAX_REMOVALS")]
    pub max_removals: Option<MaxRemovals>,
    /// Exit with status 14 where a resource is refused that could be read before. The data is still
    /// published
    #[arg(long, value_enum, value_name = "EVENT", env = "FLAGLAKE_EXTRACT_FAIL_ON")]
    pub fail_on: Option<ExtractFailOn>,
    /// Start over, though the last run stopped before it was done
    #[arg(long, env = "FLAGLAKE_NO_RESUME", value_parser = boolish())]
    pub no_resume: bool,
    /// Go on where the last run stopped, which is the default; beats the variable
    #[arg(long)]
    pub resume: bool,
    /// How old a run may be to be gone on with, from its start
    #[arg(long, value_name = "TIME", default_value = "6h", env = "FLAGLAKE_RESUME_WITHIN",
        value_parser = Trimmed(parse_time))]
    pub resume_within: Duration,
    /// Wait while another run writes to the same output
    #[arg(long, env = "FLAGLAKE_WAIT", value_parser = boolish())]
    pub wait: bool,
    /// How long to wait for another program that is writing to the database
    #[arg(long, value_name = "TIME", default_value = "30s", env = "FLAGLAKE_BUSY_TIMEOUT",
        value_parser = Trimmed(parse_time))]
    pub busy_timeout: Duration,
    /// How far back to read the audit log the first time; later, only what is new is read
    #[arg(long, value_name = "TIME", default_value = "90d", env = "FLAGLAKE_AUDIT_LOG_SINCE",
        value_parser = Trimmed(parse_age))]
    pub audit_log_since: Duration,
    /// How far back of the newest known entry to read the audit log again: an entry may appear late
    #[arg(long, value_name = "TIME", default_value = "1h", env = "FLAGLAKE_AUDIT_LOG_LOOKBACK",
        value_parser = parse_age)]
    pub audit_log_lookback: Duration,
    /// What becomes of the names and addresses of people
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Mode>::new()), default_value_t, env = "FLAGLAKE_PERSONAL_DATA")]
    pub personal_data: Mode,
    /// Read the key for hashing them from a file. Without it, the key comes from
    /// FLAGLAKE_PERSONAL_DATA_KEY
    #[arg(long, value_name = "PATH", env = "FLAGLAKE_PERSONAL_DATA_KEY_FILE",
        value_parser = parse_path)]
    pub personal_data_key_file: Option<PathBuf>,
    /// Forget versions of rows (`<table>_history`) that ended longer ago, such as 365d; without it,
    /// all are kept. For SQLite
    #[arg(long, value_name = "TIME", env = "FLAGLAKE_HISTORY_RETENTION", value_parser = Trimmed(parse_age))]
    pub history_retention: Option<Duration>,
    /// Keep the account's newest extractions only, this many, and remove older ones after
    /// publishing: with them goes what only they hold, such as older entries of the audit log.
    /// Without it, all are kept. For Parquet
    #[arg(long, value_name = "N", env = "FLAGLAKE_KEEP_EXTRACTIONS",
        value_parser = Trimmed(clap::value_parser!(u32).range(1..)))]
    pub keep_extractions: Option<u32>,
    /// Only print how many requests an extraction would take
    #[arg(long, env = "FLAGLAKE_PLAN", value_parser = boolish())]
    pub plan: bool,
}

/// What makes `flaglake extract` fail although it has published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExtractFailOn {
    /// A resource is refused that could be read before
    Degraded,
}

/// `flaglake check`
#[derive(Args, Clone, Debug)]
pub struct CheckArguments {
    /// Which account, and how to treat it
    #[command(flatten)]
    pub connection: Connection,
    /// Which resources
    #[command(flatten)]
    pub wanted: WantedResources,
    /// Only print the inline policy (JSON) that grants a token what is needed; nothing is sent
    #[arg(long, env = "FLAGLAKE_PRINT_POLICY", value_parser = boolish())]
    pub print_policy: bool,
    /// How to write the outcome
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
}

/// `flaglake resources`
#[derive(Args, Clone, Debug)]
pub struct ResourcesArguments {
    /// How to write the list
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
}

/// `flaglake schema`
#[derive(Args, Clone, Debug)]
pub struct SchemaArguments {
    /// What to print
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<SchemaFormat>::new()), default_value_t, env = "FLAGLAKE_SCHEMA_FORMAT")]
    pub format: SchemaFormat,
}

/// What `flaglake schema` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SchemaFormat {
    /// The data dictionary
    #[default]
    Markdown,
    /// How the tables hang together: diagrams for Mermaid
    Mermaid,
    /// SQLite DDL, with the views
    Sql,
    /// Arrow schemas, which are those of the Parquet files, as JSON
    Arrow,
    /// dbt sources, with tests
    Dbt,
    /// Metadata for Datasette: descriptions, and queries that use the views
    Datasette,
    /// A dashboard for Grafana's SQLite data source
    Grafana,
}

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
    /// What to write
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<ReportFormat>::new()), default_value_t, env = "FLAGLAKE_REPORT_FORMAT")]
    pub format: ReportFormat,
    /// Exit with status 9 where a scorecard fails, or where one fails or warns; what is unknown
    /// does neither. The report is still written
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<FailOn>::new()), value_name = "STATUS", env = "FLAGLAKE_FAIL_ON")]
    pub fail_on: Option<FailOn>,
}

/// What `flaglake report` writes.
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

/// Which scorecards make `flaglake report` fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Those that fail
    Fail,
    /// Those that fail or warn
    Warn,
}

impl Connection {
    /// Where the API is: an argument beats a variable, and `--base-uri` beats `--instance`.
    ///
    /// # Errors
    /// `usage` when the instance's address is no URL.
    pub fn address(&self) -> Result<Url> {
        // Not parsed by clap, whose errors show the value: it might hold a password.
        parse_base_uri(self.base_uri.as_deref().unwrap_or(self.instance.base_uri()))
    }

    /// The client's options for the API at `base_uri`.
    pub fn client_options(&self, base_uri: Url) -> ClientOptions {
        ClientOptions {
            base_uri,
            concurrency: usize::from(self.concurrency),
            rate_limit_share: self.rate_limit_share,
            retry: RetryPolicy { retries: self.retries, max_wait: self.max_wait },
            timeouts: Timeouts {
                connect: self.connect_timeout,
                read: self.read_timeout,
                request: self.request_timeout,
            },
            largest_response: u64::from(self.max_response_mb) * 1_000_000,
        }
    }
}

impl ExtractArguments {
    /// What is to be read.
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
    /// What of earlier runs is to be forgotten.
    ///
    /// # Errors
    /// `usage` when the output does not keep that.
    pub fn retention(&self) -> Result<Retention> {
        let capabilities = self.output.capabilities();
        if !capabilities.keeps_extractions && self.keep_extractions.is_some() {
            return Err(Error::usage("`--keep-extractions` is for Parquet")
                .hint("a SQLite database keeps versions of rows: use `--history-retention`"));
        }
        if !capabilities.keeps_history && self.history_retention.is_some() {
            return Err(Error::usage("`--history-retention` is for SQLite")
                .hint("in Parquet, the extractions are the history: use `--keep-extractions`"));
        }
        let extractions = self.keep_extractions.and_then(|count| usize::try_from(count).ok());
        Ok(Retention { history: self.history_retention, extractions })
    }
}

impl WantedResources {
    /// The names of the resources to read: a resource takes along what it needs, and one that is
    /// left out what needs it.
    pub fn resources(&self) -> BTreeSet<&'static str> {
        let wanted = self.resources.iter().flat_map(|list| &list.0);
        let names = wanted.flat_map(|wanted| match wanted {
            Wanted::Group(group) => resources::group(*group),
            Wanted::Resource(name) => BTreeSet::from([*name]),
        });
        let skip: Vec<_> = self.skip.iter().flat_map(|list| list.0.iter().copied()).collect();
        resources::without(resources::with_needs(names), &skip)
    }
}

/// An instance that was named beats an address from the environment.
pub fn settle_address(connection: &mut Connection, matches: &ArgMatches) {
    let source = |name| matches.value_source(name);
    if source("instance") == Some(ValueSource::CommandLine)
        && source("base_uri") == Some(ValueSource::EnvVariable)
    {
        connection.base_uri = None;
    }
}

/// An argument beats a variable, and the last of two arguments the first.
pub fn settle_resume(arguments: &mut ExtractArguments, matches: &ArgMatches) {
    let on_line = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
    let place = |name| on_line(name).then(|| matches.index_of(name)).flatten();
    if place("resume") > place("no_resume") {
        arguments.no_resume = false;
    }
}

/// clap shows an error's message only, so the forms go with it.
fn parse_output(text: &str) -> Result<Address, String> {
    text.parse().map_err(|error: Error| {
        let forms = error.advice().map(|forms| format!(": {forms}"));
        format!("{error}{}", forms.unwrap_or_default())
    })
}

/// `true` and `false`, or any of their like.
fn boolish() -> Trimmed<BoolishValueParser> {
    Trimmed(BoolishValueParser::new())
}

fn parse_path(text: &str) -> Result<PathBuf, String> {
    let path = trim_path(text);
    match path {
        "" => Err("it is empty".to_owned()),
        _ if path.starts_with("//") || path.contains("://") => {
            Err("it is an address, not a path".to_owned())
        }
        path => Ok(path.into()),
    }
}

fn parse_key(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

impl ReportArguments {
    /// The database to read: where none is named, the one that `extract` would write, given the
    /// same `FLAGLAKE_OUTPUT`.
    ///
    /// # Errors
    /// `usage` when that is no output.
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

fn parse_time(text: &str) -> Result<Duration, String> {
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    if let Some(days) = days {
        return Ok(Duration::from_secs(u64::from(days) * 86_400));
    }
    let span: Result<jiff::SignedDuration, _> = text.parse();
    let seconds = text.parse().ok().map(Duration::from_secs);
    let span = span.ok().and_then(|span| Duration::try_from(span).ok());
    span.or(seconds).ok_or_else(|| "expected a time such as 90s, 15m, 6h or 90d".to_owned())
}

/// Who writes a number without a unit means days here, but seconds elsewhere.
fn parse_age(text: &str) -> Result<Duration, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("expected a time with its unit, such as 12h or 90d".to_owned());
    }
    parse_time(text)
}

fn parse_timeout(text: &str) -> Result<Duration, String> {
    let time = parse_time(text)?;
    (!time.is_zero()).then_some(time).ok_or_else(|| "nothing can be done in no time".to_owned())
}

fn parse_resource(text: &str) -> Result<&'static str> {
    match resources::find(text).map(AnyResource::name) {
        Some(name) if resources::is_optional(name) => Ok(name),
        Some(name) => Err(Error::usage(format!("everything else needs it: `{name}`"))),
        None => Err(unknown_resource(text)),
    }
}

fn parse_wanted(text: &str) -> Result<Wanted> {
    if let Some(group) = Group::ALL.into_iter().find(|group| group.name() == text) {
        return Ok(Wanted::Group(group));
    }
    let found = resources::find(text).map(|resource| Wanted::Resource(resource.name()));
    found.ok_or_else(|| unknown_resource(text))
}

fn unknown_resource(text: &str) -> Error {
    let names = resources::ALL.iter().map(|resource| resource.name());
    let near = names.map(|name| (strsim::normalized_damerau_levenshtein(text, name), name));
    let near =
        near.filter(|(likeness, _)| *likeness > 0.6).max_by(|one, two| one.0.total_cmp(&two.0));
    let guess = near.map(|(_, name)| format!("did you mean `{name}`? ")).unwrap_or_default();
    let text = redact::value(text);
    let message =
        format!("there is no such resource as `{text}`; {guess}`flaglake resources` lists them");
    Error::usage(message)
}
