//! The table `flag_environments`.

use super::{Row, count_of};
use crate::resources::prelude::*;

pub(in crate::resources) struct EnvironmentTable;
type E = Column<EnvironmentTable>;

impl Table for EnvironmentTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "flag_environments";
    const DOC: &'static str = "One row per flag and environment, archived flags excepted: how the flag is configured there.";
    const KEY: &'static [&'static str] = &["project_key", "flag_key", "environment_key"];
    const PARENTS: &'static [&'static str] = &["flags", "environments"];
    const VERSION: Option<&'static str> = Some("version");
    const HISTORY: bool = true;
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.project_key),
        keys::flag(|row| row.flag_key),
        E::text("environment_key", "FeatureFlag.environments", "Key of the environment.", |row| {
            row.environment_key
        }),
        E::bool("is_on", "FeatureFlagConfig.on", "Whether targeting is on.", |row| row.config.on),
        E::int(
            "version",
            "FeatureFlagConfig.version",
            "Counts changes to the flag in this environment.",
            |row| row.config.version,
        )
        .volatile(),
        E::lenient_time(
            "last_modified_at",
            "FeatureFlagConfig.lastModified",
            "When the flag last changed in this environment.",
            |row| row.config.last_modified.number(),
        )
        .volatile(),
        E::int_opt(
            "fallthrough_variation",
            "VariationOrRolloutRep.variation",
            "Index of the variation that the default rule serves; NULL for a rollout.",
            |row| row.config.default_rule.as_ref()?.variation,
        ),
        E::int_opt(
            "off_variation",
            "FeatureFlagConfig.offVariation",
            "Index of the variation served when off; NULL where the fallback in code is served.",
            |row| row.config.off_variation,
        ),
        E::int("rule_count", "FeatureFlagConfig.rules", "Number of rules.", |row| {
            count_of(row.config.rules.as_ref())
        }),
        E::int(
            "target_count",
            "FeatureFlagConfig.targets",
            "Number of individually targeted users.",
            |row| row.targets(|kind| kind == "user"),
        ),
        E::int(
            "context_target_count",
            "FeatureFlagConfig.contextTargets",
            "Number of individually targeted contexts of other kinds.",
            |row| row.targets(|kind| kind != "user"),
        ),
        E::int(
            "prerequisite_count",
            "FeatureFlagConfig.prerequisites",
            "Number of prerequisites.",
            |row| count_of(row.config.prerequisites.as_ref()),
        ),
        E::lenient_bool(
            "track_events",
            "FeatureFlagConfig.trackEvents",
            "Whether detailed events are sent for all rules.",
            |row| Some(row.config.track_events),
        ),
        E::lenient_bool(
            "track_events_fallthrough",
            "FeatureFlagConfig.trackEventsFallthrough",
            "Whether detailed events are sent for the default rule.",
            |row| Some(row.config.track_events_fallthrough),
        ),
        E::lenient_time(
            "debug_events_until_at",
            "FeatureFlagConfig._debugEventsUntilDate",
            "End of the period in which debug events are sent.",
            |row| row.config.debug_events_until.number(),
        ),
        E::lenient_int(
            "migration_check_ratio",
            "FlagConfigMigrationSettingsRep.checkRatio",
            "For a migration flag: one in this number of reads is checked for consistency.",
            |row| row.config.migration_settings.as_ref()?.check_ratio,
        ),
        E::lenient_json(
            "evaluated_context_kinds",
            "FlagConfigEvaluation.contextKinds",
            "Context kinds it was evaluated for in the past 30 days, as a JSON array.",
            |row| row.config.evaluation.as_ref()?.context_kinds.json(),
        )
        .volatile(),
        E::json_opt(
            "targeting_variations",
            "-",
            "Indexes of the variations that targeting can serve while all prerequisites are met, sorted, as a JSON array (see `served_variations`); NULL where that is unknown.",
            |row| row.targeting_variations,
        ),
    ];
}
