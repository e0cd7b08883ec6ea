//! Sends the plan for metrics, one after the other.

use serde_json::{Map, Value};
use tokio::time::sleep;

use super::diff::{self, Change};
use super::{Holding, MetricMode, Metrics, one, parsed};
use crate::error::Kind;
use crate::launchdarkly::writes::metrics as api;
use crate::sync::answers::{ATTEMPTS, Verdict, conflict, pause, refusal};
use crate::sync::context::{Progress, Run};
use crate::sync::reason::{Reason, Rejection};
use crate::sync::staging::Fate;
use crate::sync::state::Status;
use crate::{Error, Result};

/// A row of the plan.
struct Action {
    number: i64,
    key: String,
    definition: Map<String, Value>,
}

/// The outcome of a row.
#[derive(Debug)]
enum Done {
    Created,
    Updated,
    /// Someone else made the same change first.
    Unchanged,
    Rejected(Rejection),
    /// It met conflicts to the end.
    Conflict(Error),
}

/// Sends every row of the plan. One that LaunchDarkly refuses does not stop the others.
pub(super) async fn apply(metrics: &Metrics, run: &mut Run<'_>) -> Result<()> {
    let mut conflicting = None;
    for action in actions(run)? {
        run.context.interrupt.check()?;
        run.verify_lease(None).await?;
        let done = run.context.interrupt.or(send(metrics, run, &action)).await?;
        let key = action.key.as_str();
        let status = match done {
            Done::Created => {
                run.row.created += 1;
                Status::Held
            }
            Done::Updated => {
                run.row.updated += 1;
                Status::Held
            }
            Done::Unchanged => {
                run.state.set_fate(action.number, Some(key), Fate::Unchanged, None)?;
                Status::Held
            }
            Done::Rejected(why) => {
                run.reject(action.number, Some(key), &why)?;
                Status::Rejected
            }
            Done::Conflict(error) => {
                run.reject(action.number, Some(key), &refusal(&error))?;
                conflicting = Some(conflict(&format!("the metric `{key}`"), &error));
                Status::Rejected
            }
        };
        run.state.mark(run.name(), [key], status, &run.row.sync_run_id)?;
        Progress::add(&run.context.progress.sent, usize::from(status == Status::Held));
    }
    conflicting.map_or(Ok(()), Err)
}

fn actions(run: &Run<'_>) -> Result<Vec<Action>> {
    let sql = "SELECT a.row_number, a.row_key, s.body FROM action a
               JOIN source s USING (row_number) ORDER BY a.position";
    let actions = run.state.connection.prepare(sql).and_then(|mut statement| {
        let rows = statement.query_map([], |row| {
            let definition: String = row.get(2)?;
            let definition = parsed(&definition);
            Ok(Action { number: row.get(0)?, key: row.get(1)?, definition })
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    });
    run.state.or_failed(actions)
}

/// How far the creation of a metric has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Creation {
    #[default]
    NotTried,
    /// The request was sent, and its outcome is not known.
    Tried,
    Done,
    /// It existed, and a change was sent whose outcome may not be known.
    Changed,
}

impl Creation {
    /// The progress once a change was sent.
    const fn after_change(self) -> Self {
        match self {
            Creation::NotTried | Creation::Changed => Creation::Changed,
            tried => tried,
        }
    }

    /// The outcome of the row if LaunchDarkly holds what was sent.
    const fn done(self) -> Done {
        match self {
            Creation::NotTried => Done::Unchanged,
            Creation::Changed => Done::Updated,
            Creation::Tried | Creation::Done => Done::Created,
        }
    }
}

/// Writes one metric. What LaunchDarkly holds is read right before each attempt, because it has no
/// conditional change of metrics.
async fn send(metrics: &Metrics, run: &Run<'_>, action: &Action) -> Result<Done> {
    let mut creation = Creation::default();
    let mut attempts = 0;
    loop {
        let error = match attempt(metrics, run, action, &mut creation).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        attempts += 1;
        let is_last = attempts >= ATTEMPTS;
        // A metric is not found for a moment after it was created.
        let is_fresh = creation == Creation::Done && error.http_status() == Some(404);
        match Verdict::of(error) {
            Verdict::Refused(why) => return Ok(Done::Rejected(why)),
            Verdict::Conflict(error) if is_last => return Ok(Done::Conflict(error)),
            Verdict::Unknown(error) if is_last => return Err(error),
            Verdict::Fatal(error) if is_last || !is_fresh => return Err(error),
            Verdict::Conflict(_) | Verdict::Unknown(_) | Verdict::Fatal(_) => {}
        }
        sleep(pause(attempts)).await;
    }
}

async fn attempt(
    metrics: &Metrics,
    run: &Run<'_>,
    action: &Action,
    creation: &mut Creation,
) -> Result<Done> {
    let project = metrics.options.project.as_str();
    match one(&run.context, project, &action.key).await? {
        Holding::Nothing if *creation == Creation::Done => {
            Err(Error::unexpected(api::NAME, "key", "a metric that was created is not found")
                .status(404))
        }
        Holding::Nothing if metrics.options.mode == MetricMode::Update => {
            let reason = Reason::Refused("not_found".to_owned());
            Ok(Done::Rejected(Rejection::new(reason, "the metric was deleted during the run")))
        }
        Holding::Nothing => create(metrics, run, action, creation).await,
        Holding::Metric(_)
            if *creation == Creation::NotTried && metrics.options.mode == MetricMode::Create =>
        {
            Ok(Done::Unchanged)
        }
        Holding::Metric(metric) => update(metrics, run, action, &metric, creation).await,
        Holding::NotKnown if metrics.options.mode == MetricMode::Create => {
            let created = create(metrics, run, action, creation).await;
            match created {
                Err(error) if error.http_status() == Some(409) => Ok(Done::Unchanged),
                created => created,
            }
        }
        Holding::NotKnown => update(metrics, run, action, &Value::Null, creation).await,
    }
}

/// Creates a metric, and sets the fields that LaunchDarkly takes afterwards only.
async fn create(
    metrics: &Metrics,
    run: &Run<'_>,
    action: &Action,
    creation: &mut Creation,
) -> Result<Done> {
    let body = match diff::creation(&action.key, &action.definition) {
        Ok(body) => body,
        Err(why) => return Ok(Done::Rejected(why)),
    };
    let project = metrics.options.project.as_str();
    *creation = Creation::Tried;
    run.context.client.send(&api::create(project, &body)).await?;
    *creation = Creation::Done;
    let later = diff::after_creation(&action.definition);
    if !later.is_empty() {
        patch(run, project, &action.key, &later, &body).await?;
    }
    Ok(Done::Created)
}

async fn update(
    metrics: &Metrics,
    run: &Run<'_>,
    action: &Action,
    current: &Value,
    creation: &mut Creation,
) -> Result<Done> {
    let options = &metrics.options;
    let is_new = matches!(creation, Creation::Tried | Creation::Done);
    let left_alone: &[String] = if is_new { &[] } else { &options.only_on_create };
    let changes = diff::changes(&action.definition, current, left_alone);
    if changes.is_empty() {
        return Ok(creation.done());
    }
    let definition = &action.definition;
    if let Err(why) = diff::check_allowed(definition, current, &changes, options.allow_in_use) {
        return Ok(Done::Rejected(why));
    }
    *creation = creation.after_change();
    let outcome = patch(run, &options.project, &action.key, &changes, current).await;
    let is_missing = outcome.as_ref().is_err_and(|error| error.http_status() == Some(404));
    if is_missing && current.is_null() && options.mode == MetricMode::Update {
        return Ok(Done::Unchanged);
    }
    if is_missing && current.is_null() {
        // The token may not read metrics, so only this answer says that there is none.
        return Box::pin(create(metrics, run, action, creation)).await;
    }
    outcome?;
    Ok(creation.done())
}

/// Changes a metric. LaunchDarkly does not say which of several actions the token lacks.
async fn patch(
    run: &Run<'_>,
    project: &str,
    key: &str,
    changes: &[Change],
    current: &Value,
) -> Result<()> {
    let patch = diff::patch(changes, current);
    let actions = diff::actions(changes, &patch);
    let only = if let [only] = *actions { only } else { "" };
    let sent = run.context.client.send(&api::patch(project, key, only, &patch)).await;
    sent.map(drop).map_err(|error| match error.kind() {
        Kind::InvalidPermissions if only.is_empty() => {
            let actions = actions.join("`, `");
            error.hint(format!("give the token's role the actions `{actions}`"))
        }
        _ => error,
    })
}
