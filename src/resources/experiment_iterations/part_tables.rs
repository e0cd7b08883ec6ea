//! The tables of an iteration's parts: its flags, metrics and treatments.

use super::{FlagRow, Measure, Place, Treatment, of_iteration};
use crate::resources::prelude::*;

pub(in crate::resources) struct FlagTable;
type F = Column<FlagTable>;

impl Table for FlagTable {
    type Row<'a> = FlagRow<'a>;
    const NAME: &'static str = "experiment_flags";
    const DOC: &'static str = "One row per flag of each iteration of an experiment.";
    const KEY: &'static [&'static str] =
        &["project_key", "environment_key", "experiment_key", "iteration_index", "flag_key"];
    const PART_OF: Option<&'static str> = Some("experiments");
    const COLUMNS: &'static [Column<Self>] = of_iteration![
        FlagTable,
        F::text("flag_key", "IterationRep.flags", "Key of the flag.", |row| row.flag_key),
        F::lenient_text(
            "targeting_rule",
            "FlagRep.targetingRule",
            "ID of the rule whose contexts take part, or `fallthrough`.",
            |row| row.flag.targeting_rule.text(),
        ),
        F::lenient_text(
            "targeting_rule_description",
            "FlagRep.targetingRuleDescription",
            "Description of the rule.",
            |row| row.flag.targeting_rule_description.text(),
        ),
        F::lenient_json(
            "targeting_rule_clauses",
            "FlagRep.targetingRuleClauses",
            "Conditions of the rule, as a JSON array.",
            |row| row.flag.targeting_rule_clauses.json(),
        ),
        F::lenient_int(
            "flag_config_version",
            "FlagRep.flagConfigVersion",
            "Version of the flag in the environment, as in flag_environments.version.",
            |row| row.flag.flag_config_version,
        ),
        F::lenient_text(
            "not_in_experiment_variation_id",
            "FlagRep.notInExperimentVariationId",
            "ID of the variation for contexts that do not take part.",
            |row| row.flag.not_in_experiment_variation_id.text(),
        ),
    ];
}

pub(in crate::resources) struct MetricTable;
type M = Column<MetricTable>;

impl Table for MetricTable {
    type Row<'a> = Part<'a, Place<'a>, Measure<'a>>;
    const NAME: &'static str = "experiment_metrics";
    const DOC: &'static str =
        "One row per metric or metric group of each iteration of an experiment.";
    const KEY: &'static [&'static str] =
        &["project_key", "environment_key", "experiment_key", "iteration_index", "metric_index"];
    const PART_OF: Option<&'static str> = Some("experiments");
    const COLUMNS: &'static [Column<Self>] = of_iteration![
        MetricTable,
        M::int(
            "metric_index",
            "IterationRep.metrics",
            "Position from 0, the primary metric first.",
            |row| row.index,
        ),
        M::text(
            "metric_key",
            "DependentMetricOrMetricGroupRep.key",
            "Key of the metric or metric group.",
            |row| &row.item.metric.key,
        ),
        M::bool(
            "is_metric_group",
            "DependentMetricOrMetricGroupRep.isGroup",
            "Whether the key is that of a metric group.",
            |row| row.item.is_group,
        ),
        M::bool(
            "is_primary",
            "IterationRep.primaryMetric",
            "Whether it is the experiment's primary metric.",
            |row| row.item.is_primary,
        ),
        M::lenient_text(
            "metric_version_id",
            "DependentMetricOrMetricGroupRep._versionId",
            "ID of the version that is measured.",
            |row| row.item.metric.version_id.text(),
        ),
    ];
}

pub(in crate::resources) struct TreatmentTable;
type T = Column<TreatmentTable>;

impl Table for TreatmentTable {
    type Row<'a> = Part<'a, Place<'a>, Treatment>;
    const NAME: &'static str = "experiment_treatments";
    const DOC: &'static str = "One row per treatment of each iteration of an experiment.";
    const KEY: &'static [&'static str] =
        &["project_key", "environment_key", "experiment_key", "iteration_index", "treatment_index"];
    const PART_OF: Option<&'static str> = Some("experiments");
    const COLUMNS: &'static [Column<Self>] = of_iteration![
        TreatmentTable,
        T::int("treatment_index", "IterationRep.treatments", "Position, from 0.", |row| row.index),
        T::lenient_text("treatment_id", "TreatmentRep._id", "ID of the treatment.", |row| {
            row.item.id.text()
        }),
        common::name("TreatmentRep.name", |row| row.item.name.text()),
        T::lenient_text(
            "allocation_percent",
            "TreatmentRep.allocationPercent",
            "Percentage of traffic that is allocated to it, as text.",
            |row| row.item.allocation_percent.text(),
        ),
        T::lenient_bool(
            "baseline",
            "TreatmentRep.baseline",
            "Whether it is the baseline that the others are compared with.",
            |row| row.item.baseline,
        ),
        T::lenient_json(
            "parameters",
            "TreatmentRep.parameters",
            "The flags with the IDs of the variations they serve, as a JSON array.",
            |row| row.item.parameters.json(),
        ),
    ];
}
