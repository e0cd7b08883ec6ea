//! Configuration and status of a flag in one environment.

use super::Json;

/// Configuration and status of a flag in one environment.
#[derive(Clone, Debug)]
pub struct FlagEnvironment {
    /// The flag's configuration.
    pub config: FlagConfig,
    /// The flag's status; `None` if the list of statuses has no entry for it.
    pub status: Option<FlagStatus>,
}

/// Status of a flag in one environment.
#[derive(Clone, Debug)]
pub struct FlagStatus {
    /// `new`, `active`, `launched`, `inactive` or something newer.
    pub name: String,
    /// When it was last requested, in epoch milliseconds.
    pub last_requested_ms: Option<i64>,
    /// The fallback value seen in code.
    pub default: Option<Json>,
}

impl FlagStatus {
    /// A status without any request.
    pub fn never_requested(name: impl Into<String>) -> Self {
        FlagStatus { name: name.into(), last_requested_ms: None, default: None }
    }

    /// A status whose last request was at `at_ms`.
    pub fn requested(name: impl Into<String>, at_ms: i64) -> Self {
        FlagStatus { name: name.into(), last_requested_ms: Some(at_ms), default: None }
    }
}

/// The served variation, or several with weights.
#[derive(Clone, Debug)]
pub enum Serve {
    /// The variation with this index.
    Variation(i64),
    /// Several.
    Rollout(Rollout),
}

/// A percentage rollout.
#[derive(Clone, Debug)]
pub struct Rollout {
    /// Variations with their weights, 100,000 in total.
    pub weights: Vec<(i64, i64)>,
    /// The attribute to bucket by.
    pub bucket_by: Option<String>,
    /// The context kind to bucket.
    pub context_kind: Option<String>,
    /// Seed of the bucketing.
    pub seed: Option<i64>,
}

impl Rollout {
    /// A rollout to the users' keys.
    pub fn new(weights: impl Into<Vec<(i64, i64)>>) -> Self {
        let context_kind = Some("user".to_owned());
        Rollout { weights: weights.into(), bucket_by: None, context_kind, seed: None }
    }

    /// A rollout of variation 0 to this percentage, and of variation 1 to all others.
    pub fn percent(percent: i64) -> Self {
        Rollout::new([(0, percent * 1000), (1, (100 - percent) * 1000)])
    }
}

/// A targeting rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Identifier, absent in some answers.
    pub id: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// The variation or rollout that the rule serves.
    pub serve: Serve,
    /// Its clauses: a JSON array.
    pub clauses: Json,
    /// Whether it tracks events.
    pub track_events: bool,
    /// Whether it is disabled; absent in most answers.
    pub disabled: Option<bool>,
}

impl Rule {
    /// A rule with these clauses, as JSON text.
    pub fn new(serve: Serve, clauses: impl Into<Json>) -> Self {
        let clauses = clauses.into();
        Rule { id: None, description: None, serve, clauses, track_events: false, disabled: None }
    }
}

/// Individual targets of one variation.
#[derive(Clone, Debug)]
pub struct Target {
    /// Their context kind; LaunchDarkly has users in `targets` and all others in `context_targets`.
    pub context_kind: Option<String>,
    /// Index of the variation.
    pub variation: i64,
    /// Their keys.
    pub values: Vec<String>,
}

impl Target {
    /// Targets of this kind.
    pub fn new<T: Into<String>>(
        context_kind: &str,
        variation: i64,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Target { context_kind: Some(context_kind.to_owned()), variation, values }
    }
}

/// Configuration of a flag in one environment.
#[derive(Clone, Debug)]
pub struct FlagConfig {
    /// Whether targeting is on.
    pub on: bool,
    /// Counts changes in this environment.
    pub version: i64,
    /// When it was last changed, in epoch milliseconds.
    pub last_modified_ms: i64,
    /// The default rule: served to contexts that no target or rule matches.
    pub fallthrough: Option<Serve>,
    /// Index of the variation that it serves while off.
    pub off_variation: Option<i64>,
    /// Rules, in order.
    pub rules: Vec<Rule>,
    /// Individual users.
    pub targets: Vec<Target>,
    /// Individual contexts of other kinds.
    pub context_targets: Vec<Target>,
    /// Keys of the flags it depends on, each with the index that they must serve.
    pub prerequisites: Vec<(String, i64)>,
    /// Whether all events are tracked.
    pub track_events: bool,
    /// Whether events of the fallthrough are tracked.
    pub track_events_fallthrough: bool,
    /// Until when events are debugged, in epoch milliseconds.
    pub debug_until_ms: Option<i64>,
    /// Context kinds that evaluated it, served with `expand=evaluation`.
    pub context_kinds: Vec<String>,
    /// Check ratio of a migration (one in this many is checked for consistency), served with
    /// `expand=migrationSettings`.
    pub check_ratio: Option<i64>,
}

impl FlagConfig {
    /// Off, with nothing but the flag's defaults.
    pub fn off(last_modified_ms: i64, defaults: Option<(i64, i64)>) -> Self {
        FlagConfig {
            on: false,
            version: 1,
            last_modified_ms,
            fallthrough: defaults.map(|(on, _)| Serve::Variation(on)),
            off_variation: defaults.map(|(_, off)| off),
            rules: Vec::new(),
            targets: Vec::new(),
            context_targets: Vec::new(),
            prerequisites: Vec::new(),
            track_events: false,
            track_events_fallthrough: false,
            debug_until_ms: None,
            context_kinds: vec!["user".to_owned()],
            check_ratio: None,
        }
    }

    /// On, serving one variation to everybody.
    pub fn on(last_modified_ms: i64, variation: i64, off_variation: i64) -> Self {
        let off = FlagConfig::off(last_modified_ms, Some((variation, off_variation)));
        FlagConfig { on: true, version: 2, ..off }
    }
}
