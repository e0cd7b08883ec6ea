//! The start of a run: opens the state file and records the start; then checks the target.

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

/// The name of the sync: its own, or object and target.
pub(super) fn name_of<O: SyncObject>(object: &O, options: &Options) -> String {
    let name = options.name.clone();
    name.unwrap_or_else(|| format!("{}:{}", object.name(), object.target()))
}

/// Opens the state file, and records the start of the run: whatever stops it then is seen by
/// `sync log` and by `sync run --failed`.
pub(super) async fn begin<'c, O: SyncObject>(
    object: &O,
    context: Context<'c>,
    name: &str,
) -> Result<Run<'c>> {
    let (options, requests_before) = (context.options, context.requests());
    let access = if options.dry_run { Access::Read } else { Access::Write };
    let (state, mut remote) = open(options, access).await?;
    let row = match start(&state, object, name, options) {
        Ok(row) => row,
        Err(error) => {
            if let Some(remote) = &mut remote {
                remote.release().await;
            }
            return Err(error);
        }
    };
    Ok(Run {
        context,
        state,
        row,
        account_id: None,
        removals: Removals::default(),
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

/// Records the start. A dry run leaves no trace.
fn start<O: SyncObject>(
    state: &State,
    object: &O,
    name: &str,
    options: &Options,
) -> Result<SyncRunRow> {
    let known = known(state, object, name)?;
    if options.dry_run {
        return Ok(SyncRunRow { sync_name: name.to_owned(), ..SyncRunRow::default() });
    }
    if known.is_none() {
        state.define(&definition(object, name, options))?;
    }
    state.begin_run(name)
}

/// The sync of this name, if it has sent anything before: on the same object and target.
fn known<O: SyncObject>(state: &State, object: &O, name: &str) -> Result<Option<SyncDefinition>> {
    let Some(known) = state.sync(name)? else { return Ok(None) };
    if !state.has_history(name)? {
        return Ok(None);
    }
    let target = object.target();
    if known.object == object.name() && known.target == target {
        return Ok(Some(known));
    }
    Err(Error::usage(format!(
        "the sync `{name}` writes {} to `{}`, not {} to `{target}`",
        known.object,
        known.target,
        object.name()
    ))
    .hint(format!("use another `--sync-name`, or `flaglake sync forget {name}`")))
}

fn definition<O: SyncObject>(object: &O, name: &str, options: &Options) -> SyncDefinition {
    SyncDefinition {
        sync_name: name.to_owned(),
        object: object.name().to_owned(),
        target: object.target(),
        created_at: Timestamp::now().as_millisecond(),
        personal_data: options.privacy.fingerprint(),
        identity: object.identity(),
        ..SyncDefinition::default()
    }
}

/// Checks that the sync is the one that has run before, and that its target may be written.
pub(super) async fn enter<O: SyncObject>(object: &mut O, run: &mut Run<'_>) -> Result<()> {
    let (context, options) = (run.context, run.context.options);
    options.mapping.check(object.fields())?;
    let account_id = account(&context).await?;
    let known = known(&run.state, object, run.name())?;
    if let Some(known) = &known {
        check_same(known, account_id.as_deref(), options)?;
        check_identity(known, &object.identity())?;
        check_context_kind(&run.state, known, object.context_kind())?;
    }
    run.account_id.clone_from(&account_id);
    object.inspect(&context).await?;
    if options.dry_run {
        return Ok(());
    }
    if known.is_none() && run.state.is_blank()? {
        warn_of_new_state(object, options);
    }
    let identity = object.identity();
    let known = known.unwrap_or_else(|| definition(object, run.name(), options));
    let account_id = account_id.or_else(|| known.account_id.clone());
    let context_kind = object.context_kind().map(str::to_owned);
    run.state.define(&SyncDefinition { account_id, identity, context_kind, ..known })
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

/// Refuses another way to tell rows from those that were sent: all of them would be sent again, or
/// some never. Only a first cursor beside the same ID loses nothing.
fn check_identity(known: &SyncDefinition, identity: &str) -> Result<()> {
    let before = known.identity.as_str();
    let adds_cursor = known.cursor.is_none()
        && identity.strip_prefix(before).is_some_and(|more| more.starts_with(" --cursor "));
    if before.is_empty() || before == identity || adds_cursor {
        return Ok(());
    }
    let name = &known.sync_name;
    Err(guarded(
        format!("the sync `{name}` tells its rows by `{before}`, and this run by `{identity}`"),
        format!(
            "use `{before}` as before; or another `--sync-name`, or `flaglake sync forget`: all \
             rows of the source are then sent, also those that LaunchDarkly has"
        ),
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
