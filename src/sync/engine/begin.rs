//! The start of a run: opens the state file, checks the target, and records the start.

use jiff::Timestamp;
use tracing::warn;

use crate::error::Kind;
use crate::record::sync::{SyncDefinition, SyncRunRow};
use crate::sync::context::{Context, Removals, Run};
use crate::sync::guards::guarded;
use crate::sync::object::SyncObject;
use crate::sync::options::Options;
use crate::sync::remote::{self, Remote};
use crate::sync::state::{Access, State};
use crate::{Error, Result};

/// Opens the state file, checks the target, and records the start of the run.
pub(super) async fn begin<'c, O: SyncObject>(
    object: &mut O,
    context: Context<'c>,
) -> Result<Run<'c>> {
    let (options, requests_before) = (context.options, context.requests());
    options.mapping.check(object.fields())?;
    let access = if options.dry_run { Access::Read } else { Access::Write };
    let name = options.name.clone();
    let name = name.unwrap_or_else(|| format!("{}:{}", object.name(), object.target()));
    let (state, mut remote) = open(options, access).await?;
    let begun = begin_with(object, context, &state, &name).await;
    let (row, account_id) = match begun {
        Ok(begun) => begun,
        Err(error) => {
            let is_stored = record_failure(object, &state, &name, options, &error);
            if let Some(remote) = &mut remote {
                if is_stored {
                    let _ = remote.checkpoint(&state).await;
                }
                remote.release().await;
            }
            return Err(error);
        }
    };
    let removals = Removals::default();
    Ok(Run {
        context,
        state,
        row,
        account_id,
        removals,
        mapping_hash: String::new(),
        is_remapped: false,
        remote,
        requests_before,
        rows_behind: 0,
    })
}

/// Records a run that failed before it began, so that `status` and `--failed` know of it; returns
/// whether it did. Of a sync that has never run, nothing is known yet.
fn record_failure<O: SyncObject>(
    object: &O,
    state: &State,
    name: &str,
    options: &Options,
    error: &Error,
) -> bool {
    let has_run = known(state, object, name).is_ok_and(|known| known.is_some());
    let store = |row: SyncRunRow| {
        let finished_at = Some(Timestamp::now().as_millisecond().max(row.started_at));
        state.store_run(&SyncRunRow { outcome: error.kind().code(), finished_at, ..row })
    };
    has_run && !options.dry_run && state.begin_run(name).and_then(store).is_ok()
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
) -> Result<(SyncRunRow, Option<String>)> {
    let options = context.options;
    let account_id = account(&context).await?;
    let known = known(state, object, name)?;
    if let Some(known) = &known {
        check_same(known, account_id.as_deref(), options)?;
        check_context_kind(state, known, object.context_kind())?;
    }
    object.inspect(&context).await?;
    if known.is_none() && state.is_new && !options.dry_run {
        warn_of_new_state(object, options);
    }
    let row = start(state, object, name, account_id.clone(), known, options)?;
    Ok((row, account_id))
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

fn warn_of_new_state<O: SyncObject>(object: &O, options: &Options) {
    if let Some(meaning) = object.without_state() {
        warn!("`{}` is new: {meaning}.", options.state);
    }
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

/// Refuses another context kind: the members of the former one would stay for ever.
fn check_context_kind(state: &State, known: &SyncDefinition, kind: Option<&str>) -> Result<()> {
    match (known.context_kind.as_deref(), kind) {
        (Some(before), Some(now)) if before != now && state.has_rows(&known.sync_name)? => {
            let name = &known.sync_name;
            Err(guarded(
                format!(
                    "the members of the sync `{name}` are of the context kind `{before}`, not `{now}`"
                ),
                format!(
                    "use `--context-kind {before}`, or another `--sync-name`; `flaglake sync forget \
                     {name}` leaves the members that it has added in the segment"
                ),
            ))
        }
        _ => Ok(()),
    }
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
    let context_kind = object.context_kind().map(str::to_owned);
    state.define(&SyncDefinition { account_id, context_kind, ..known })?;
    state.begin_run(name)
}
