//! `flaglake sync status`, `log` and `forget`: the state file.

use std::path::Path;

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde::Serialize;
use serde_json::json;

use crate::cli::{ForgetArguments, Format, LogArguments, StatusArguments};
use crate::commands::schema::print;
use crate::model::privacy::{KEY_VARIABLE, Mode, Privacy};
use crate::sync::state::{Access, RunListing, State, SyncListing};
use crate::sync::suggest;
use crate::terminal::spelled_out;
use crate::terminal::values::variable;
use crate::{Error, Result};

/// Prints all syncs and how they last ran.
///
/// # Errors
/// `usage` if there is no state file.
pub(super) fn status(arguments: &StatusArguments) -> Result<()> {
    let syncs = read(&arguments.state)?.listing()?;
    match arguments.format {
        Format::Json => print_json(&syncs),
        Format::Text => {
            let header = ["sync", "last run", "outcome", "held", "rejected", "open", "unknown"];
            print_table(header, syncs.iter().map(status_row))
        }
    }
}

fn status_row(sync: &SyncListing) -> [String; 7] {
    [
        spelled_out(&sync.sync_name),
        sync.last_started_at.clone().unwrap_or_else(|| "never".to_owned()),
        sync.last_outcome.clone().unwrap_or_default(),
        sync.rows_held.to_string(),
        sync.rows_rejected.to_string(),
        sync.open_batches.to_string(),
        sync.unknown_batches.to_string(),
    ]
}

/// Prints the runs of one sync or all.
///
/// # Errors
/// `usage` if there is no state file, or no such sync.
pub(super) fn runs(arguments: &LogArguments) -> Result<()> {
    let state = read(&arguments.state)?;
    if let Some(name) = &arguments.name {
        check_name(&state, name)?;
    }
    let runs = state.runs(arguments.name.as_deref(), arguments.limit.into())?;
    match arguments.format {
        Format::Json => print_json(&runs),
        Format::Text => {
            let header = ["started", "sync", "outcome", "read", "changed", "unchanged", "failed"];
            print_table(header, runs.iter().map(run_row))
        }
    }
}

fn run_row(run: &RunListing) -> [String; 7] {
    [
        run.started_at.clone(),
        spelled_out(&run.sync_name),
        run.outcome.clone(),
        run.rows_read.to_string(),
        (run.created + run.updated + run.added + run.removed).to_string(),
        run.rows_unchanged.to_string(),
        (run.rows_invalid + run.rejected).to_string(),
    ]
}

/// Forgets a sync, or one key of it.
///
/// # Errors
/// `usage` if there is no such sync.
pub(super) fn forget(arguments: &ForgetArguments) -> Result<()> {
    check_exists(&arguments.state)?;
    let file = arguments.personal_data_key_file.as_deref();
    let has_key = file.is_some() || variable(KEY_VARIABLE).ok().flatten().is_some();
    let mode = if has_key { Mode::Hash } else { Mode::Keep };
    let state = State::open(&arguments.state, Access::Write, Privacy::new(mode, file)?)?;
    let name = &arguments.name;
    check_name(&state, name)?;
    let rows = match &arguments.context_key {
        Some(key) => forget_key(&state, name, key)?,
        None => i64::from(state.forget_sync(name)?),
    };
    match arguments.format {
        Format::Json => print(&format!("{}\n", json!({"sync_name": name, "forgotten": rows}))),
        Format::Text => print(&format!(
            "Forgotten: {} of `{}`.\n",
            described(arguments, rows),
            spelled_out(name)
        )),
    }
}

/// Both forms of the key: the state file may have been written with and without a hash.
fn forget_key(state: &State, name: &str, key: &str) -> Result<i64> {
    let rows = state.forget_key(name, key)?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

fn described(arguments: &ForgetArguments, rows: i64) -> String {
    match &arguments.context_key {
        Some(_) => format!("{rows} entries"),
        None => "everything".to_owned(),
    }
}

fn read(path: &Path) -> Result<State> {
    check_exists(path)?;
    State::open(path, Access::Read, Privacy::Keep)
}

fn check_exists(path: &Path) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    Err(Error::usage(format!("there is no state file `{}`", path.display()))
        .hint("`--state FILE` names another one; the first run of a sync creates it"))
}

fn check_name(state: &State, name: &str) -> Result<()> {
    if state.sync(name)?.is_some() {
        return Ok(());
    }
    let syncs = state.listing()?;
    let names = syncs.iter().map(|sync| sync.sync_name.as_str());
    Err(Error::usage(format!("there is no sync `{name}`")).hint(suggest::hint(name, names)))
}

fn print_json(items: &impl Serialize) -> Result<()> {
    print(&format!("{}\n", json!({"items": items})))
}

fn print_table<const N: usize>(
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<()> {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header).add_rows(rows);
    print(&format!("{table}\n"))
}
