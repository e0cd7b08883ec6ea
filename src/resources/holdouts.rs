//! Holdouts: `GET /api/v2/projects/{project}/environments/{environment}/holdouts`,
//! <https://launchdarkly.com/docs/api/holdouts/get-all-holdouts>.

use crate::resources::prelude::*;

/// The holdouts of an environment: contexts that are excluded from experiments.
pub struct Holdouts;

impl Resource for Holdouts {
    type Item = Holdout;
    const NAME: &'static str = "holdouts";
    const PATH: &'static str = "/api/v2/projects/{project}/environments/{environment}/holdouts";
    const LEVEL: Level = Level::Environment;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Offset(100);
    const PLAN: Option<&'static str> = Some("plans with Experimentation");
    const REQUESTS: &'static str = "an environment: ⌈holdouts / 100⌉, but at least 1";
    const TABLES: &'static [fn() -> TableInfo] = &[HoldoutTable::info, ExperimentTable::info];
    const DROPPED: &'static [Dropped] =
        &[dropped("RelatedExperimentRep.name", "duplicate of experiments.name")];

    fn write(scope: &Scope, holdout: &Holdout, sink: &mut dyn Sink) -> Result<()> {
        let row = InScope::new(scope, holdout);
        if write_row::<HoldoutTable>(sink, &row)? != Written::Fresh {
            return Ok(());
        }
        let experiments = holdout.experiments.iter();
        let rows = experiments.filter_map(|experiment| {
            let experiment_key = experiment.key.as_deref()?;
            Some(ExperimentRow { row, experiment_key, experiment })
        });
        write_rows::<ExperimentTable>(sink, rows)
    }
}

impl ListResource for Holdouts {
    fn key(holdout: &Holdout) -> &str {
        &holdout.key
    }
}

/// A holdout. Every field is optional in the API's schema, even the key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Holdout {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(rename = "_id")]
    id: Option<Lenient<Identifier>>,
    name: Option<Lenient<String>>,
    status: Option<String>,
    created_at: Option<Lenient<Moment>>,
    updated_at: Option<Lenient<Moment>>,
    #[serde(default, deserialize_with = "list")]
    experiments: Vec<RelatedExperiment>,
}

#[derive(Debug, Deserialize)]
struct RelatedExperiment {
    #[serde(default, deserialize_with = "identifier")]
    key: Option<String>,
    environment: Option<Lenient<String>>,
}

type Row<'a> = InScope<'a, Holdout>;

struct HoldoutTable;
type H = Column<HoldoutTable>;

impl Table for HoldoutTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "holdouts";
    const DOC: &'static str = "One row per holdout of each environment.";
    const KEY: &'static [&'static str] = &["project_key", "environment_key", "holdout_key"];
    const PARENTS: &'static [&'static str] = &["environments"];
    const CREATED: Option<&'static str> = Some("created_at");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        keys::environment(|row| row.environment_key),
        keys::holdout(|row| &row.item.key),
        H::lenient_text("holdout_id", "SimpleHoldoutRep._id", "ID of the holdout.", |row| {
            row.item.id.text()
        }),
        common::name("SimpleHoldoutRep.name", |row| row.item.name.text()),
        H::text_opt("status", "SimpleHoldoutRep.status", "Such as `running`.", |row| {
            row.item.status.as_deref()
        }),
        common::created_at("SimpleHoldoutRep.createdAt", |row| row.item.created_at.number()),
        H::lenient_time(
            "updated_at",
            "SimpleHoldoutRep.updatedAt",
            "When it last changed.",
            |row| row.item.updated_at.number(),
        ),
    ];
}

struct ExperimentRow<'a> {
    row: Row<'a>,
    experiment_key: &'a str,
    experiment: &'a RelatedExperiment,
}

struct ExperimentTable;
type X = Column<ExperimentTable>;

impl Table for ExperimentTable {
    type Row<'a> = ExperimentRow<'a>;
    const NAME: &'static str = "holdout_experiments";
    const DOC: &'static str = "One row per experiment from which a holdout excludes contexts.";
    const KEY: &'static [&'static str] =
        &["project_key", "environment_key", "holdout_key", "experiment_key"];
    const PART_OF: Option<&'static str> = Some("holdouts");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::environment(|row| row.row.environment_key),
        keys::holdout(|row| &row.row.item.key),
        X::text("experiment_key", "RelatedExperimentRep.key", "Key of the experiment.", |row| {
            row.experiment_key
        }),
        X::lenient_text(
            "experiment_environment",
            "RelatedExperimentRep.environment",
            "The experiment's environment, as this endpoint of LaunchDarkly names it.",
            |row| row.experiment.environment.text(),
        ),
    ];
}
