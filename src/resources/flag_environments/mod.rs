//! A flag's configuration in one environment: part of the flags list where `env` names the
//! environment and `summary=0` asks for rules and targets.

mod environment_table;
mod rules;
mod served;
mod targets;
mod write;

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::Error;
use crate::launchdarkly::lenient::bounded::{or_default, present};
use crate::resources::decode::{json_list, null};
use crate::resources::prelude::*;
pub(super) use environment_table::EnvironmentTable;
pub(super) use rules::{RolloutTable, RuleTable};
pub(super) use targets::{PrerequisiteTable, TargetTable, TargetValueTable};
pub(super) use write::write_environment;

/// The table of end users' identifiers, which is filled only on request (`--target-values`).
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
    /// End users' identifiers: they are counted, and parsed only with `--target-values`.
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

impl FlagConfig {
    /// Checks conditions that the types cannot express.
    ///
    /// A server that ignores `summary=0` would make every flag look as if it had no rules.
    fn check(&self, flag_key: &str, environment_key: &str) -> Result<()> {
        let path = format!("{flag_key}.environments.{environment_key}");
        if self.all_targets().any(|target| !target.values.get().starts_with(['[', 'n'])) {
            return Err(Error::unexpected("flags", &path, "a target's values are not a list"));
        }
        let detailed = self.rules.is_some()
            || self.targets.is_some()
            || self.prerequisites.is_some()
            || self.default_rule.is_some();
        if detailed || self.summary.is_none() {
            return Ok(());
        }
        Err(Error::unexpected(
            "flags",
            &path,
            "rules and targets are missing although the request has `summary=0`",
        ))
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

    /// [`FlagConfig::check`] has refused any other value.
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
    /// An experiment lists a variation twice, with and without tracking; here they are one row.
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

fn count_of<T>(items: Option<&Vec<T>>) -> i64 {
    items.map_or(0, |items| length(items.len()))
}

#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    project_key: &'a str,
    flag_key: &'a str,
    environment_key: &'a str,
    config: &'a FlagConfig,
    targets: &'a BTreeMap<(&'a str, i64), i64>,
    targeting_variations: Option<&'a str>,
}

impl Row<'_> {
    fn targets(&self, wanted: impl Fn(&str) -> bool) -> i64 {
        self.targets.iter().filter(|((kind, _), _)| wanted(kind)).map(|(_, count)| count).sum()
    }
}

pub(super) struct RolloutRow<'a> {
    row: Row<'a>,
    index: i64,
    rollout: &'a Rollout,
    variation: i64,
    share: &'a Share,
}

pub(super) struct TargetRow<'a> {
    row: Row<'a>,
    kind: &'a str,
    variation: i64,
    count: i64,
}

pub(super) struct TargetValueRow<'a> {
    row: Row<'a>,
    target: &'a Target,
    value: &'a str,
}

pub(super) struct PrerequisiteRow<'a> {
    row: Row<'a>,
    prerequisite: &'a Prerequisite,
}
