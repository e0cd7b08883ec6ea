//! `flaglake sync status`, `log` and `forget`: the state file.

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use serde::Serialize;
use serde_json::json;
use tracing::warn;

use crate::cli::{ForgetArguments, Format, LogArguments, StatusArguments};
use crate::commands::schema::print;
use crate::model::privacy::{KEY_VARIABLE, Mode, Privacy};
use crate::sync::place::StatePlace;
use crate::sync::remote::{self, Remote};
use crate::sync::state::{Access, RunListing, State, SyncListing};
use crate::terminal::spelled_out;
use crate::terminal::suggest;
use crate::terminal::values::variable;
use crate::{Error, Result};

/// Prints all syncs and how they last ran.
///
/// # Errors
/// `usage` if there is no state file.
pub(super) async fn status(arguments: &StatusArguments) -> Result<()> {
    let (state, _remote) = read(&arguments.state).await?;
    let syncs = state.listing()?;
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
pub(super) async fn runs(arguments: &LogArguments) -> Result<()> {
    let (state, _remote) = read(&arguments.state).await?;
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
        // In the mode `remove`, a row whose member was removed counts as `updated` as well.
        (run.created + run.added + run.updated.max(run.removed)).to_string(),
        run.rows_unchanged.to_string(),
        (run.rows_invalid + run.rejected).to_string(),
    ]
}

/// Forgets a sync, or one key of it.
///
/// # Errors
/// `usage` if there is no such sync.
pub(super) async fn forget(arguments: &ForgetArguments) -> Result<()> {
    let file = arguments.personal_data_key_file.as_deref();
    let has_key = file.is_some() || variable(KEY_VARIABLE).ok().flatten().is_some();
    let mode = if has_key { Mode::Hash } else { Mode::Keep };
    let privacy = Privacy::new(mode, file)?;
    let (state, mut remote) = remote::open(&arguments.state, Access::Write, privacy).await?;
    if state.is_new {
        remote::abandon(state, remote).await;
        return Err(missing(&arguments.state));
    }
    let forgotten = forget_in(&state, arguments);
    if let Some(remote) = &mut remote {
        let stored = if forgotten.is_ok() { remote.checkpoint(&state).await } else { Ok(()) };
        remote.release().await;
        stored?;
    }
    forgotten?.print(arguments)
}

/// What was forgotten.
struct Forgotten {
    entries: usize,
    /// Whether a batch that is not settled may hold the key.
    is_in_open_batch: bool,
    is_of_events: bool,
}

fn forget_in(state: &State, arguments: &ForgetArguments) -> Result<Forgotten> {
    let name = &arguments.name;
    check_name(state, name)?;
    let is_of_events = state.sync(name)?.is_some_and(|sync| sync.object == "events");
    match &arguments.context_key {
        None => {
            warn_of_unsettled(state, name)?;
            let entries = usize::from(state.forget_sync(name)?);
            Ok(Forgotten { entries, is_in_open_batch: false, is_of_events })
        }
        Some(key) => Ok(Forgotten {
            entries: state.forget_key(name, key)?,
            is_in_open_batch: state.has_open_batch_with(name, key)?,
            is_of_events,
        }),
    }
}

/// Warns that LaunchDarkly may have events that are about to be forgotten: the next run sends them
/// under another payload ID.
fn warn_of_unsettled(state: &State, name: &str) -> Result<()> {
    let count = state.unsettled_batches(name)?;
    if count > 0 {
        warn!(
            "The sync `{name}` lacks the answers on {} of events: if LaunchDarkly has these, another \
             run counts them twice. A run before `forget` settles them.",
            if count == 1 { "1 batch".to_owned() } else { format!("{count} batches") }
        );
    }
    Ok(())
}

impl Forgotten {
    fn print(&self, arguments: &ForgetArguments) -> Result<()> {
        let name = &arguments.name;
        if self.is_in_open_batch {
            warn!(
                "A batch that is not settled has this key: the next run settles it and removes it."
            );
        }
        if self.is_of_events && self.entries > 0 {
            warn!(
                "What is forgotten counts as not sent: the next run sends these events again, if \
                 its source still has them."
            );
        }
        match (arguments.format, &arguments.context_key) {
            (Format::Json, _) => {
                print(&format!("{}\n", json!({"sync_name": name, "forgotten": self.entries})))
            }
            (Format::Text, None) => print(&format!("Forgotten: `{}`.\n", spelled_out(name))),
            (Format::Text, Some(_)) => {
                let text =
                    format!("Forgotten: {} entries of `{}`.\n", self.entries, spelled_out(name));
                print(&text)
            }
        }
    }
}

async fn read(place: &StatePlace) -> Result<(State, Option<Remote>)> {
    let (state, remote) = remote::open(place, Access::Read, Privacy::Keep).await?;
    if state.is_new { Err(missing(place)) } else { Ok((state, remote)) }
}

fn missing(place: &StatePlace) -> Error {
    Error::usage(format!("there is no state file `{place}`"))
        .hint("`--state FILE` names another one; the first run of a sync creates it")
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
