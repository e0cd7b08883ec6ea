//! The options that all syncs share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{EnumValueParser, StringValueParser};
use clap::{ArgMatches, Args};
use url::Url;

use crate::cli::connection::{Connection, EVENTS_URI, overridden, resolve_address};
use crate::cli::extract::password_in_argument;
use crate::cli::headings::CONNECTION;
use crate::cli::messages::Format;
use crate::cli::values::{boolish, comment, parse_age, parse_path};
use crate::guard::Limit;
use crate::launchdarkly::instance::{is_loopback, parse_base_uri};
use crate::model::privacy::{Mode, Privacy};
use crate::sync::fields::Mapping;
use crate::sync::options::{Limits, Options};
use crate::sync::place::StatePlace;
use crate::sync::source::{Selected, Source};
use crate::terminal::values::Trimmed;
use crate::{Error, Result};

/// The account to write to.
#[derive(Args, Clone, Debug)]
pub struct SyncConnection {
    /// Which account, and how to treat it
    #[command(flatten)]
    pub connection: Connection,
    /// Another address of the events host. Needed with `--base-uri`, unless that is of this machine
    #[arg(long, value_name = "URL", env = "LD_EVENTS_URI", hide_env_values = true,
        value_parser = Trimmed(StringValueParser::new()), help_heading = CONNECTION, hide_short_help = true)]
    pub events_uri: Option<String>,
}

impl SyncConnection {
    /// Resolves options that depend on where others come from: an address of the events host goes
    /// with that of the API, so a stronger one of the API replaces it.
    pub fn resolve(&mut self, matches: &ArgMatches) {
        resolve_address(&mut self.connection, matches);
        if overridden(matches).contains(&EVENTS_URI) {
            self.events_uri = None;
        }
    }

    /// The address of the events host; `None` where it is not known.
    ///
    /// # Errors
    /// `usage` when the address is not a URL.
    pub fn events_address(&self, base_uri: &Url) -> Result<Option<Url>> {
        if let Some(uri) = &self.events_uri {
            return self.connection.parse(uri).map(Some);
        }
        match &self.connection.base_uri {
            Some(_) => Ok(Some(base_uri.clone()).filter(is_loopback)),
            None => parse_base_uri(self.connection.instance.events_uri(), &[]).map(Some),
        }
    }
}

/// The options that all syncs share.
#[derive(Args, Clone, Debug)]
pub struct CommonArguments {
    /// Where the rows come from: sqlite:FILE, postgres://USER@HOST/DATABASE,
    /// parquet:FILE|FOLDER|s3://…, csv:FILE, jsonl:FILE; `-` is standard input
    #[arg(long, value_name = "SOURCE", value_parser = Source::from_str)]
    pub from: Source,
    /// The query whose rows are read, for a database
    #[arg(long, value_name = "SQL", conflicts_with_all = ["table", "query_file"])]
    pub query: Option<String>,
    /// A file with the query
    #[arg(long, value_name = "PATH", value_parser = parse_path, conflicts_with = "table")]
    pub query_file: Option<PathBuf>,
    /// The table or view that is read, for a database
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,
    /// Read the password of a PostgreSQL source from a file. Without it, the password comes from
    /// PGPASSWORD or the password file (~/.pgpass)
    #[arg(long, value_name = "PATH", value_parser = parse_path)]
    pub postgres_password_file: Option<PathBuf>,
    /// The column of a field, where its name is another; may be repeated
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = parse_pair)]
    pub map: Vec<(String, String)>,
    /// The same value of a field for all rows; may be repeated
    #[arg(long, value_name = "FIELD=VALUE", value_parser = parse_pair)]
    pub set: Vec<(String, String)>,
    /// The file that remembers what was sent: a path, or an object of a bucket such as
    /// s3://bucket/flaglake-sync.db
    #[arg(long, value_name = "FILE", default_value = "flaglake-sync.db", env = "FLAGLAKE_STATE",
        value_parser = StatePlace::from_str)]
    pub state: StatePlace,
    /// Exit with status 12 if the state file is missing
    #[arg(long, env = "FLAGLAKE_REQUIRE_STATE", value_parser = boolish())]
    pub require_state: bool,
    /// The name of the sync. Default: object and target, such as segment:web/production/beta-users
    #[arg(long, value_name = "NAME")]
    pub sync_name: Option<String>,
    /// Only show what would be sent
    #[arg(long)]
    pub dry_run: bool,
    /// Write the plan to a file
    #[arg(long, value_name = "FILE", value_parser = parse_path)]
    pub plan: Option<PathBuf>,
    /// Send the plan in a file, and nothing if it no longer applies
    #[arg(long, value_name = "FILE", value_parser = parse_path, conflicts_with = "plan")]
    pub apply: Option<PathBuf>,
    /// Send everything, whatever the state file says was sent
    #[arg(long)]
    pub full: bool,
    /// Send only the first rows, this many
    #[arg(long, value_name = "N", value_parser = Trimmed(clap::value_parser!(u64).range(1..)))]
    pub limit: Option<u64>,
    /// The most rows of one request
    #[arg(long, value_name = "N", value_parser = Trimmed(clap::value_parser!(u32).range(1..)))]
    pub batch_size: Option<u32>,
    /// A comment for LaunchDarkly's audit log, which takes one for standard segments only
    #[arg(long, value_name = "TEXT", env = "FLAGLAKE_COMMENT")]
    pub comment: Option<String>,
    /// Accept a source that has no rows
    #[arg(long)]
    pub allow_empty: bool,
    /// The number of rows that the source must have
    #[arg(long, value_name = "N", value_parser = Trimmed(u64::from_str))]
    pub expect_rows: Option<u64>,
    /// How many fewer rows than in the last run the source may have: N or P%
    #[arg(long, value_name = "LIMIT")]
    pub max_drop: Option<Limit>,
    /// How many members may be removed: N or P%. Default: 20% or 10 keys, whichever is more, and at
    /// most 2% or 1,000 keys, whichever is more
    #[arg(long, value_name = "LIMIT")]
    pub max_removals: Option<Limit>,
    /// How many rows may be invalid before anything is sent: N or P%
    #[arg(long, value_name = "LIMIT")]
    pub max_rejected: Option<Limit>,
    /// How many rows may be rejected in a run that ends with status 0: N or P%
    #[arg(long, value_name = "LIMIT")]
    pub tolerate_rejected: Option<Limit>,
    /// Write the rows that did not reach LaunchDarkly to a CSV file
    #[arg(long, value_name = "FILE", value_parser = parse_path)]
    pub rejected: Option<PathBuf>,
    /// Remove runs from the state file that are older, such as 90d
    #[arg(long, value_name = "TIME", value_parser = Trimmed(parse_age))]
    pub keep_runs: Option<Duration>,
    /// Wait until LaunchDarkly shows what was sent
    #[arg(long)]
    pub verify: bool,
    /// How the state file keeps the keys of rows: as they are, or as keyed hashes
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Mode>::new()), default_value_t, env = "FLAGLAKE_PERSONAL_DATA")]
    pub personal_data: Mode,
    /// Read the key for hashing them from a file. Without it, the key comes from
    /// FLAGLAKE_PERSONAL_DATA_KEY
    #[arg(long, value_name = "PATH", env = "FLAGLAKE_PERSONAL_DATA_KEY_FILE",
        value_parser = parse_path)]
    pub personal_data_key_file: Option<PathBuf>,
    /// How to write the summary
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
}

/// Checks where the address of a source comes from.
///
/// # Errors
/// `usage` where an argument holds a password.
pub fn check_source(arguments: &CommonArguments) -> Result<()> {
    if arguments.from.has_password() { Err(password_in_argument()) } else { Ok(()) }
}

/// `field=column`
fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("expected FIELD=…".to_owned()),
    }
}

impl CommonArguments {
    /// The options of a sync.
    ///
    /// # Errors
    /// `usage` when they contradict each other.
    pub fn options(&self) -> Result<Options> {
        Ok(Options {
            name: self.sync_name.clone(),
            source: self.source()?,
            selected: self.selected()?,
            mapping: Mapping {
                columns: pairs("--map", &self.map)?,
                constants: pairs("--set", &self.set)?,
            },
            state: self.state.clone(),
            require_state: self.require_state,
            limits: self.limits(),
            batch_size: self.batch_size.and_then(|size| usize::try_from(size).ok()),
            comment: comment(self.comment.as_deref()),
            full: self.full,
            dry_run: self.dry_run,
            rejected: self.rejected.clone(),
            plan: self.plan.clone(),
            apply: self.apply.clone(),
            limit: self.limit,
            keep_runs: self.keep_runs,
            verify: self.verify,
            privacy: self.privacy()?,
        })
    }

    fn source(&self) -> Result<Source> {
        match &self.postgres_password_file {
            None => Ok(self.from.clone()),
            Some(file) => self.from.with_password_file(file),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            allow_empty: self.allow_empty,
            expect_rows: self.expect_rows,
            max_drop: self.max_drop,
            max_removals: self.max_removals,
            max_rejected: self.max_rejected,
            tolerate_rejected: self.tolerate_rejected,
        }
    }

    fn selected(&self) -> Result<Selected> {
        if let Some(path) = &self.query_file {
            let query = std::fs::read_to_string(path).map_err(|error| {
                Error::usage(format!("could not read `{}`: {error}", path.display()))
            })?;
            return Ok(Selected::Query(query));
        }
        let query = self.query.clone().map(Selected::Query);
        let table = self.table.clone().map(Selected::Table);
        Ok(query.or(table).unwrap_or_default())
    }

    fn privacy(&self) -> Result<Privacy> {
        if self.personal_data == Mode::Drop {
            return Err(Error::usage("a sync cannot drop the keys of its rows")
                .hint("`--personal-data hash` keeps keyed hashes of them"));
        }
        Privacy::new(self.personal_data, self.personal_data_key_file.as_deref())
    }
}

fn pairs(option: &str, given: &[(String, String)]) -> Result<BTreeMap<String, String>> {
    let mut pairs = BTreeMap::new();
    for (name, value) in given {
        if pairs.insert(name.clone(), value.clone()).is_some() {
            return Err(Error::usage(format!("`{option}` names the field `{name}` twice")));
        }
    }
    Ok(pairs)
}
