//! The values of a section, as defaults of the options of these names. Variables and arguments
//! override them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::CommandFactory;
use toml::{Table, Value};

use super::{check_names, options, wrong};
use crate::Result;
use crate::cli::Cli;
use crate::error::redact;

/// A section whose keys are options of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Section {
    /// `[connection]`
    Connection,
    /// `[extract]`
    Extract,
    /// `[report]`
    Report,
}

/// Values of options, by the names of the file.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Defaults(BTreeMap<String, Vec<String>>);

impl Section {
    /// Its name in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Section::Connection => "connection",
            Section::Extract => "extract",
            Section::Report => "report",
        }
    }

    /// A command that has all of its options.
    pub(super) const fn command(self) -> &'static [&'static str] {
        match self {
            Section::Connection => &["sync", "status"],
            Section::Extract => &["extract"],
            Section::Report => &["report"],
        }
    }

    /// Its keys.
    pub fn keys(self) -> Vec<String> {
        let keys = options::names(self.command()).into_iter();
        match self {
            Section::Connection => {
                // `account` is a question, not a setting.
                keys.filter(|key| !["state", "format", "account"].contains(&key.as_str())).collect()
            }
            Section::Extract => {
                let connection = Section::Connection.keys();
                // `plan` and `account` are questions, not settings.
                let is_setting =
                    |key: &String| key != "plan" && key != "account" && !connection.contains(key);
                keys.filter(is_setting).collect()
            }
            Section::Report => keys.collect(),
        }
    }
}

impl Section {
    /// The section of the file, if it has one.
    ///
    /// # Errors
    /// `usage` where a key is unknown.
    pub fn check_keys<'f>(self, path: &Path, file: &'f Table) -> Result<Option<&'f Table>> {
        let name = self.name();
        let table = match file.get(name) {
            None => return Ok(None),
            Some(Value::Table(table)) => table,
            Some(_) => return Err(wrong(path, format!("`{name}` is not a section"))),
        };
        let keys = self.keys();
        let keys: Vec<_> = keys.iter().map(String::as_str).collect();
        check_names(path, &format!("`[{name}]`"), table.keys(), &keys)?;
        Ok(Some(table))
    }
}

impl Defaults {
    /// Reads a section of the file, which may be missing.
    ///
    /// # Errors
    /// `usage` where a key is unknown, or a value is not one of its option.
    pub fn of_section(path: &Path, file: &Table, section: Section) -> Result<Self> {
        let Some(table) = section.check_keys(path, file)? else { return Ok(Defaults::default()) };
        let mut defaults = Defaults::default();
        for (key, value) in table {
            defaults.set(path, section.command(), key, value)?;
        }
        defaults.check(path, section.command())?;
        Ok(defaults)
    }

    /// Sets an option of a command.
    ///
    /// # Errors
    /// `usage` where the option does not take such a value.
    pub fn set(&mut self, path: &Path, command: &[&str], key: &str, value: &Value) -> Result<()> {
        let values = options::values(path, command, key, value)?;
        if values.is_empty() && options::has_default(command, key) {
            return Err(wrong(path, format!("`{key}` is an empty list")));
        }
        self.0.insert(key.to_owned(), values);
        Ok(())
    }

    /// Whether an option is set.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The options that are set.
    pub fn names(&self) -> BTreeSet<String> {
        self.0.keys().cloned().collect()
    }

    /// Removes an option.
    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// These values, and those of `other`, which override them.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// `command` with these values as the defaults of its options. Others are ignored.
    #[must_use]
    pub fn apply(&self, command: clap::Command) -> clap::Command {
        command.mut_args(|argument| {
            let key = argument.get_long().map(|name| name.replace('-', "_"));
            match key.and_then(|key| self.0.get(&key)).map(Vec::as_slice) {
                // An option that takes one value, where that of another command takes several.
                Some([first, _, ..]) if !is_list(&argument) => argument.default_value(first),
                Some(values) => argument.default_values(values),
                None => argument,
            }
        })
    }

    /// `command` with these values for the subcommand that `names` lead to.
    #[must_use]
    pub fn apply_to(&self, command: clap::Command, names: &[&str]) -> clap::Command {
        match names {
            [] => self.apply(command),
            [first, rest @ ..] => command.mut_subcommand(first, |one| self.apply_to(one, rest)),
        }
    }

    /// Checks the values by parsing them alone.
    pub fn check(&self, path: &Path, names: &[&str]) -> Result<()> {
        let command = self.apply_to(without_variables(Cli::command(), names), names);
        let arguments = ["flaglake"].iter().chain(names);
        match command.try_get_matches_from(arguments) {
            Ok(_) => Ok(()),
            Err(error) => Err(refused(path, &error)),
        }
    }
}

fn is_list(argument: &clap::Arg) -> bool {
    matches!(argument.get_action(), clap::ArgAction::Append)
}

/// The error of a value that clap refuses.
fn refused(path: &Path, error: &clap::Error) -> crate::Error {
    let text = error.render().to_string();
    let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    wrong(path, redact::value(first)).hint("keys are options, with `_` in place of `-`")
}

/// `command` whose options do not come from variables.
fn without_variables(command: clap::Command, names: &[&str]) -> clap::Command {
    let command = command.mut_args(|argument| argument.env(None::<&'static str>));
    match names {
        [] => command,
        [first, rest @ ..] => command.mut_subcommand(first, |one| without_variables(one, rest)),
    }
}
