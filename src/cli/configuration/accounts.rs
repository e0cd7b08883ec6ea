//! `[[account]]`: accounts that `flaglake extract` reads one after the other.

use std::path::Path;

use toml::{Table, Value};

use super::defaults::{Defaults, Section};
use super::{check_names, wrong};
use crate::Result;
use crate::terminal::suggest;

/// An account of the file.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Account {
    /// Its name in the file.
    pub name: String,
    /// Its options.
    pub defaults: Defaults,
}

/// Options of the run as a whole.
const OF_RUN: [&str; 2] = ["format", "metrics_file"];

/// Options of which one replaces the other.
const INSTEAD: [[&str; 2]; 5] = [
    ["instance", "base_uri"],
    ["instance", "demo"],
    ["base_uri", "demo"],
    ["access_token_variable", "access_token_file"],
    ["access_token_file", "access_token_variable"],
];

/// Reads the accounts of a file. Options that one does not have are those of `shared`.
///
/// # Errors
/// `usage` where a key is unknown, a value is wrong, or a name is missing or used twice.
pub(in crate::cli) fn accounts(
    path: &Path,
    file: &Table,
    shared: &Defaults,
) -> Result<Vec<Account>> {
    let tables = match file.get("account") {
        None => return Ok(Vec::new()),
        Some(Value::Array(tables)) => tables,
        Some(_) => return Err(wrong(path, "`account` is not `[[account]]`")),
    };
    let accounts: Result<Vec<_>> = tables.iter().map(|one| account(path, one, shared)).collect();
    let accounts = accounts?;
    for (index, one) in accounts.iter().enumerate() {
        if accounts.iter().take(index).any(|earlier| earlier.name == one.name) {
            return Err(wrong(path, format!("two accounts have the name `{}`", one.name))
                .hint("give one of them another `name`"));
        }
    }
    Ok(accounts)
}

fn account(path: &Path, table: &Value, shared: &Defaults) -> Result<Account> {
    let Value::Table(table) = table else {
        return Err(wrong(path, "`account` is not `[[account]]`"));
    };
    let name = table.get("name").and_then(Value::as_str).map(str::trim).unwrap_or_default();
    if name.is_empty() {
        let keys: Vec<_> = table.keys().map(|key| format!("`{key}`")).collect();
        let hint = format!("it has: {}", keys.join(", "));
        return Err(wrong(path, "each `[[account]]` needs a `name`").hint(hint));
    }
    if name.contains(',') {
        return Err(wrong(path, format!("the name of the account `{name}` has a comma")));
    }
    let mut keys = Section::Connection.keys();
    keys.extend(Section::Extract.keys());
    let keys = keys.iter().map(String::as_str).chain(["name"]);
    let keys: Vec<_> = keys.filter(|key| !OF_RUN.contains(key)).collect();
    if let Some(key) = OF_RUN.into_iter().find(|key| table.contains_key(*key)) {
        return Err(wrong(path, format!("`{key}` belongs in `[extract]`: it is for all accounts")));
    }
    check_names(path, &format!("the account `{name}`"), table.keys(), &keys)?;
    let mut own = Defaults::default();
    for (key, value) in table.iter().filter(|(key, _)| *key != "name") {
        own.set(path, &["extract"], key, value)?;
    }
    own.check(path, &["extract"])?;
    let mut shared = shared.clone();
    for [key, other] in INSTEAD {
        if own.has(key) && !own.has(other) {
            shared.remove(other);
        }
    }
    Ok(Account { name: name.to_owned(), defaults: shared.and(own) })
}

/// The accounts with these names; without any, all.
///
/// # Errors
/// `usage` where there is no such account.
pub(in crate::cli) fn selected(
    path: &Path,
    accounts: Vec<Account>,
    names: &[String],
) -> Result<Vec<Account>> {
    if let Some(unknown) = names.iter().find(|name| !accounts.iter().any(|one| one.name == **name))
    {
        let known = accounts.iter().map(|one| one.name.as_str());
        return Err(wrong(path, format!("it has no account `{unknown}`"))
            .hint(suggest::hint(unknown, known)));
    }
    let is_selected = |one: &Account| names.is_empty() || names.contains(&one.name);
    Ok(accounts.into_iter().filter(is_selected).collect())
}
