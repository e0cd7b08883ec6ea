//! `[[account]]`: accounts that `flaglake extract` reads one after the other, and of which other
//! commands work with one.

use std::collections::BTreeSet;
use std::path::Path;

use toml::{Table, Value};

use super::defaults::{Defaults, Section};
use super::{check_names, substituted, wrong};
use crate::Result;
use crate::terminal::suggest;

/// An account of the file.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Account {
    /// Its name in the file; empty where the file has no accounts.
    pub name: String,
    /// Its options.
    pub defaults: Defaults,
    /// The options that it does not share with others.
    pub own: BTreeSet<String>,
}

/// Options of the run as a whole.
const OF_RUN: [&str; 2] = ["format", "metrics_file"];

/// Options of which one replaces the other.
const INSTEAD: [[&str; 2]; 8] = [
    ["instance", "base_uri"],
    ["instance", "demo"],
    ["instance", "events_uri"],
    ["base_uri", "demo"],
    ["base_uri", "events_uri"],
    ["demo", "events_uri"],
    ["access_token_variable", "access_token_file"],
    ["access_token_file", "access_token_variable"],
];

/// Options that say which account is meant.
const IDENTITY: [&str; 5] =
    ["access_token_file", "access_token_variable", "base_uri", "demo", "instance"];

/// An account as the file has it.
struct Entry<'f> {
    name: String,
    table: &'f Table,
}

/// Reads the accounts of a file that have these names; without any, all. Options that one does not
/// have are those of `shared`. Variables of the others need not be set.
///
/// # Errors
/// `usage` where a key is unknown, a value is wrong, a name is missing or used twice, or none has
/// such a name.
pub(in crate::cli) fn accounts(
    path: &Path,
    file: &Table,
    shared: &Defaults,
    names: &[String],
) -> Result<Vec<Account>> {
    let all = entries(path, file)?;
    let wanted = selected(path, &all, names)?;
    let sections = [Section::Connection, Section::Extract];
    wanted.into_iter().map(|entry| account(path, entry, shared, &sections)).collect()
}

/// The account that a command with the keys of these `sections` works with: the one of this name;
/// without a name, the only one of the file. Where the file has no accounts, its options are
/// `shared`.
///
/// # Errors
/// `usage` where there is no such account, several, or `[connection]` may mean another one.
pub(in crate::cli) fn chosen(
    path: &Path,
    file: &Table,
    shared: Defaults,
    names: &[String],
    sections: &[Section],
) -> Result<Account> {
    let all = entries(path, file)?;
    let reason = match selected(path, &all, names)?.as_slice() {
        [] => return Ok(Account { defaults: shared, ..Account::default() }),
        [_] if names.is_empty() && IDENTITY.iter().any(|key| shared.has(key)) => {
            "it has an account beside that of `[connection]`"
        }
        [one] => return account(path, one, &shared, sections),
        _ => "this command works with one account, and not with several",
    };
    let known: Vec<_> = all.iter().map(|one| format!("`{}`", one.name)).collect();
    Err(wrong(path, reason).hint(format!("choose one with `--account`: {}", known.join(", "))))
}

/// The names of all accounts. Also checks their keys, for commands that use none of them.
///
/// # Errors
/// As for [`accounts`].
pub(in crate::cli) fn account_names(path: &Path, file: &Table) -> Result<Vec<String>> {
    Ok(entries(path, file)?.into_iter().map(|entry| entry.name).collect())
}

/// All accounts of the file, with their keys checked.
fn entries<'f>(path: &Path, file: &'f Table) -> Result<Vec<Entry<'f>>> {
    let tables = match file.get("account") {
        None => return Ok(Vec::new()),
        Some(Value::Array(tables)) => tables,
        Some(_) => return Err(wrong(path, "`account` is not `[[account]]`")),
    };
    let entries = tables.iter().map(|one| entry(path, one)).collect::<Result<Vec<_>>>()?;
    for (index, one) in entries.iter().enumerate() {
        if entries.iter().take(index).any(|earlier| earlier.name == one.name) {
            return Err(wrong(path, format!("two accounts have the name `{}`", one.name))
                .hint("give one of them another `name`"));
        }
    }
    Ok(entries)
}

fn entry<'f>(path: &Path, table: &'f Value) -> Result<Entry<'f>> {
    let Value::Table(table) = table else {
        return Err(wrong(path, "`account` is not `[[account]]`"));
    };
    let name = table.get("name").map(|name| substituted(name.clone(), path)).transpose()?;
    let name = name.as_ref().and_then(Value::as_str).map(str::trim).unwrap_or_default().to_owned();
    if name.is_empty() {
        let keys: Vec<_> = table.keys().map(|key| format!("`{key}`")).collect();
        let hint = format!("it has: {}", keys.join(", "));
        return Err(wrong(path, "each `[[account]]` needs a `name`").hint(hint));
    }
    if name.contains(',') {
        return Err(wrong(path, format!("the name of the account `{name}` has a comma")));
    }
    check_keys(path, &name, table)?;
    Ok(Entry { name, table })
}

fn check_keys(path: &Path, name: &str, table: &Table) -> Result<()> {
    if let Some(key) = OF_RUN.into_iter().find(|key| table.contains_key(*key)) {
        return Err(wrong(path, format!("`{key}` belongs in `[extract]`: it is for all accounts")));
    }
    let keys = [Section::Connection.keys(), Section::Extract.keys()].concat();
    let keys = keys.iter().map(String::as_str).chain(["name"]);
    let keys: Vec<_> = keys.filter(|key| !OF_RUN.contains(key)).collect();
    check_names(path, &format!("the account `{name}`"), table.keys(), &keys)
}

/// An account with the options that commands of these `sections` have.
fn account(
    path: &Path,
    entry: &Entry<'_>,
    shared: &Defaults,
    sections: &[Section],
) -> Result<Account> {
    let mut own = Defaults::default();
    for section in sections {
        let keys = section.keys();
        for (key, value) in entry.table.iter().filter(|(key, _)| keys.contains(key)) {
            own.set(path, section.command(), key, &substituted(value.clone(), path)?)?;
        }
        own.check(path, section.command())?;
    }
    let mut shared = shared.clone();
    for [key, other] in INSTEAD {
        if own.has(key) && !own.has(other) {
            shared.remove(other);
        }
    }
    Ok(Account { name: entry.name.clone(), own: own.names(), defaults: shared.and(own) })
}

/// The accounts with these names; without any, all.
///
/// # Errors
/// `usage` where there is no such account.
fn selected<'e, 'f>(
    path: &Path,
    all: &'e [Entry<'f>],
    names: &[String],
) -> Result<Vec<&'e Entry<'f>>> {
    if let Some(unknown) = names.iter().find(|name| !all.iter().any(|one| one.name == **name)) {
        return Err(wrong(path, format!("it has no account `{unknown}`"))
            .hint(suggest::hint(unknown, all.iter().map(|one| one.name.as_str()))));
    }
    let is_selected = |one: &&Entry<'_>| names.is_empty() || names.contains(&one.name);
    Ok(all.iter().filter(is_selected).collect())
}
