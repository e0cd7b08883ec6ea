//! The account of the configuration file that a run of syncs is for.

use std::collections::BTreeSet;
use std::path::Path;

use toml::{Table, Value};

use crate::Result;
use crate::cli::configuration::{self, wrong};
use crate::cli::sync::run::RunArguments;
use crate::terminal::suggest;

/// The key of the account that a sync is for, where the file has several.
pub(super) const ACCOUNT: &str = "account";

/// The account that a sync is for.
pub(super) fn account_of(sync: &Value) -> Option<&str> {
    sync.get(ACCOUNT).and_then(Value::as_str)
}

/// The account that this run is for, if any is named: the one of the command line, or else the one
/// that all syncs have. Where the file has several accounts, each sync says for which one it is.
pub(super) fn account(
    path: &Path,
    file: &Table,
    syncs: &[Value],
    arguments: &RunArguments,
) -> Result<Vec<String>> {
    let known = configuration::account_names(path, file)?;
    let list = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let named: BTreeSet<_> = syncs.iter().filter_map(account_of).map(str::to_owned).collect();
    if let Some(unknown) = named.iter().find(|name| !known.contains(name)) {
        return Err(wrong(path, format!("it has no account `{unknown}`"))
            .hint(suggest::hint(unknown, known.iter().map(String::as_str))));
    }
    if known.len() > 1 && syncs.iter().any(|sync| account_of(sync).is_none()) {
        return Err(wrong(
            path,
            "each `[[sync]]` needs an `account`, because the file has several",
        )
        .hint(format!("give it one of {}", list())));
    }
    let given = arguments.connection.connection.accounts();
    if given.is_empty() && named.len() > 1 {
        return Err(wrong(path, "its syncs are for several accounts, and a run is for one")
            .hint(format!("choose one with `--account`: {}", list())));
    }
    Ok(if given.is_empty() { named.into_iter().collect() } else { given })
}
