//! One run of a sync: read and validate everything, plan, check the guards, send, sum up.

mod begin;
mod end;
mod stage;

use std::path::Path;

use serde_json::{Value, json};

use self::begin::{begin, enter, name_of};
use self::end::{end, give_back};
use self::stage::stage;
use super::context::{Context, Run};
use super::guards::{check_invalid, check_removals, check_rows, check_valid};
use super::object::SyncObject;
use super::plan::Plan;
use super::summary::Summary;
use crate::record::sync::SyncRunRow;
use crate::system::files;
use crate::{Error, Result};

/// Takes the plan of a dry run, to show it.
pub type Show<'s> = dyn FnMut(&Run<'_>, &Plan, &'static str) -> Result<()> + 's;

/// How a run ended.
#[derive(Debug)]
pub struct Finished {
    /// What it did.
    pub summary: Summary,
    /// Whether the state file knows of it.
    pub has_begun: bool,
    /// Whether it succeeded.
    pub outcome: Result<()>,
}

/// Runs a sync once. A dry run gives its plan to `show` and sends nothing but GET requests.
pub async fn run<O: SyncObject>(
    object: &mut O,
    context: Context<'_>,
    show: &mut Show<'_>,
) -> Finished {
    let name = name_of(object, context.options);
    let mut run = match begin(object, context, &name).await {
        Ok(run) => run,
        Err(error) => return Finished::not_begun(&name, context.options.dry_run, error),
    };
    let outcome = match enter(object, &mut run).await {
        Ok(()) => work(object, &mut run, show).await,
        refused => refused,
    };
    let outcome = end(&mut run, outcome);
    let outcome = give_back(&mut run, outcome).await;
    let summary = Summary::of(&run.row, context.options.dry_run);
    Finished { summary, has_begun: true, outcome }
}

impl Finished {
    /// The end of a run that the state file knows nothing of.
    pub fn not_begun(name: &str, dry_run: bool, error: Error) -> Self {
        let outcome = error.kind().code();
        let row = SyncRunRow { sync_name: name.to_owned(), outcome, ..SyncRunRow::default() };
        let summary = Summary::of(&row, dry_run);
        Finished { summary, has_begun: false, outcome: Err(error) }
    }
}

/// Reads, plans, checks and sends.
async fn work<O: SyncObject>(object: &mut O, run: &mut Run<'_>, show: &mut Show<'_>) -> Result<()> {
    let options = run.context.options;
    stage(object, run).await?;
    if object.folds_duplicates() {
        run.state.fold_duplicates()?;
    } else {
        run.state.number_duplicates()?;
    }
    run.count()?;
    check_rows(run, object.is_mirror())?;
    object.plan(run).await?;
    run.count()?;
    check_invalid(run)?;
    check_valid(run, object.is_mirror())?;
    check_removals(run.removals, &options.limits)?;
    let wants_plan = options.dry_run || options.plan.is_some() || options.apply.is_some();
    if wants_plan {
        let plan = run.plan(object.items(), settings(object, run))?;
        if let Some(path) = &options.apply {
            run.check_plan(&plan, path)?;
        }
        if let Some(path) = &options.plan {
            run.write_plan(&plan, object.items(), path)?;
        }
        if options.dry_run {
            count_planned(run, &plan);
            return show(run, &plan, object.items());
        }
    }
    run.context.interrupt.check()?;
    // Before anything is sent: a run that is killed must not forget them.
    record_rejected(run)?;
    object.intend(run)?;
    run.checkpoint().await?;
    object.apply(run).await?;
    run.state.set_mapping(run.name(), &run.mapping_hash)
}

/// Everything but the items that decides what is sent, and where.
fn settings<O: SyncObject>(object: &O, run: &Run<'_>) -> Value {
    let options = run.context.options;
    json!({
        "object": object.name(),
        "target": object.target(),
        "account_id": run.account_id,
        "full": options.full,
        "comment": options.comment,
        "options": object.settings(),
    })
}

/// Stores the rows that are rejected so far, and marks their keys, so that they are tried again.
fn record_rejected(run: &Run<'_>) -> Result<()> {
    run.state.store_rejected(&run.row.sync_run_id)?;
    let stored = run.state.stored("row_key");
    let sql = format!(
        "INSERT INTO state.sync_rows
         SELECT :sync, {stored}, row_hash(row_key), 'rejected', :run FROM fate
         WHERE reason IS NOT NULL AND row_key IS NOT NULL
         ON CONFLICT DO UPDATE SET last_run = excluded.last_run WHERE status = 'rejected'"
    );
    run.execute(&sql).map(drop)
}

/// The counts of a dry run are those of its plan.
fn count_planned(run: &mut Run<'_>, plan: &Plan) {
    let of = |action: &str| {
        let count = plan.counts.get(action).copied().unwrap_or_default();
        i64::try_from(count).unwrap_or(i64::MAX)
    };
    run.row.created = of("create");
    run.row.updated = of("update");
    run.row.added = of("add");
    let unnamed = i64::try_from(run.removals.unnamed).unwrap_or(i64::MAX);
    run.row.removed = of("remove").saturating_add(unnamed);
    run.row.updated += plan.removals_from_rows;
}

/// Checks that a file can be created before anything is sent.
///
/// # Errors
/// `output_failed` if it cannot.
pub fn check_writable(path: &Path) -> Result<()> {
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    opened.map(drop).map_err(|error| files::failed(path, &error))
}
