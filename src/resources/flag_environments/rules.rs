//! The tables of targeting rules and percentage rollouts.

use super::{RolloutRow, Row, Rule};
use crate::resources::prelude::*;

pub(in crate::resources) struct RuleTable;
type R = Column<RuleTable>;

impl Table for RuleTable {
    type Row<'a> = Part<'a, Row<'a>, Rule>;
    const NAME: &'static str = "flag_rules";
    const DOC: &'static str = "One row per targeting rule of each flag in each environment.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "environment_key", "rule_index"];
    const PART_OF: Option<&'static str> = Some("flag_environments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.of.project_key),
        keys::flag(|row| row.of.flag_key),
        keys::environment(|row| row.of.environment_key),
        R::int(
            "rule_index",
            "FeatureFlagConfig.rules",
            "Position, from 0; the first rule that matches decides.",
            |row| row.index,
        ),
        R::lenient_text("rule_id", "Rule._id", "ID of the rule.", |row| row.item.id.text()),
        common::description("Rule.description", |row| row.item.description.text()),
        R::int_opt(
            "variation",
            "Rule.variation",
            "Index of the variation served; NULL where the rule is a rollout.",
            |row| row.item.variation,
        ),
        R::json(
            "clauses",
            "Rule.clauses",
            "The conditions, all of which must hold, as JSON.",
            |row| row.item.clauses.get(),
        ),
        R::lenient_bool(
            "track_events",
            "Rule.trackEvents",
            "Whether detailed events are sent.",
            |row| Some(row.item.track_events),
        ),
        R::bool_opt("disabled", "Rule.disabled", "Whether the rule is disabled.", |row| {
            row.item.disabled
        }),
        R::lenient_text(
            "reference",
            "Rule.ref",
            "Reference that the author of the rule gave it.",
            |row| row.item.reference.text(),
        ),
    ];
}

pub(in crate::resources) struct RolloutTable;
type O = Column<RolloutTable>;

impl Table for RolloutTable {
    type Row<'a> = RolloutRow<'a>;
    const NAME: &'static str = "flag_rollouts";
    const DOC: &'static str = "One row per variation of each percentage rollout.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "environment_key", "rule_index", "variation"];
    const PART_OF: Option<&'static str> = Some("flag_environments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::flag(|row| row.row.flag_key),
        keys::environment(|row| row.row.environment_key),
        O::int(
            "rule_index",
            "FeatureFlagConfig.rules",
            "Position of the rule, from 0; -1 is the default rule.",
            |row| row.index,
        ),
        O::int("variation", "WeightedVariation.variation", "Index of the variation.", |row| {
            row.variation
        }),
        O::int(
            "weight",
            "WeightedVariation.weight",
            "Share of contexts, in thousandths of a percent.",
            |row| row.share.weight,
        ),
        O::lenient_text(
            "bucket_by",
            "Rollout.bucketBy",
            "Context attribute by which contexts are divided.",
            |row| row.rollout.bucket_by.text(),
        ),
        O::lenient_text(
            "context_kind",
            "Rollout.contextKind",
            "Context kind that the rollout divides.",
            |row| row.rollout.context_kind.text(),
        ),
        O::int(
            "untracked_weight",
            "WeightedVariation._untracked",
            "Part of the share that an experiment does not count, in thousandths of a percent.",
            |row| row.share.untracked_weight,
        ),
        O::lenient_int("seed", "Rollout.seed", "Seed of an experiment's assignment.", |row| {
            row.rollout.seed
        }),
        O::lenient_json(
            "experiment_allocation",
            "Rollout.experimentAllocation",
            "How an experiment assigns contexts, as JSON.",
            |row| row.rollout.experiment_allocation.json(),
        ),
    ];
}
