//! `sync metrics`: rows become metrics, compared with what LaunchDarkly holds.

mod apply;
mod diff;
mod fields;

use std::collections::HashMap;

use clap::ValueEnum;
use serde_json::{Map, Value, json};

use self::fields::FIELDS;
use super::context::{Context, Run};
use super::fields::{Field, Row};
use super::object::{Encoded, SyncObject};
use super::places::{self, Checked, if_permitted};
use super::reason::Rejection;
use super::staging::Fate;
use crate::launchdarkly::writes::metrics as api;
use crate::terminal::suggest;
use crate::{Error, Result};

/// Which metrics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum MetricMode {
    /// New ones are created, others changed
    #[default]
    Upsert,
    /// New ones are created, others left alone
    Create,
    /// Others are changed, no new one is created
    Update,
}

/// The options of `sync metrics`.
#[derive(Clone, Debug, Default)]
pub struct MetricOptions {
    /// The project's key.
    pub project: String,
    /// Which metrics are written.
    pub mode: MetricMode,
    /// Whether metrics that an experiment uses may change.
    pub allow_in_use: bool,
    /// Whether NULL empties a field; otherwise it leaves the field alone.
    pub clears_nulls: bool,
    /// The fields that are left alone once the metric exists.
    pub only_on_create: Vec<String>,
}

/// Metrics of one project.
#[derive(Debug)]
pub struct Metrics {
    options: MetricOptions,
    /// The metrics that LaunchDarkly holds, by key.
    held: Checked<HashMap<String, Value>>,
}

/// A row to plan: its number, its key and its definition.
type PlannedRow = (i64, String, String);

impl Metrics {
    /// Metrics to be written as `options` say.
    ///
    /// # Errors
    /// `usage` if a field does not exist.
    pub fn new(options: MetricOptions) -> Result<Self> {
        let names = || FIELDS.iter().map(|field| field.name);
        if let Some(unknown) =
            options.only_on_create.iter().find(|name| !names().any(|one| one == *name))
        {
            return Err(Error::usage(format!("`--only-on-create`: there is no field `{unknown}`"))
                .hint(suggest::hint(unknown, names())));
        }
        Ok(Metrics { options, held: Checked::NotChecked })
    }

    /// Reads all metrics of the project.
    async fn list(&self, context: &Context<'_>) -> Result<Checked<HashMap<String, Value>>> {
        let project = &self.options.project;
        let listed = api::list(context.client, project).all().await;
        let held = listed.map(|metrics| metrics.into_iter().filter_map(keyed).collect());
        if_permitted(held, &format!("The list of metrics of `{project}`"))
    }

    /// The metric that LaunchDarkly holds. One that the list does not have may be archived, so it
    /// is asked for.
    async fn held(&self, context: &Context<'_>, key: &str) -> Result<Holding> {
        let Checked::Known(held) = &self.held else { return Ok(Holding::NotKnown) };
        match held.get(key) {
            Some(metric) => Ok(Holding::Metric(metric.clone())),
            None => one(context, &self.options.project, key).await,
        }
    }

    async fn plan_row(&self, run: &Run<'_>, row: &PlannedRow) -> Result<()> {
        let (number, key, definition) = row;
        let definition = parsed(definition);
        let holding = self.held(&run.context, key).await?;
        match self.decide(key, &definition, &holding) {
            Ok(Some((kind, body))) => insert(run, kind, row, &body),
            Ok(None) => run.state.set_fate(*number, Some(key), Fate::Unchanged, None),
            Err(why) => run.reject(*number, Some(key), &why),
        }
    }

    /// What is to be done for a row, and the body that does it.
    fn decide(
        &self,
        key: &str,
        definition: &Map<String, Value>,
        holding: &Holding,
    ) -> Result<Option<(&'static str, Value)>, Rejection> {
        let mode = self.options.mode;
        let nothing = Value::Null;
        let current = match holding {
            Holding::Nothing if mode == MetricMode::Update => return Ok(None),
            Holding::Nothing => {
                return diff::planned(key, definition).map(|body| Some(("create", body)));
            }
            Holding::Metric(_) if mode == MetricMode::Create => return Ok(None),
            // The request decides whether there is one.
            Holding::NotKnown if mode == MetricMode::Create => {
                return diff::planned(key, definition).map(|body| Some(("create", body)));
            }
            Holding::Metric(metric) => metric,
            Holding::NotKnown => &nothing,
        };
        let changes = diff::changes(definition, current, &self.options.only_on_create);
        diff::check_allowed(definition, current, &changes, self.options.allow_in_use)?;
        if changes.is_empty() {
            return Ok(None);
        }
        let patch = diff::patch(&changes, current);
        let is_open = matches!(holding, Holding::NotKnown) && mode == MetricMode::Upsert;
        if !is_open {
            return Ok(Some(("update", patch)));
        }
        // LaunchDarkly's answer decides which of both is sent.
        let creation = diff::planned(key, definition).ok();
        Ok(Some(("update", json!({"update": patch, "create": creation}))))
    }
}

/// The actions that creating and changing metrics takes.
pub fn actions() -> Vec<&'static str> {
    let changes = fields::API_FIELDS.iter().map(|field| field.action);
    let mut actions: Vec<_> =
        ["createMetric", diff::UPDATE_EVENT_DEFAULT].into_iter().chain(changes).collect();
    actions.sort_unstable();
    actions.dedup();
    actions
}

/// What LaunchDarkly holds under a key.
#[derive(Debug)]
enum Holding {
    /// This metric.
    Metric(Value),
    /// None.
    Nothing,
    /// The token may not read metrics.
    NotKnown,
}

async fn one(context: &Context<'_>, project: &str, key: &str) -> Result<Holding> {
    let found = context.client.object::<Value>(&api::one(project, key)).await;
    match found {
        Err(error) if error.http_status() == Some(404) => Ok(Holding::Nothing),
        found => {
            let checked = if_permitted(found, &format!("The metric `{key}`"))?;
            Ok(checked.known().map_or(Holding::NotKnown, Holding::Metric))
        }
    }
}

fn keyed(metric: Value) -> Option<(String, Value)> {
    let key = metric["key"].as_str()?.to_owned();
    Some((key, metric))
}

fn parsed(definition: &str) -> Map<String, Value> {
    serde_json::from_str(definition).unwrap_or_default()
}

fn insert(run: &Run<'_>, kind: &str, row: &PlannedRow, body: &Value) -> Result<()> {
    let sql = "INSERT INTO action (kind, row_number, row_key, body) VALUES (?1, ?2, ?3, ?4)";
    let inserted =
        run.state.connection.execute(sql, (kind, row.0, &row.1, body.to_string())).map(drop);
    run.state.or_failed(inserted)
}

/// The rows to plan. Those that were rejected in an earlier run come last.
fn rows(run: &Run<'_>) -> Result<Vec<PlannedRow>> {
    let sql = format!(
        "SELECT s.row_number, s.row_key, s.body FROM source s
         LEFT JOIN fate f USING (row_number)
         LEFT JOIN state.sync_rows r ON r.sync_name = ?1 AND r.row_key = {}
         WHERE f.fate IS NULL
         ORDER BY coalesce(r.status = 'rejected', 0), s.row_number",
        run.state.stored("s.row_key")
    );
    let rows = run.state.connection.prepare(&sql).and_then(|mut statement| {
        let rows = statement.query_map([run.name()], |row| {
            let body: Option<String> = row.get(2)?;
            Ok((row.get(0)?, row.get(1)?, body.unwrap_or_default()))
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    });
    run.state.or_failed(rows)
}

impl SyncObject for Metrics {
    fn name(&self) -> &'static str {
        "metrics"
    }

    fn target(&self) -> String {
        self.options.project.clone()
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn settings(&self) -> Value {
        let MetricOptions { mode, allow_in_use, clears_nulls, only_on_create, .. } = &self.options;
        json!({
            "mode": mode.to_possible_value().map(|mode| mode.get_name().to_owned()),
            "allow_in_use": allow_in_use,
            "clears_nulls": clears_nulls,
            "only_on_create": only_on_create,
        })
    }

    async fn inspect(&mut self, context: &Context<'_>) -> Result<()> {
        places::project(context.client, &self.options.project).await?;
        self.held = self.list(context).await?;
        Ok(())
    }

    fn encode(&mut self, row: &Row<'_>, encoded: &mut Encoded) -> Result<(), Rejection> {
        encoded.set_key(row.get(fields::KEY), "key")?;
        fields::check_key(encoded.key.as_deref().unwrap_or_default())?;
        let definition = fields::definition(row, self.options.clears_nulls)?;
        encoded.body = Value::Object(definition).to_string();
        Ok(())
    }

    async fn plan(&mut self, run: &mut Run<'_>) -> Result<()> {
        for row in rows(run)? {
            run.context.interrupt.check()?;
            self.plan_row(run, &row).await?;
        }
        Ok(())
    }

    async fn apply(&mut self, run: &mut Run<'_>) -> Result<()> {
        apply::apply(self, run).await
    }
}
