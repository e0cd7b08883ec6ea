//! Experiments: `GET /api/v2/projects/{project}/experiments`, active and archived, with all their
//! iterations: <https://launchdarkly.com/docs/api/experiments/get-experiments-any-env>.

mod experiment_table;

use crate::resources::experiment_iterations::{self, Iteration, write_iteration};
use crate::resources::prelude::*;
use experiment_table::ExperimentTable;

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
    /// The ID: the API does not document whether two environments may share a key.
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
    /// The API does not document whether one can be listed twice; only the first one is used.
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
