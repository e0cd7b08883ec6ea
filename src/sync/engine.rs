//! One run of a sync: read and validate everything, plan, check the guards, send, sum up.

use std::path::Path;

use jiff::Timestamp;
use tracing::warn;

use super::context::{Context, Progress, Run};
use super::fields::Row;
use super::guards::{check_removals, check_rows, guarded};
use super::object::{Encoded, SyncObject};
use super::options::Options;
use super::plan::Plan;
use super::remote::{self, Remote};
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
            let outcome = give_back(&mut run, outcome).await;
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
    let (state, mut remote) = open(options, access).await?;
    let begun = begin_with(object, context, &state, &name).await;
    let row = match begun {
        Ok(begun) => begun,
        Err(error) => {
            if let Some(remote) = &mut remote {
                remote.release().await;
            }
            return Err(error);
        }
    };
    let removals = super::context::Removals::default();
    Ok(Run {
        context,
        state,
        row,
        removals,
        mapping_hash: String::new(),
        is_remapped: false,
        remote,
        requests_before,
        rows_behind: 0,
    })
}

/// Opens the state file, wherever it is.
async fn open(options: &Options, access: Access) -> Result<(State, Option<Remote>)> {
    let (state, remote) = remote::open(&options.state, access, options.privacy.clone()).await?;
    if !options.require_state || !state.is_new {
        return Ok((state, remote));
    }
    remote::abandon(state, remote).await;
    Err(guarded(
        format!("there is no state file `{}`", options.state),
        "restore it, or run without `--require-state`",
    ))
}

/// Checks the target, and records the start of the run.
async fn begin_with<O: SyncObject>(
    object: &mut O,
    context: Context<'_>,
    state: &State,
    name: &str,
) -> Result<SyncRunRow> {
    let options = context.options;
    let account_id = account(&context).await?;
    let known = known(state, object, name)?;
    if let Some(known) = &known {
        check_same(known, account_id.as_deref(), options)?;
    }
    object.inspect(&context).await?;
    if known.is_none() && state.is_new && !options.dry_run {
        warn_of_new_state(object, &options.state.to_string());
    }
    let row = start(state, object, name, account_id, known, options)?;
    Ok(row)
}

/// Stores the state file in its bucket, and gives it back.
async fn give_back(run: &mut Run<'_>, outcome: Result<()>) -> Result<()> {
    let stored = if run.context.options.dry_run { Ok(()) } else { run.checkpoint().await };
    if let Some(remote) = &mut run.remote {
        remote.release().await;
    }
    outcome.and(stored)
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

fn warn_of_new_state<O: SyncObject>(object: &O, path: &str) {
    let meaning = match object.name() {
        "events" => "all rows count as not sent yet",
        "segment" => "members that are there already count as foreign, unless the source has them",
        _ => return,
    };
    warn!("`{path}` is new: {meaning}.");
}

/// The ID of the account; `None` if LaunchDarkly does not say it.
///
/// # Errors
/// `invalid_credentials` if LaunchDarkly does not accept the token.
async fn account(context: &Context<'_>) -> Result<Option<String>> {
    match context.interrupt.or(context.client.caller_identity()).await {
        Ok(identity) => Ok(identity.account_id),
        Err(error) if error.kind() == Kind::UnexpectedResponse => Ok(None),
        Err(error) => Err(error),
    }
}

/// Refuses to go on with a sync whose rows would not be recognized.
fn check_same(known: &SyncDefinition, account: Option<&str>, options: &Options) -> Result<()> {
    let name = &known.sync_name;
    if let (Some(before), Some(now)) = (known.account_id.as_deref(), account)
        && before != now
    {
        return Err(guarded(
            format!("the sync `{name}` has written to the account {before}, and this is {now}"),
            "use another `--state` for each account",
        ));
    }
    if known.personal_data == options.privacy.fingerprint() {
        return Ok(());
    }
    Err(guarded(
        format!("the sync `{name}` keeps the keys of its rows in another form"),
        "use the same `--personal-data` and the same key as before, or start over with `flaglake \
         sync forget`: all rows then count as not sent",
    ))
}

/// Records the start. A dry run leaves no trace.
fn start<O: SyncObject>(
    state: &State,
    object: &O,
    name: &str,
    account_id: Option<String>,
    known: Option<SyncDefinition>,
    options: &Options,
) -> Result<SyncRunRow> {
    if options.dry_run {
        return Ok(SyncRunRow { sync_name: name.to_owned(), ..SyncRunRow::default() });
    }
    let created_at = Timestamp::now().as_millisecond();
    let known = known.unwrap_or_else(|| SyncDefinition {
        sync_name: name.to_owned(),
        object: object.name().to_owned(),
        target: object.target(),
        created_at,
        personal_data: options.privacy.fingerprint(),
        ..SyncDefinition::default()
    });
    let account_id = account_id.or_else(|| known.account_id.clone());
    state.define(&SyncDefinition { account_id, ..known })?;
    state.begin_run(name)
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
    // Before anything is sent: a run that is killed must not forget them.
    record_rejected(run)?;
    object.intend(run)?;
    run.checkpoint().await?;
    object.apply(run).await?;
    run.state.set_mapping(run.name(), &run.mapping_hash)
}

/// Stores the rows that are rejected so far, and marks their keys, so that they are tried again.
fn record_rejected(run: &Run<'_>) -> Result<()> {
    run.state.store_rejected(&run.row.sync_run_id)?;
    let stored = run.state.stored("row_key");
    let id = run.row.sync_run_id.replace('\'', "");
    let sql = format!(
        "INSERT INTO state.sync_rows
         SELECT ?1, {stored}, row_hash(row_key), 'rejected', '{id}' FROM fate
         WHERE reason IS NOT NULL AND row_key IS NOT NULL
         ON CONFLICT DO UPDATE SET last_run = excluded.last_run WHERE status = 'rejected'"
    );
    run.state.execute(&sql, run.name()).map(drop)
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
    run.mapping_hash = bound.fingerprint();
    let known = run.state.sync(run.name())?.map(|sync| sync.mapping_hash);
    run.is_remapped = known.is_some_and(|hash| !hash.is_empty() && hash != run.mapping_hash);
    let transaction = run.state.or_failed(run.state.connection.unchecked_transaction())?;
    let mut stager = Stager::new(&run.state)?;
    let mut encoded = Encoded::default();
    let (mut looked_at, mut number, mut rejected, mut behind) = (0, 0, 0, 0);
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
            if encoded.is_behind {
                behind += 1;
                return Ok(());
            }
            if looked_at >= limit {
                object.cut_off(&encoded);
                return Ok(());
            }
            looked_at += 1;
            let key = encoded.key.as_deref();
            match outcome {
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
    run.row.rows_read = looked_at + behind;
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
        "rows that did not reach LaunchDarkly: {bad} (invalid: {}, rejected: {}; rows read: {all})",
        run.row.rows_invalid, run.row.rejected
    );
    let hint = if run.context.options.dry_run {
        "nothing was sent; `--rejected FILE.csv` lists these rows with their reasons"
    } else {
        "all other rows did; the table `sync_rejected` of the state file lists these with their \
         reasons, and so does `--rejected FILE.csv`"
    };
    Err(Error::new(Kind::RowsRejected, message).resource(run.row.sync_name.clone()).hint(hint))
}

/// Checks that a file can be created before anything is sent.
///
/// # Errors
/// `output_failed` if it cannot.
pub fn check_writable(path: &Path) -> Result<()> {
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    opened.map(drop).map_err(|error| files::failed(path, &error))
}
