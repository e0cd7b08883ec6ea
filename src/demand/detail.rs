//! A flag with its configuration in every environment that was asked for.

use super::record::{Record, Rows};
use crate::launchdarkly::writes::flags::FlagPlace;

/// A flag.
#[derive(Clone, Debug)]
pub struct Detail {
    /// Where it is.
    pub place: FlagPlace,
    /// Its row of `flags`.
    pub flag: Record,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its variations, by index.
    pub variations: Vec<Record>,
    /// Its rows of `flag_custom_properties`.
    pub properties: Vec<Record>,
    /// Its configurations, by environment.
    pub configs: Vec<Config>,
}

/// A flag's configuration in one environment.
#[derive(Clone, Debug)]
pub struct Config {
    /// The environment's key.
    pub environment: String,
    /// The row of `flag_environments`.
    pub row: Record,
    /// The rows of `flag_rules`.
    pub rules: Vec<Record>,
    /// The rows of `flag_rollouts`.
    pub rollouts: Vec<Record>,
    /// The rows of `flag_targets`.
    pub targets: Vec<Record>,
    /// The rows of `flag_prerequisites`.
    pub prerequisites: Vec<Record>,
}

impl Detail {
    /// The flag that these rows are of; `None` where there is no row of a flag.
    pub fn new(place: FlagPlace, mut rows: Rows) -> Option<Self> {
        let flag = rows.take("flags").into_iter().next()?;
        let tags = rows.take("flag_tags");
        let tags = tags.iter().filter_map(|row| row.text("tag")).map(str::to_owned).collect();
        let variations = rows.take("flag_variations");
        let properties = rows.take("flag_custom_properties");
        Some(Detail { place, flag, tags, variations, properties, configs: configs(&mut rows) })
    }

    /// The configuration in an environment.
    pub fn config(&self, environment: &str) -> Option<&Config> {
        self.configs.iter().find(|config| config.environment == environment)
    }

    /// Whether the flag is archived: it serves no variation.
    pub fn is_archived(&self) -> bool {
        self.flag.text("state") == Some("archived")
    }

    /// Counts changes of the flag.
    pub fn version(&self) -> i64 {
        self.flag.int("version").unwrap_or_default()
    }
}

impl Config {
    /// Whether targeting is on.
    pub fn is_on(&self) -> bool {
        self.row.is("is_on")
    }

    /// Counts changes of the flag in this environment.
    pub fn version(&self) -> i64 {
        self.row.int("version").unwrap_or_default()
    }

    /// The rollout of a rule; -1 is the default rule.
    pub fn rollout(&self, rule: i64) -> Vec<&Record> {
        self.rollouts.iter().filter(|row| row.int("rule_index") == Some(rule)).collect()
    }
}

fn configs(rows: &mut Rows) -> Vec<Config> {
    let environments = rows.take("flag_environments");
    let mut parts = ["flag_rules", "flag_rollouts", "flag_targets", "flag_prerequisites"]
        .map(|table| rows.take(table));
    let config = |row: Record| {
        let environment = row.text("environment_key").unwrap_or_default().to_owned();
        let [rules, rollouts, targets, prerequisites] =
            parts.each_mut().map(|part| of_environment(part, &environment));
        Config { environment, row, rules, rollouts, targets, prerequisites }
    };
    environments.into_iter().map(config).collect()
}

/// Takes the rows of an environment.
fn of_environment(rows: &mut Vec<Record>, environment: &str) -> Vec<Record> {
    let is_of = |row: &mut Record| row.text("environment_key") == Some(environment);
    rows.extract_if(.., is_of).collect()
}
