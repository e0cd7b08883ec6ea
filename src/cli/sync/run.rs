//! The arguments of `flaglake sync run`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::EnumValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args};

use super::common::SyncConnection;
use crate::cli::messages::Format;
use crate::cli::values::parse_path;
use crate::sync::place::StatePlace;
use crate::terminal::values::Trimmed;

/// `flaglake sync run`
#[derive(Args, Clone, Debug)]
pub struct RunArguments {
    /// The configuration file, such as flaglake.toml
    #[arg(value_name = "FILE", value_parser = parse_path)]
    pub file: PathBuf,
    /// The syncs to run; without any, all of the file
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Which account. These options override those of the file
    #[command(flatten)]
    pub connection: SyncConnection,
    /// The file that remembers what was sent. It overrides that of the file
    #[arg(long, value_name = "FILE", env = "FLAGLAKE_STATE", value_parser = StatePlace::from_str)]
    pub state: Option<StatePlace>,
    /// Run only those whose last run did not succeed
    #[arg(long)]
    pub failed: bool,
    /// Only show what would be sent
    #[arg(long)]
    pub dry_run: bool,
    /// How to write the summary
    #[arg(long, value_enum, value_parser = Trimmed(EnumValueParser::<Format>::new()), default_value_t, env = "FLAGLAKE_FORMAT")]
    pub format: Format,
    /// The connection options of the command line, as arguments.
    #[arg(skip)]
    pub given: Vec<String>,
    /// The profile of the file.
    #[arg(skip)]
    pub profile: Option<String>,
}

/// Notes which connection options the command line has, since they override those of the file.
pub fn resolve_given(arguments: &mut RunArguments, matches: &ArgMatches) {
    let ours = ["file", "names", "state", "failed", "dry_run", "format"];
    arguments.profile = matches.get_one("profile").cloned();
    // The account is one of this file, whose options are the defaults of the syncs.
    let shared = ["quiet", "verbose", "log_format", "error_format", "account"];
    let is_connection = |id: &&str| !ours.contains(id) && !shared.contains(id);
    let is_given = |id: &&str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let cli = SyncConnection::augment_args(clap::Command::new("connection"));
    let names: Vec<_> = cli.get_arguments().map(|argument| argument.get_id().as_str()).collect();
    for id in names.into_iter().filter(is_connection).filter(is_given) {
        let option = format!("--{}", id.replace('_', "-"));
        // A switch has no raw value of its own.
        let values = matches.get_raw(id).into_iter().flatten();
        let mut texts = values.map(|value| value.to_string_lossy().into_owned());
        match (matches.try_get_one::<bool>(id), texts.next_back()) {
            (Ok(Some(true)), _) => arguments.given.push(option),
            (Ok(Some(false)), _) | (_, None) => {}
            (_, Some(text)) => arguments.given.push(format!("{option}={text}")),
        }
    }
}
