//! The table `experiments`.

use super::Row;
use crate::resources::prelude::*;

pub(super) struct ExperimentTable;
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
        common::name("Experiment.name", |row| row.experiment.name.text()),
        common::description("Experiment.description", |row| row.experiment.description.text()),
        X::lenient_text(
            "type",
            "Experiment.type",
            "Type of the experiment, such as `experiment`.",
            |row| row.experiment.kind.text(),
        ),
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
        common::maintainer_id("Experiment._maintainerId", |row| {
            row.experiment.maintainer_id.text()
        }),
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
            "Whether the test is one-sided or two-sided.",
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
            "Scope of that correction: `variations`, `metrics` or `variations-and-metrics`.",
            |row| row.analysis()?.multiple_comparison_correction_scope.text(),
        ),
        X::lenient_bool(
            "analysis_sequential_testing_enabled",
            "AnalysisConfigRep.sequentialTestingEnabled",
            "Whether sequential testing is on, which allows looking at results while they arrive.",
            |row| row.analysis()?.sequential_testing_enabled,
        ),
        common::created_at("Experiment._creationDate", |row| row.experiment.creation_date.number()),
        X::time_opt("archived_at", "Experiment.archivedDate", "When it was archived.", |row| {
            row.experiment.archived_date.filter(|time| *time > 0)
        }),
    ];
}
