//! The configuration file, such as `flaglake.toml`. Each command uses the sections that concern it.

mod accounts;
mod defaults;
pub(super) mod options;
mod profile;
mod scorecards;
mod variables;

use std::path::Path;

use toml::{Table, Value};

pub(super) use self::accounts::{Account, account_names, accounts, chosen};
pub(super) use self::defaults::{Defaults, Section};
pub(super) use self::scorecards::scorecards;
use self::variables::substituted;
use crate::terminal::suggest;
use crate::{Error, Result};

/// The sections and keys at the top of the file.
const TOP: [&str; 7] = ["account", "connection", "extract", "report", "scorecards", STATE, "sync"];

/// The key of the file that remembers what syncs have sent.
pub(super) const STATE: &str = "state";

/// Reads a file with the keys of a profile. Variables are replaced in the sections and keys that are
/// `used`: those of others need not be set.
///
/// # Errors
/// `usage` if it cannot be read, is not TOML, or has an unknown section.
pub(super) fn read(path: &Path, profile: Option<&str>, used: &[&str]) -> Result<Table> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::usage(format!("could not read `{}`: {error}", path.display())))?;
    let table = text.parse::<Table>().map_err(|error| wrong(path, error.message()))?;
    check_keys(path, "the file", &table)?;
    let mut table = profile::apply(path, table, profile)?;
    for (_, value) in table.iter_mut().filter(|(name, _)| used.contains(&name.as_str())) {
        *value = substituted(value.clone(), path)?;
    }
    Ok(table)
}

/// Sets the file that remembers what was sent, if the configuration file names one.
///
/// # Errors
/// `usage` if it is not a path.
pub(super) fn set_state(path: &Path, file: &Table, defaults: &mut Defaults) -> Result<()> {
    let state = file.get(STATE);
    state.map_or(Ok(()), |state| defaults.set(path, &["sync", "status"], STATE, state))
}

/// Refuses unknown sections, and unknown keys of sections, also where no command of this run uses
/// them: a key that is misspelled is found on the first day. Keys of accounts and syncs are checked
/// by the commands that read them.
fn check_keys(path: &Path, place: &str, table: &Table) -> Result<()> {
    let known: Vec<_> = TOP.into_iter().chain([profile::PROFILE]).collect();
    check_names(path, place, table.keys(), &known)?;
    for section in [Section::Connection, Section::Extract, Section::Report] {
        section.check_keys(path, table)?;
    }
    let Some(Value::Table(profiles)) = table.get(profile::PROFILE) else { return Ok(()) };
    for (name, profile) in profiles {
        if let Value::Table(profile) = profile {
            check_keys(path, &format!("the profile `{name}`"), profile)?;
        }
    }
    Ok(())
}

/// The error of a file whose contents are wrong.
pub(super) fn wrong(path: &Path, reason: impl std::fmt::Display) -> Error {
    Error::usage(format!("`{}`: {reason}", path.display())).resource(path.display().to_string())
}

/// Refuses a name that is not one of `known`.
pub(super) fn check_names<'n>(
    path: &Path,
    place: &str,
    names: impl IntoIterator<Item = &'n String>,
    known: &[&str],
) -> Result<()> {
    match names.into_iter().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(wrong(path, format!("{place} has an unknown key `{name}`"))
            .hint(suggest::hint(name, known.iter().copied()))),
    }
}
