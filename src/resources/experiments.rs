//! Experiments: `GET /api/v2/projects/{project}/experiments`, active and archived, with all their
//! iterations: <https://launchdarkly.com/docs/api/experiments/get-experiments-any-env>.

use serde::Deserialize;

use super::experiment_iterations::{self, Iteration, write_iteration};
use super::keys::{self, parts, tag_table};
use crate::Result;
use crate::launchdarkly::lenient::bounded::list;
use crate::launchdarkly::lenient::{
    Identifier, Moment, NumberField, TextField, identifiers, object, required_identifier, time,
};
use crate::model::resource::{Dropped, Group, ListResource, Paging, Resource};
use crate::model::scope::{Level, Scope};
use crate::model::table::{
    Column, Lenient, Sink, Table, TableInfo, Written, write_row, write_rows,
};

/// The experiments of a project, in all of its environments.
pub struct Experiments;

impl Resource for Experiments {
    type Item = Experiment;
    const NAME: &'static str = "experiments";
    const PATH: &'static str = "/api/v2/projects/{project}/experiments";
    const LEVEL: Level = Level::Project;
    const PERMISSION: &'static str = "viewProject";
    const GROUP: Group = Group::All;
    const PAGING: Paging = Paging::Offset(100);
    const QUERY: &'static [(&'static str, &'static str)] = &[
        ("lifecycleState", "active,archived"),
        ("expand", "previousIterations,draftIteration,secondaryMetrics,treatments,analysisConfig"),
    ];
    const PLAN: Option<&'static str> = Some("plans with Experimentation");
    const REQUESTS: &'static str = "a project: ⌈experiments / 100⌉, but at least 1";
    const TABLES: &'static [fn() -> TableInfo] = &[
        ExperimentTable::info,
        TagTable::info,
        experiment_iterations::IterationTable::info,
        experiment_iterations::FlagTable::info,
        experiment_iterations::MetricTable::info,
        experiment_iterations::TreatmentTable::info,
    ];
    const DROPPED: &'static [Dropped] = experiment_iterations::DROPPED;

    fn write(scope: &Scope, experiment: &Experiment, sink: &mut dyn Sink) -> Result<()> {
        let row = Row { project_key: scope.project_key(), experiment };
        if write_row::<ExperimentTable>(sink, &row)? != Written::Fresh {
            return Ok(());
        }
        write_rows::<TagTable>(sink, parts(row, &experiment.tags))?;
        for (index, iteration) in experiment.iterations() {
            write_iteration(row.place(index), iteration, sink)?;
        }
        Ok(())
    }
}

impl ListResource for Experiments {
    /// Whether two environments may use one key is not documented.
    fn key(experiment: &Experiment) -> &str {
        let id = experiment.id.as_ref().and_then(Lenient::value);
        id.map_or(&experiment.key, |id| &id.0)
    }
}

/// An experiment.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Experiment {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    #[serde(deserialize_with = "required_identifier")]
    environment_key: String,
    #[serde(rename = "_id")]
    id: Option<Lenient<Identifier>>,
    #[serde(default)]
    name: Lenient<String>,
    description: Option<Lenient<String>>,
    #[serde(rename = "type")]
    kind: Option<Lenient<String>>,
    methodology: Option<Lenient<String>>,
    data_source: Option<Lenient<String>>,
    #[serde(rename = "_maintainerId")]
    maintainer_id: Option<Lenient<Identifier>>,
    holdout_id: Option<Lenient<Identifier>>,
    #[serde(default, deserialize_with = "object")]
    analysis_config: Option<AnalysisConfig>,
    #[serde(rename = "_creationDate", default)]
    creation_date: Lenient<Moment>,
    #[serde(default, deserialize_with = "time")]
    archived_date: Option<i64>,
    #[serde(default, deserialize_with = "identifiers")]
    tags: Vec<String>,
    current_iteration: Option<Iteration>,
    draft_iteration: Option<Iteration>,
    #[serde(default, deserialize_with = "list")]
    previous_iterations: Vec<Iteration>,
}

/// How results are analysed. The numbers come as text.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnalysisConfig {
    bayesian_threshold: Option<Lenient<String>>,
    significance_threshold: Option<Lenient<String>>,
    test_direction: Option<Lenient<String>>,
    multiple_comparison_correction_method: Option<Lenient<String>>,
    multiple_comparison_correction_scope: Option<Lenient<String>>,
    sequential_testing_enabled: Option<Lenient<bool>>,
}

impl Experiment {
    /// The iterations by index: 0 is the current one, earlier ones follow, -1 is a draft.
    ///
    /// Whether one can be in two places is not documented; it counts where it is found first.
    fn iterations(&self) -> Vec<(i64, &Iteration)> {
        let current = self.current_iteration.iter().map(|iteration| (0, iteration));
        let previous = (1..).zip(&self.previous_iterations);
        let draft = self.draft_iteration.iter().map(|iteration| (-1, iteration));
        let mut found: Vec<(i64, &Iteration)> = Vec::new();
        for (index, iteration) in current.chain(previous).chain(draft) {
            if !found.iter().any(|(_, earlier)| earlier.is_same(iteration)) {
                found.push((index, iteration));
            }
        }
        found
    }
}

#[derive(Clone, Copy)]
struct Row<'a> {
    project_key: &'a str,
    experiment: &'a Experiment,
}

impl<'a> Row<'a> {
    fn place(self, iteration_index: i64) -> experiment_iterations::Place<'a> {
        experiment_iterations::Place {
            project_key: self.project_key,
            environment_key: &self.experiment.environment_key,
            experiment_key: &self.experiment.key,
            iteration_index,
        }
    }

    fn analysis(&self) -> Option<&'a AnalysisConfig> {
        self.experiment.analysis_config.as_ref()
    }
}

struct ExperimentTable;
type X = Column<ExperimentTable>;

impl Table for ExperimentTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "experiments";
    const DOC: &'static str = "One row per experiment in an environment, active or archived.";
    const KEY: &'static [&'static str] = &["project_key", "environment_key", "experiment_key"];
    const PARENTS: &'static [&'static str] = &["projects"];
    const CREATED: Option<&'static str> = Some("created_at");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        X::text(
            "environment_key",
            "Experiment.environmentKey",
            "Key of the environment it runs in.",
            |row| &row.experiment.environment_key,
        ),
        keys::experiment(|row| &row.experiment.key),
        X::lenient_text("experiment_id", "Experiment._id", "ID of the experiment.", |row| {
            row.experiment.id.text()
        }),
        X::lenient_text("name", "Experiment.name", "Name of the experiment.", |row| {
            row.experiment.name.text()
        }),
        X::lenient_text("description", "Experiment.description", "What it is for.", |row| {
            row.experiment.description.text()
        }),
        X::lenient_text("type", "Experiment.type", "Such as `experiment`.", |row| {
            row.experiment.kind.text()
        }),
        X::lenient_text(
            "methodology",
            "Experiment.methodology",
            "How results are analysed: `bayesian`, `frequentist` or `export_only`.",
            |row| row.experiment.methodology.text(),
        ),
        X::lenient_text(
            "data_source",
            "Experiment.dataSource",
            "Where metrics come from: `launchdarkly` or `snowflake`.",
            |row| row.experiment.data_source.text(),
        ),
        X::lenient_text(
            "maintainer_id",
            "Experiment._maintainerId",
            "ID of the member who maintains it.",
            |row| row.experiment.maintainer_id.text(),
        ),
        X::lenient_text("holdout_id", "Experiment.holdoutId", "ID of its holdout.", |row| {
            row.experiment.holdout_id.text()
        }),
        X::lenient_text(
            "analysis_bayesian_threshold",
            "AnalysisConfigRep.bayesianThreshold",
            "Probability above which a variation wins, from 0 to 100, as text.",
            |row| row.analysis()?.bayesian_threshold.text(),
        ),
        X::lenient_text(
            "analysis_significance_threshold",
            "AnalysisConfigRep.significanceThreshold",
            "Significance level, from 0.0 to 1.0, as text.",
            |row| row.analysis()?.significance_threshold.text(),
        ),
        X::lenient_text(
            "analysis_test_direction",
            "AnalysisConfigRep.testDirection",
            "Whether the test has one side or two.",
            |row| row.analysis()?.test_direction.text(),
        ),
        X::lenient_text(
            "analysis_multiple_comparison_correction_method",
            "AnalysisConfigRep.multipleComparisonCorrectionMethod",
            "How multiple comparisons are corrected: `bonferroni` or `benjamini-hochberg`.",
            |row| row.analysis()?.multiple_comparison_correction_method.text(),
        ),
        X::lenient_text(
            "analysis_multiple_comparison_correction_scope",
            "AnalysisConfigRep.multipleComparisonCorrectionScope",
            "Over what: `variations`, `metrics` or `variations-and-metrics`.",
            |row| row.analysis()?.multiple_comparison_correction_scope.text(),
        ),
        X::lenient_bool(
            "analysis_sequential_testing_enabled",
            "AnalysisConfigRep.sequentialTestingEnabled",
            "Whether results may be looked at while they come in.",
            |row| row.analysis()?.sequential_testing_enabled,
        ),
        X::lenient_time("created_at", "Experiment._creationDate", "When it was created.", |row| {
            row.experiment.creation_date.number()
        }),
        X::time_opt("archived_at", "Experiment.archivedDate", "When it was archived.", |row| {
            row.experiment.archived_date.filter(|time| *time > 0)
        }),
    ];
}

tag_table! {
    TagTable: "experiment_tags", part of "experiments", "One row per tag on each experiment.",
    of: Row<'a>,
    key: ["project_key", "environment_key", "experiment_key"],
    columns: [
        keys::project(|row| row.of.project_key),
        keys::experiment_environment(|row| &row.of.experiment.environment_key),
        keys::experiment(|row| &row.of.experiment.key),
    ],
    tags: "Experiment.tags",
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(iterations: &str) -> Experiment {
        let head = r#""key":"k","name":"n","environmentKey":"e","_creationDate":1"#;
        serde_json::from_str(&format!("{{{head},{iterations}}}")).unwrap()
    }

    fn indices(iterations: &str) -> Vec<i64> {
        experiment(iterations).iterations().iter().map(|(index, _)| *index).collect()
    }

    #[test]
    fn iterations_are_found_once_wherever_they_are() {
        let run = |id: &str| format!(r#"{{"_id":"{id}","status":"stopped"}}"#);
        let fields = |current, previous, draft| {
            format!(
                r#""currentIteration":{},"previousIterations":[{},{}],"draftIteration":{}"#,
                run(current),
                run("a"),
                run(previous),
                run(draft)
            )
        };
        assert_eq!(indices(&fields("c", "b", "d")), [0, 1, 2, -1]);
        assert_eq!(indices(&fields("c", "b", "c")), [0, 1, 2]);
        assert_eq!(indices(&fields("c", "c", "a")), [0, 1]);
        let nameless = r#"{"status":"stopped"}"#;
        assert_eq!(indices(&format!(r#""previousIterations":[{nameless},{nameless}]"#)), [1, 2]);
        assert!(indices(r#""previousIterations":null,"draftIteration":null"#).is_empty());
    }
}
