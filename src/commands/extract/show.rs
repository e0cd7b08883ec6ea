//! What a run of `flaglake extract` prints for people, and the object of several accounts.

use serde_json::{Value, json};
use tracing::{error, warn};

use super::outcome::{Outcome, Written};
use super::past::Past;
use crate::Result;
use crate::cli::{ExtractArguments, Format};
use crate::commands::progress::Progress;
use crate::commands::ranks;
use crate::commands::schema;
use crate::commands::summary::{self, Summary};
use crate::record::RunRow;

/// Says what is published, and what was refused.
pub(super) fn published(arguments: &ExtractArguments, outcome: &Outcome, progress: &Progress) {
    let is_one = outcome.outputs.len() == 1;
    for (written, published) in outcome.published() {
        let place = if is_one { String::new() } else { format!("{}: ", written.address) };
        progress.say(&format!("{place}{}", sentence(&published.extraction)));
    }
    if arguments.format == Format::Text
        && !matches!(progress, Progress::Quiet)
        && let Err(error) = print_summary(outcome, arguments.is_verbose)
    {
        // The data is published, even if its summary cannot be shown.
        warn!("The data is published, but not the summary: {error}.");
    }
    for path in &outcome.files {
        progress.say(&format!("Written: {}", path.display()));
    }
    if !outcome.refused.is_empty() {
        let names = outcome.refused.join(", ");
        progress.say(&format!("Not read, or not all: {names}. `extraction_resources` says why."));
    }
    // Even where only errors are shown.
    let degraded = outcome.published().next().into_iter().flat_map(|(_, one)| &one.degraded);
    degraded.for_each(|one| error!("{}", one.sentence()));
    // The error of the first is that of the run.
    let failed = outcome.outputs.iter().filter_map(|one| Some((one, one.result.as_ref().err()?)));
    for (Written { address, .. }, error) in failed.skip(1) {
        error!("{address}: {error} [{}]", error.kind().code());
    }
}

/// The tables of the first output that is published, and queries for it.
fn print_summary(outcome: &Outcome, is_whole: bool) -> Result<()> {
    let Some((written, published)) = outcome.published().next() else { return Ok(()) };
    // Only a lake may hold other accounts.
    let is_lake = written.address.capabilities().keeps_extractions;
    let account = published.extraction.account_id.as_deref().filter(|_| is_lake);
    let place = summary::Place { destination: &written.address, account };
    let (extraction, rows) = (&published.extraction, published.rows.as_slice());
    let note = outcome.past.map(Past::sentence);
    let note = note.as_deref();
    summary::print(place, Summary { extraction, rows, took: outcome.took, is_whole, note })
}

/// What the run has published.
fn sentence(extraction: &RunRow) -> String {
    let id = &extraction.extraction_id;
    match &extraction.same_as {
        Some(same) => format!(
            "Nothing has changed since extraction {same}, which stays the newest. The run is \
             recorded as {id}."
        ),
        None => format!("Published extraction {id}."),
    }
}

/// A line for each account.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn summarize(outcomes: &[Outcome], progress: &Progress) -> Result<()> {
    if matches!(progress, Progress::Quiet) {
        return Ok(());
    }
    let line = |one: &Outcome| {
        let name = one.name.as_deref().unwrap_or_default();
        let ids: Vec<_> = one
            .published()
            .map(|(_, published)| published.extraction.extraction_id.as_str())
            .collect();
        let ids = if ids.is_empty() { String::new() } else { format!(", {}", ids.join(", ")) };
        format!("{name}: {}{ids} ({:.1} s)\n", one.code(), one.took.as_secs_f64())
    };
    schema::print(&outcomes.iter().map(line).collect::<String>())
}

/// The object of several accounts.
pub(super) fn all(outcomes: &[Outcome]) -> Value {
    let failed = outcomes.iter().filter_map(|one| one.error.as_ref());
    let (outcome, exit_status) = ranks::outcome(failed.map(crate::Error::kind));
    json!({
        "accounts": outcomes.iter().map(Outcome::to_json).collect::<Vec<_>>(),
        "outcome": outcome,
        "exit_status": exit_status,
    })
}
