//! One run of a sync: read and validate everything, plan, check the guards, send, sum up.

use std::path::Path;

use jiff::Timestamp;
use tracing::warn;

use super::context::{Context, Progress, Run};
use super::fields::Row;
use super::guards::{check_removals, check_rows, guarded};
use super::object::{Encoded, SyncObject};
use super::plan::Plan;
use super::staging::{Staged, Stager};
use super::state::{Access, State};
use super::summary::Summary;
use crate::error::Kind;
use crate::record::sync::{SyncDefinition, SyncRunRow};
use crate::system::files;
use crate::system::hash;
use crate::{Error, Result};

/// Takes the plan of a dry run, to show it.
pub type Show<'s> = dyn FnMut(&Run<'_>, &Plan, &'static str) -> Result<()> + 's;

/// How a run ended.
#[derive(Debug)]
pub struct Finished {
    /// What it did. `None` if it did not begin.
    pub summary: Option<Summary>,
    /// Whether it succeeded.
    pub outcome: Result<()>,
}

/// Runs a sync once. A dry run gives its plan to `show` and sends nothing but GET requests.
pub async fn run<O: SyncObject>(
    object: &mut O,
    context: Context<'_>,
    show: &mut Show<'_>,
) -> Finished {
    match begin(object, context).await {
        Err(outcome) => Finished { summary: None, outcome: Err(outcome) },
        Ok(mut run) => {
            let outcome = work(object, &mut run, show).await;
            let outcome = end(&mut run, outcome);
            let summary = Summary::of(&run.row, context.options.dry_run);
            Finished { summary: Some(summary), outcome }
        }
    }
}

/// Opens the state file, checks the target, and records the start of the run.
async fn begin<'c, O: SyncObject>(object: &mut O, context: Context<'c>) -> Result<Run<'c>> {
    let (options, requests_before) = (context.options, context.requests());
    options.mapping.check(object.fields())?;
    let access = if options.dry_run { Access::Read } else { Access::Write };
    let name = options.name.clone();
    let name = name.unwrap_or_else(|| format!("{}:{}", object.name(), object.target()));
    if options.require_state && !options.state.exists() {
        return Err(guarded(
            format!("there is no state file `{}`", options.state.display()),
            "restore it, or run without `--require-state`",
        ));
    }
    let state = State::open(&options.state, access, options.privacy.clone())?;
    let known = known(&state, object, &name)?;
    object.inspect(&context).await?;
    if known.is_none() && state.is_new && !options.dry_run {
        warn_of_new_state(object, &options.state);
    }
    let mapping_hash = options.mapping.fingerprint();
    let is_remapped = known.as_ref().is_some_and(|known| known.mapping_hash != mapping_hash);
    let row = start(&state, object, &name, mapping_hash, known, options.dry_run)?;
    let (removals, context) = (super::context::Removals::default(), context);
    Ok(Run { context, state, row, removals, is_remapped, requests_before, rows_behind: 0 })
}

/// The sync of this name, if it has run before: on the same object and target.
fn known<O: SyncObject>(state: &State, object: &O, name: &str) -> Result<Option<SyncDefinition>> {
    let known = state.sync(name)?;
    let target = object.target();
    match &known {
        Some(known) if known.object != object.name() || known.target != target => {
            Err(Error::usage(format!(
                "the sync `{name}` writes {} to `{}`, not {} to `{target}`",
                known.object,
                known.target,
                object.name()
            ))
            .hint(format!("use another `--sync-name`, or `flaglake sync forget {name}`")))
        }
        _ => Ok(known),
    }
}

fn warn_of_new_state<O: SyncObject>(object: &O, path: &Path) {
    let path = path.display();
    let meaning = match object.name() {
        "events" => "all rows count as not sent yet",
        "segment" => "members that are there already count as foreign, unless the source has them",
        _ => return,
    };
    warn!("`{path}` is new: {meaning}.");
}

/// Records the start. A dry run leaves no trace.
fn start<O: SyncObject>(
    state: &State,
    object: &O,
    name: &str,
    mapping_hash: String,
    known: Option<SyncDefinition>,
    dry_run: bool,
) -> Result<SyncRunRow> {
    if dry_run {
        return Ok(SyncRunRow { sync_name: name.to_owned(), ..SyncRunRow::default() });
    }
    let created_at = Timestamp::now().as_millisecond();
    let known = known.unwrap_or_else(|| SyncDefinition {
        sync_name: name.to_owned(),
        object: object.name().to_owned(),
        target: object.target(),
        created_at,
        ..SyncDefinition::default()
    });
    state.define(&SyncDefinition { mapping_hash, ..known })?;
    state.begin_run(name)
}

/// Reads, plans, checks and sends.
async fn work<O: SyncObject>(object: &mut O, run: &mut Run<'_>, show: &mut Show<'_>) -> Result<()> {
    let options = run.context.options;
    stage(object, run).await?;
    run.state.fold_duplicates()?;
    run.count()?;
    check_rows(run, object.is_mirror())?;
    object.plan(run).await?;
    run.count()?;
    check_rows(run, object.is_mirror())?;
    check_removals(run.removals, &options.limits)?;
    let wants_plan = options.dry_run || options.plan.is_some() || options.apply.is_some();
    if wants_plan {
        let plan = run.plan(object.items())?;
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
    object.apply(run).await
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
    run.row.removed = of("remove");
    run.row.updated += plan.removals_from_rows;
}

/// Reads the source, and validates every row.
async fn stage<O: SyncObject>(object: &mut O, run: &mut Run<'_>) -> Result<()> {
    let options = run.context.options;
    let opened = options.source.open(&options.selected).await?;
    let fields = object.fields();
    let bound = options.mapping.bind(fields, opened.columns(), &object.other_columns())?;
    object.prepare(&bound, run)?;
    let transaction = run.state.or_failed(run.state.connection.unchecked_transaction())?;
    let mut stager = Stager::new(&run.state)?;
    let mut encoded = Encoded::default();
    let (mut read, mut number, mut rejected, mut behind) = (0, 0, 0, 0);
    let limit = options.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(i64::MAX);
    opened
        .read(&bound.wanted, &mut |cells| {
            number += 1;
            if number % 1024 == 0 {
                run.context.interrupt.check()?;
                Progress::add(&run.context.progress.read, 1024);
            }
            encoded.clear();
            let outcome = object.encode(&Row::new(&bound, cells), &mut encoded);
            if read >= limit {
                return Ok(());
            }
            read += 1;
            let key = encoded.key.as_deref();
            match outcome {
                _ if encoded.is_behind => {
                    behind += 1;
                    Ok(())
                }
                Ok(()) => stager.add(Staged {
                    number,
                    key,
                    hash: hash::of_bytes(encoded.body.as_bytes()),
                    body: Some(encoded.body.as_str()).filter(|body| !body.is_empty()),
                    cursor: encoded.cursor.as_ref(),
                }),
                Err(rejection) => {
                    rejected += 1;
                    stager.reject(number, key, &rejection)
                }
            }
        })
        .await?;
    drop(stager);
    run.state.or_failed(transaction.commit())?;
    Progress::add(&run.context.progress.rejected, rejected);
    run.row.rows_read = read;
    run.rows_behind = behind;
    Ok(())
}

/// Sums up, stores the rejected rows and the end of the run; decides how it ended.
fn end(run: &mut Run<'_>, outcome: Result<()>) -> Result<()> {
    let counted = run.count();
    let outcome = outcome.and(counted).and_then(|()| tolerate(run));
    let outcome = outcome.map_err(|error| run.context.interrupt.check().err().unwrap_or(error));
    run.row.outcome = match &outcome {
        Ok(()) => "succeeded",
        Err(error) => error.kind().code(),
    };
    let stored = store(run);
    let outcome = outcome.and(stored);
    if let Err(error) = &outcome {
        run.row.outcome = error.kind().code();
    }
    outcome
}

fn store(run: &mut Run<'_>) -> Result<()> {
    let options = run.context.options;
    if let Some(path) = &options.rejected {
        super::rejected::write(&run.state, path)?;
    }
    if options.dry_run {
        return Ok(());
    }
    run.row.finished_at = Some(Timestamp::now().as_millisecond().max(run.row.started_at));
    run.state.store_rejected(&run.row.sync_run_id)?;
    run.state.store_run(&run.row)?;
    if let Some(age) = options.keep_runs {
        let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
        run.state.prune(run.name(), Timestamp::now().as_millisecond().saturating_sub(age))?;
    }
    Ok(())
}

/// Decides whether the rows that did not reach LaunchDarkly are too many.
fn tolerate(run: &Run<'_>) -> Result<()> {
    let bad = run.state.number("SELECT count(*) FROM fate WHERE reason IS NOT NULL")?;
    let tolerated = run.context.options.limits.tolerate_rejected;
    let all = run.row.rows_read.unsigned_abs();
    let is_tolerated = tolerated.is_some_and(|limit| !limit.is_exceeded(bad.unsigned_abs(), all));
    if bad == 0 || is_tolerated {
        return Ok(());
    }
    let message = format!(
        "{bad} rows did not reach LaunchDarkly: of {all} that were read, {} are invalid, and {} \
         were rejected",
        run.row.rows_invalid, run.row.rejected
    );
    Err(Error::new(Kind::RowsRejected, message).resource(run.row.sync_name.clone()).hint(
        "all other rows did; the table `sync_rejected` of the state file lists these with their \
         reasons, and so does `--rejected FILE.csv`",
    ))
}

/// Checks that a file can be created before anything is sent.
///
/// # Errors
/// `output_failed` if it cannot.
pub fn check_writable(path: &Path) -> Result<()> {
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    opened.map(drop).map_err(|error| files::failed(path, &error))
}
