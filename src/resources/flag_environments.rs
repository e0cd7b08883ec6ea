//! A flag's configuration in one environment: part of the flags list where `env` names the
//! environment and `summary=0` asks for rules and targets.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::decode::{json_list, null};
use super::keys::{self, Part, parts};
use crate::launchdarkly::lenient::bounded::{list, or_default, present};
use crate::launchdarkly::lenient::{
    Identifier, JsonField, JsonList, JsonObject, Moment, NumberField, TextField, object,
    required_identifier,
};
use crate::model::table::{Column, Lenient, Sink, Table, Written, write_row, write_rows};
use crate::{Error, Result};

/// The table of end users' identifiers, which is filled only where it is asked for.
pub const TARGET_VALUES: &str = "flag_target_values";

/// A flag's configuration in one environment.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlagConfig {
    on: bool,
    version: i64,
    #[serde(default)]
    last_modified: Lenient<Moment>,
    off_variation: Option<i64>,
    #[serde(rename = "fallthrough")]
    default_rule: Option<Serve>,
    #[serde(default, deserialize_with = "present")]
    rules: Option<Vec<Rule>>,
    #[serde(default, deserialize_with = "present")]
    targets: Option<Vec<Target>>,
    #[serde(default, deserialize_with = "present")]
    context_targets: Option<Vec<Target>>,
    #[serde(default, deserialize_with = "present")]
    prerequisites: Option<Vec<Prerequisite>>,
    #[serde(default)]
    track_events: Lenient<bool>,
    #[serde(default)]
    track_events_fallthrough: Lenient<bool>,
    #[serde(rename = "_debugEventsUntilDate")]
    debug_events_until: Option<Lenient<Moment>>,
    #[serde(rename = "_summary")]
    summary: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "object")]
    evaluation: Option<Evaluation>,
    #[serde(default, deserialize_with = "object")]
    migration_settings: Option<MigrationSettings>,
}

/// What is served: one variation, or several by weight.
#[derive(Debug, Deserialize)]
struct Serve {
    variation: Option<i64>,
    rollout: Option<Rollout>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rollout {
    #[serde(default, deserialize_with = "list")]
    variations: Vec<Weighted>,
    bucket_by: Option<Lenient<String>>,
    context_kind: Option<Lenient<String>>,
    seed: Option<Lenient<i64>>,
    experiment_allocation: Option<Lenient<JsonObject>>,
}

#[derive(Debug, Deserialize)]
struct Weighted {
    variation: i64,
    weight: i64,
    #[serde(rename = "_untracked", default, deserialize_with = "or_default")]
    untracked: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    #[serde(rename = "_id")]
    id: Option<Lenient<Identifier>>,
    description: Option<Lenient<String>>,
    variation: Option<i64>,
    rollout: Option<Rollout>,
    #[serde(deserialize_with = "json_list")]
    clauses: Box<RawValue>,
    #[serde(default)]
    track_events: Lenient<bool>,
    disabled: Option<bool>,
    #[serde(rename = "ref")]
    reference: Option<Lenient<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    /// End users' identifiers: counted, and taken apart only where they are wanted.
    #[serde(default = "null")]
    values: Box<RawValue>,
    variation: i64,
    context_kind: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Prerequisite {
    #[serde(deserialize_with = "required_identifier")]
    key: String,
    variation: i64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Evaluation {
    context_kinds: Option<Lenient<JsonList>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MigrationSettings {
    check_ratio: Option<Lenient<i64>>,
}

/// Writes a flag's configuration in one environment.
///
/// # Errors
/// When the sink refuses a row, or the configuration came without its details.
pub(super) fn write_environment(
    project_key: &str,
    flag_key: &str,
    environment_key: &str,
    config: &FlagConfig,
    sink: &mut dyn Sink,
) -> Result<()> {
    config.check(flag_key, environment_key)?;
    let targets = config.target_counts();
    let row = Row { project_key, flag_key, environment_key, config, targets: &targets };
    match write_row::<EnvironmentTable>(sink, &row)? {
        Written::Kept | Written::Outdated => Ok(()),
        Written::Fresh => write_parts(row, sink),
    }
}

fn write_parts(row: Row<'_>, sink: &mut dyn Sink) -> Result<()> {
    let config = row.config;
    write_rows::<RuleTable>(sink, parts(row, config.rules.iter().flatten()))?;
    for (index, rollout) in config.rollouts() {
        let shares = rollout.shares();
        let rows = shares.iter().map(|(variation, share)| RolloutRow {
            row,
            index,
            rollout,
            variation: *variation,
            share,
        });
        write_rows::<RolloutTable>(sink, rows)?;
    }
    let targets = row.targets.iter();
    let targets = targets.map(|((kind, variation), count)| TargetRow {
        row,
        kind,
        variation: *variation,
        count: *count,
    });
    write_rows::<TargetTable>(sink, targets)?;
    if sink.wants(TargetValueTable::NAME) {
        write_target_values(row, sink)?;
    }
    let prerequisites = config.prerequisites.iter().flatten();
    let prerequisites = prerequisites.map(|prerequisite| PrerequisiteRow { row, prerequisite });
    write_rows::<PrerequisiteTable>(sink, prerequisites)
}

fn write_target_values(row: Row<'_>, sink: &mut dyn Sink) -> Result<()> {
    for target in row.config.all_targets() {
        let path = || format!("{}.environments.{}.targets", row.flag_key, row.environment_key);
        let values = target.values().ok_or_else(|| {
            Error::unexpected("flags", &path(), "a target's values are no strings")
        })?;
        let rows = values.iter().map(|value| TargetValueRow { row, target, value });
        write_rows::<TargetValueTable>(sink, rows)?;
    }
    Ok(())
}

impl FlagConfig {
    /// Looks for what a typed field cannot tell.
    ///
    /// A server that ignores `summary=0` would make every flag look as if it had no rules.
    fn check(&self, flag_key: &str, environment_key: &str) -> Result<()> {
        let path = format!("{flag_key}.environments.{environment_key}");
        if self.all_targets().any(|target| !target.values.get().starts_with(['[', 'n'])) {
            return Err(Error::unexpected("flags", &path, "a target's values are no list"));
        }
        let detailed = self.rules.is_some()
            || self.targets.is_some()
            || self.prerequisites.is_some()
            || self.default_rule.is_some();
        if detailed || self.summary.is_none() {
            return Ok(());
        }
        Err(Error::unexpected("flags", &path, "rules and targets are missing despite `summary=0`"))
    }

    /// Individual targets by context kind and variation.
    ///
    /// Those of kind `user` are in `targets`; `contextTargets` has the others, and may mirror
    /// the users' with empty lists.
    fn target_counts(&self) -> BTreeMap<(&str, i64), i64> {
        let mut counts = BTreeMap::new();
        for target in self.all_targets() {
            *counts.entry((target.kind(), target.variation)).or_default() += target.count();
        }
        counts
    }

    fn all_targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().chain(&self.context_targets).flatten()
    }

    /// Every rollout with the index of its rule; -1 is the default rule.
    fn rollouts(&self) -> impl Iterator<Item = (i64, &Rollout)> {
        let default = self.default_rule.as_ref().and_then(|rule| rule.rollout.as_ref());
        let rules = (0..).zip(self.rules.iter().flatten());
        let rules = rules.filter_map(|(index, rule)| Some((index, rule.rollout.as_ref()?)));
        default.map(|rollout| (-1, rollout)).into_iter().chain(rules)
    }
}

impl Target {
    fn kind(&self) -> &str {
        self.context_kind.as_deref().unwrap_or("user")
    }

    /// A list of anything else has been refused: see [`FlagConfig::check`].
    fn count(&self) -> i64 {
        let values: Option<Vec<IgnoredAny>> =
            serde_json::from_str(self.values.get()).unwrap_or_default();
        count_of(values.as_ref())
    }

    /// The contexts' keys, if they are strings.
    fn values(&self) -> Option<Vec<String>> {
        let values: Option<Vec<String>> = serde_json::from_str(self.values.get()).ok()?;
        Some(values.unwrap_or_default())
    }
}

/// The weight of one variation in a rollout.
#[derive(Default)]
struct Share {
    weight: i64,
    untracked_weight: i64,
}

impl Rollout {
    /// An experiment lists a variation twice, with and without tracking: one row each here.
    fn shares(&self) -> BTreeMap<i64, Share> {
        let mut shares = BTreeMap::<i64, Share>::new();
        for weighted in &self.variations {
            let share = shares.entry(weighted.variation).or_default();
            share.weight = share.weight.saturating_add(weighted.weight);
            if weighted.untracked {
                share.untracked_weight = share.untracked_weight.saturating_add(weighted.weight);
            }
        }
        shares
    }
}

fn count<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

fn count_of<T>(items: Option<&Vec<T>>) -> i64 {
    items.map_or(0, |items| count(items))
}

#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    project_key: &'a str,
    flag_key: &'a str,
    environment_key: &'a str,
    config: &'a FlagConfig,
    targets: &'a BTreeMap<(&'a str, i64), i64>,
}

impl Row<'_> {
    fn targets(&self, wanted: impl Fn(&str) -> bool) -> i64 {
        self.targets.iter().filter(|((kind, _), _)| wanted(kind)).map(|(_, count)| count).sum()
    }
}

pub(super) struct EnvironmentTable;
type E = Column<EnvironmentTable>;

impl Table for EnvironmentTable {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "flag_environments";
    const DOC: &'static str =
        "One row per flag that is not archived and environment: how the flag is configured there.";
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
        E::int("version", "FeatureFlagConfig.version", "Counts changes here.", |row| {
            row.config.version
        })
        .volatile(),
        E::lenient_time(
            "last_modified_at",
            "FeatureFlagConfig.lastModified",
            "When it last changed here.",
            |row| row.config.last_modified.number(),
        )
        .volatile(),
        E::int_opt(
            "fallthrough_variation",
            "VariationOrRolloutRep.variation",
            "Index of the variation of the default rule; NULL where that is a rollout.",
            |row| row.config.default_rule.as_ref()?.variation,
        ),
        E::int_opt(
            "off_variation",
            "FeatureFlagConfig.offVariation",
            "Index of the variation served when off; NULL where code decides.",
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
            "Until when debug events are sent.",
            |row| row.config.debug_events_until.number(),
        ),
        E::lenient_int(
            "migration_check_ratio",
            "FlagConfigMigrationSettingsRep.checkRatio",
            "One in how many reads of a migration flag is checked for consistency.",
            |row| row.config.migration_settings.as_ref()?.check_ratio,
        ),
        E::lenient_json(
            "evaluated_context_kinds",
            "FlagConfigEvaluation.contextKinds",
            "Context kinds it was evaluated for in the past 30 days, as a JSON array.",
            |row| row.config.evaluation.as_ref()?.context_kinds.json(),
        )
        .volatile(),
    ];
}

pub(super) struct RuleTable;
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
            "Position, from 0: first match wins.",
            |row| row.index,
        ),
        R::lenient_text("rule_id", "Rule._id", "ID of the rule.", |row| row.item.id.text()),
        R::lenient_text("description", "Rule.description", "What the rule is for.", |row| {
            row.item.description.text()
        }),
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
            "Reference given by whoever made the rule.",
            |row| row.item.reference.text(),
        ),
    ];
}

pub(super) struct RolloutRow<'a> {
    row: Row<'a>,
    index: i64,
    rollout: &'a Rollout,
    variation: i64,
    share: &'a Share,
}

pub(super) struct RolloutTable;
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
            "The rule; -1 is the default rule.",
            |row| row.index,
        ),
        O::int("variation", "WeightedVariation.variation", "Index of the variation.", |row| {
            row.variation
        }),
        O::int("weight", "WeightedVariation.weight", "Share in thousandths of a percent.", |row| {
            row.share.weight
        }),
        O::lenient_text(
            "bucket_by",
            "Rollout.bucketBy",
            "Attribute that decides the share.",
            |row| row.rollout.bucket_by.text(),
        ),
        O::lenient_text(
            "context_kind",
            "Rollout.contextKind",
            "Context kind it applies to.",
            |row| row.rollout.context_kind.text(),
        ),
        O::int(
            "untracked_weight",
            "WeightedVariation._untracked",
            "The part of the share that an experiment does not count.",
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

pub(super) struct TargetRow<'a> {
    row: Row<'a>,
    kind: &'a str,
    variation: i64,
    count: i64,
}

pub(super) struct TargetTable;
type T = Column<TargetTable>;

impl Table for TargetTable {
    type Row<'a> = TargetRow<'a>;
    const NAME: &'static str = "flag_targets";
    const DOC: &'static str =
        "One row per context kind and variation with individual targets; who they are is not kept.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "environment_key", "context_kind", "variation"];
    const PART_OF: Option<&'static str> = Some("flag_environments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::flag(|row| row.row.flag_key),
        keys::environment(|row| row.row.environment_key),
        T::text("context_kind", "Target.contextKind", "Such as `user` or `device`.", |row| {
            row.kind
        }),
        T::int("variation", "Target.variation", "Index of the variation served.", |row| {
            row.variation
        }),
        T::int("value_count", "Target.values", "Number of contexts targeted.", |row| row.count),
    ];
}

pub(super) struct TargetValueRow<'a> {
    row: Row<'a>,
    target: &'a Target,
    value: &'a str,
}

pub(super) struct TargetValueTable;
type W = Column<TargetValueTable>;

impl Table for TargetValueTable {
    type Row<'a> = TargetValueRow<'a>;
    const NAME: &'static str = TARGET_VALUES;
    const DOC: &'static str =
        "One row per individually targeted context; empty unless `--target-values` asks for them.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "environment_key", "context_kind", "variation", "value"];
    const PART_OF: Option<&'static str> = Some("flag_environments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        keys::flag(|row| row.row.flag_key),
        keys::environment(|row| row.row.environment_key),
        W::text("context_kind", "Target.contextKind", "Such as `user` or `device`.", |row| {
            row.target.kind()
        }),
        W::int("variation", "Target.variation", "Index of the variation served.", |row| {
            row.target.variation
        }),
        W::text("value", "Target.values", "Key of the context.", |row| row.value).personal(),
    ];
}

pub(super) struct PrerequisiteRow<'a> {
    row: Row<'a>,
    prerequisite: &'a Prerequisite,
}

pub(super) struct PrerequisiteTable;
type P = Column<PrerequisiteTable>;

impl Table for PrerequisiteTable {
    type Row<'a> = PrerequisiteRow<'a>;
    const NAME: &'static str = "flag_prerequisites";
    const DOC: &'static str = "One row per flag that another flag depends on in an environment.";
    const KEY: &'static [&'static str] =
        &["project_key", "flag_key", "environment_key", "prerequisite_flag_key"];
    const PART_OF: Option<&'static str> = Some("flag_environments");
    const COLUMNS: &'static [Column<Self>] = &[
        keys::project(|row| row.row.project_key),
        P::text("flag_key", "FeatureFlag.key", "Key of the dependent flag.", |row| {
            row.row.flag_key
        }),
        keys::environment(|row| row.row.environment_key),
        P::text("prerequisite_flag_key", "Prerequisite.key", "Key of the flag needed.", |row| {
            &row.prerequisite.key
        }),
        P::int("variation", "Prerequisite.variation", "Index of the variation needed.", |row| {
            row.prerequisite.variation
        }),
    ];
}
