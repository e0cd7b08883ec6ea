//! The life of a flag: its configuration and status in each environment.
//!
//! Statuses follow LaunchDarkly's definitions. **new**: created less than 7 days ago, never
//! requested. **inactive**: older, not requested in 7 days. **launched**: requested, on, one
//! variation, unchanged for 7 days. **active**: requested, and none of that.

use super::DAY_MS;
use super::environments::Purpose;
use crate::account::{
    FlagConfig, FlagEnvironment, FlagStatus, Rollout, Rule, Serve, Target, Variation, object_id,
    uuid,
};

/// The life of a flag. Days count back from now.
#[derive(Clone, Copy, Debug)]
pub(super) enum Story {
    /// Created this week, requested by developers at most.
    New,
    /// On in every environment except production.
    Testing,
    /// Rolled out to a share of customers.
    Rollout { percent: i64 },
    /// An experiment between several variations.
    Experiment,
    /// Launched for everybody, unchanged since.
    Launched { days: i64 },
    /// Launched in production; the other environments no longer request it.
    Partial { days: i64 },
    /// Not requested any more.
    Forgotten { days: i64 },
    /// Never requested.
    Unused,
    /// A switch that is on, as nearly always.
    Switch,
    /// A switch that was turned off.
    Disabled { days: i64 },
    /// Served by rules and individual targets.
    Segments { days: i64 },
    /// Between two stages of a migration.
    Migrating,
    /// Archived.
    Archived { days: i64 },
    /// Deprecated, still requested.
    Deprecated { days: i64 },
}

/// The flag, environment and time that a story is applied to.
pub(super) struct World<'a> {
    pub now_ms: i64,
    pub created_ms: i64,
    pub purpose: Purpose,
    pub variations: &'a [Variation],
    /// Makes this flag in this environment unlike others.
    pub seed: String,
}

impl Story {
    /// Reads a story, such as `rollout 40`.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, number) = text.split_once(' ').unwrap_or((text, "0"));
        let number = number.parse().ok()?;
        Some(match name {
            "new" => Story::New,
            "testing" => Story::Testing,
            "rollout" => Story::Rollout { percent: number },
            "experiment" => Story::Experiment,
            "launched" => Story::Launched { days: number },
            "partial" => Story::Partial { days: number },
            "forgotten" => Story::Forgotten { days: number },
            "unused" => Story::Unused,
            "switch" => Story::Switch,
            "disabled" => Story::Disabled { days: number },
            "segments" => Story::Segments { days: number },
            "migrating" => Story::Migrating,
            "archived" => Story::Archived { days: number },
            "deprecated" => Story::Deprecated { days: number },
            _ => return None,
        })
    }

    /// The flag in one environment.
    pub fn state(self, world: &World) -> FlagEnvironment {
        use Purpose::{Live, Work};
        match (self, world.purpose) {
            (Story::New, Work) => world.active(world.on(0)),
            (Story::New, _) => world.silent(world.off(1000), "new"),
            (Story::Testing, Live) => world.active(world.off(1000)),
            (Story::Testing, _) => world.active(world.on(2)),
            (Story::Rollout { percent }, Live) => world.active(world.rollout(percent)),
            (Story::Experiment, Live) => world.active(world.experiment()),
            (Story::Segments { days }, Work) => world.launched(world.on(days.max(20))),
            (Story::Segments { days }, _) => world.active(world.segments(days)),
            (Story::Migrating, Live) => world.active(world.migration()),
            (Story::Rollout { .. } | Story::Experiment | Story::Migrating, _) => {
                world.launched(world.on(9))
            }
            (Story::Launched { days } | Story::Partial { days }, Live)
            | (Story::Launched { days } | Story::Deprecated { days }, _) => {
                world.launched(world.on(days))
            }
            (Story::Forgotten { .. }, Work) => world.silent(world.off(1000), "inactive"),
            (Story::Partial { days } | Story::Forgotten { days }, _) => {
                world.inactive(world.on(days + 30), days)
            }
            (Story::Unused, _) => world.silent(world.off(1000), "inactive"),
            (Story::Switch, _) => world.launched(world.on(200)),
            (Story::Disabled { days }, _) => world.active(world.off(days)),
            (Story::Archived { days }, _) => world.inactive(world.off(days + 1), days + 1),
        }
    }
}

/// Configurations, last changed so many days ago, though not before the flag was created.
impl World<'_> {
    fn changed(&self, days: i64) -> i64 {
        (self.now_ms - days * DAY_MS - self.pick(7_200_000)).max(self.created_ms)
    }

    fn last(&self) -> i64 {
        self.variations.len() as i64 - 1
    }

    fn off(&self, days: i64) -> FlagConfig {
        FlagConfig::off(self.changed(days), Some((0, self.last())))
    }

    fn on(&self, days: i64) -> FlagConfig {
        let config = FlagConfig::on(self.changed(days), 0, self.last());
        FlagConfig { version: 2 + self.pick(9), ..config }
    }

    fn rollout(&self, percent: i64) -> FlagConfig {
        let weights = [(0, percent * 1000), (self.last(), (100 - percent) * 1000)];
        let fallthrough = Some(Serve::Rollout(Rollout::new(weights)));
        FlagConfig { fallthrough, track_events_fallthrough: percent < 20, ..self.on(2) }
    }

    /// Even shares, the last variation taking what division leaves over.
    fn experiment(&self) -> FlagConfig {
        let share = 100_000 / (self.last() + 1).max(1);
        let others = (0..self.last()).map(|variation| (variation, share));
        let mut weights: Vec<(i64, i64)> = others.collect();
        weights.push((self.last(), 100_000 - share * self.last()));
        let mut rollout = Rollout::new(weights);
        rollout.bucket_by = Some("householdId".to_owned());
        rollout.seed = Some(1 + self.pick(900_000));
        let fallthrough = Some(Serve::Rollout(rollout));
        FlagConfig { fallthrough, track_events: true, ..self.on(6) }
    }

    fn segments(&self, days: i64) -> FlagConfig {
        let mut config = FlagConfig {
            fallthrough: Some(Serve::Variation(self.last())),
            rules: vec![self.rule("staff", Serve::Variation(0))],
            targets: vec![Target::new("user", 0, ["tester-1", "tester-2"])],
            context_targets: vec![Target::new("account", 0, ["harbour-lane-internal"])],
            ..self.on(days)
        };
        if self.pick(2) == 0 {
            config.rules.push(self.rule("early-access", Serve::Rollout(Rollout::percent(25))));
        }
        config
    }

    fn migration(&self) -> FlagConfig {
        let mut rollout = Rollout::new([(0, 30_000), (1, 70_000)]);
        rollout.context_kind = Some("account".to_owned());
        let context_kinds = vec!["account".to_owned(), "user".to_owned()];
        let fallthrough = Some(Serve::Rollout(rollout));
        FlagConfig { fallthrough, context_kinds, check_ratio: Some(10), ..self.on(5) }
    }

    /// Serves the last variation to everybody, before the default rule.
    pub fn rule_for_everybody(&self) -> Rule {
        let id = uuid(&format!("{} everybody", self.seed));
        let description = Some("Everybody".to_owned());
        Rule { id: Some(id), description, ..Rule::new(Serve::Variation(self.last()), "[]") }
    }

    /// Would serve the last variation to some.
    pub fn disabled_rule(&self) -> Rule {
        Rule { disabled: Some(true), ..self.rule("early-access", Serve::Variation(self.last())) }
    }

    /// Serves something to those in a segment.
    pub fn rule(&self, segment: &str, serve: Serve) -> Rule {
        let id = uuid(&format!("{} {segment}", self.seed));
        let clauses = format!(
            r#"[{{"_id":"{}","attribute":"segmentMatch","op":"segmentMatch","values":["{segment}"],"contextKind":"user","negate":false}}]"#,
            uuid(&id)
        );
        let description = Some(format!("Everybody in {segment}"));
        Rule { id: Some(id), description, ..Rule::new(serve, clauses) }
    }

    /// A number below `end` that only this flag in this environment has.
    fn pick(&self, end: i64) -> i64 {
        let digits = object_id(&self.seed);
        i64::from_str_radix(digits.get(..12).unwrap_or("0"), 16).unwrap_or(0) % end
    }
}

/// Statuses.
impl World<'_> {
    fn active(&self, config: FlagConfig) -> FlagEnvironment {
        self.requested(config, "active", self.now_ms - self.pick(3_000_000))
    }

    fn launched(&self, config: FlagConfig) -> FlagEnvironment {
        self.requested(config, "launched", self.now_ms - self.pick(3_000_000))
    }

    fn inactive(&self, config: FlagConfig, days: i64) -> FlagEnvironment {
        let at_ms = self.now_ms - days * DAY_MS - self.pick(DAY_MS);
        self.requested(config, "inactive", at_ms.max(self.created_ms))
    }

    fn silent(&self, config: FlagConfig, name: &str) -> FlagEnvironment {
        FlagEnvironment { config, status: Some(FlagStatus::never_requested(name)) }
    }

    /// Code falls back to the off variation, and in one case out of nine to another.
    fn requested(&self, config: FlagConfig, name: &str, at_ms: i64) -> FlagEnvironment {
        let fallback = match self.pick(9) {
            0 => self.variations.first(),
            _ => self.variations.last(),
        };
        let default = fallback.map(|variation| variation.value.clone());
        let status = FlagStatus { default, ..FlagStatus::requested(name, at_ms) };
        FlagEnvironment { config, status: Some(status) }
    }
}
