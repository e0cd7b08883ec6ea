//! The configuration file: its path, and what it means for a command line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args};
use toml::Table;

use super::configuration::{
    self, Account, Defaults, STATE, Section, account_names, accounts, chosen, scorecards, set_state,
};
use super::headings::CONFIGURATION;
use super::sync::check_syncs;
use super::values::parse_path;
use crate::model::settings::Scorecards;
use crate::terminal::values::trim;
use crate::{Error, Result};

/// The configuration file.
#[derive(Args, Clone, Debug)]
pub struct FileArguments {
    /// The configuration file, such as flaglake.toml. Variables and arguments override it
    #[arg(long, global = true, value_name = "PATH", env = "FLAGLAKE_CONFIG",
        value_parser = parse_path, help_heading = CONFIGURATION)]
    pub config: Option<PathBuf>,
    /// The profile of the configuration file
    #[arg(long, global = true, value_name = "NAME", env = "FLAGLAKE_PROFILE",
        value_parser = |text: &str| Ok::<_, String>(trim(text).to_owned()), help_heading = CONFIGURATION, hide_short_help = true)]
    pub profile: Option<String>,
}

/// A configuration file that a command uses.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    table: Table,
    defaults: Defaults,
    /// The options of the account that the command works with.
    own: BTreeSet<String>,
}

/// The command line of an account of the file.
#[derive(Debug)]
pub struct OfAccount {
    /// Its name in the file.
    pub name: String,
    /// The command, whose options have the values of the account as their defaults.
    pub command: clap::Command,
    /// The options that the file sets.
    pub options: BTreeSet<String>,
    /// Those of them that it does not share with others.
    pub own: BTreeSet<String>,
}

impl File {
    /// Reads the file that the arguments name, if the command uses one. `names` lead to the
    /// command.
    ///
    /// # Errors
    /// `usage` if it cannot be read, or a section of the command is wrong.
    pub fn find(matches: &ArgMatches, names: &[&str]) -> Result<Option<Self>> {
        let Some(sections) = sections(names) else { return Ok(None) };
        let text = |id| matches.try_get_one::<String>(id).ok().flatten();
        let Some(path) = matches.try_get_one::<PathBuf>("config").ok().flatten() else {
            return if text("profile").is_some() { Err(no_file()) } else { Ok(None) };
        };
        let used =
            [used(names), &sections.iter().map(|one| one.name()).collect::<Vec<_>>()].concat();
        let table = configuration::read(path, text("profile").map(String::as_str), &used)?;
        account_names(path, &table)?;
        check_syncs(path, &table)?;
        let read = |section: &Section| Defaults::of_section(path, &table, *section);
        let defaults = sections.iter().map(read).collect::<Result<Vec<_>>>()?;
        let mut defaults = defaults.into_iter().fold(Defaults::default(), Defaults::and);
        if used.contains(&STATE) {
            set_state(path, &table, &mut defaults)?;
        }
        Ok(Some(File { path: path.clone(), table, defaults, own: BTreeSet::new() }))
    }

    /// Takes the options of the account that a command works with, if it connects to one; `extract`
    /// takes several.
    ///
    /// # Errors
    /// `usage` where an account is wrong, or it is not clear which one is meant.
    pub fn choose(&mut self, names: &[&str], account: &[String]) -> Result<()> {
        let sections = sections(names).unwrap_or_default();
        if names != ["extract"] && sections.contains(&Section::Connection) {
            let shared = std::mem::take(&mut self.defaults);
            let chosen = chosen(&self.path, &self.table, shared, account, sections)?;
            (self.defaults, self.own) = (chosen.defaults, chosen.own);
        }
        Ok(())
    }

    /// The options that the account that the command works with does not share with others.
    pub fn own(&self) -> &BTreeSet<String> {
        &self.own
    }

    /// `command`, whose options have the values of the file as their defaults.
    pub fn apply(&self, command: clap::Command, names: &[&str]) -> clap::Command {
        self.defaults.apply_to(command, names)
    }

    /// For each of its accounts that are wanted: the name, `command` with its options, and which
    /// ones the file sets.
    ///
    /// # Errors
    /// `usage` where an account is wrong, or none has such a name.
    pub fn accounts(&self, command: &clap::Command, names: &[String]) -> Result<Vec<OfAccount>> {
        let wanted = accounts(&self.path, &self.table, &self.defaults, names)?;
        let of_account = |one: Account| OfAccount {
            command: one.defaults.apply_to(command.clone(), &["extract"]),
            options: one.defaults.names(),
            own: one.own,
            name: one.name,
        };
        Ok(wanted.into_iter().map(of_account).collect())
    }

    /// The thresholds and settings of the file, if it has any.
    ///
    /// # Errors
    /// `usage` where the section is wrong.
    pub fn scorecards(&self) -> Result<Option<Scorecards>> {
        scorecards(&self.path, &self.table)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The options that the file sets.
    pub fn options(&self) -> BTreeSet<String> {
        self.defaults.names()
    }
}

/// The sections whose keys are options of a command; `None` where it uses no file. `sync run` reads
/// its file itself.
fn sections(names: &[&str]) -> Option<&'static [Section]> {
    match names {
        ["extract" | "check" | "doctor"] => Some(&[Section::Connection, Section::Extract]),
        ["report"] => Some(&[Section::Report]),
        ["sync", "run"] => None,
        // They only read the state file.
        ["sync", "status" | "log" | "forget"] => Some(&[]),
        [
            "sync" | "projects" | "environments" | "flags" | "approvals" | "audit-log" | "segments"
            | "metrics" | "members",
            ..,
        ] => Some(&[Section::Connection]),
        _ => None,
    }
}

/// What else of the file a command uses.
fn used(names: &[&str]) -> &'static [&'static str] {
    match names {
        ["extract"] => &["scorecards"],
        ["sync", ..] => &[STATE],
        _ => &[],
    }
}

fn no_file() -> Error {
    Error::usage("`--profile` is of a configuration file").hint("name the file with `--config`")
}
