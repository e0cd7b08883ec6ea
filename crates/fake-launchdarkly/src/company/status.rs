//! The status of a flag in an environment by LaunchDarkly's definitions, which `story.rs` quotes.

use std::collections::BTreeSet;

use super::DAY_MS;
use crate::account::{FlagConfig, Serve};

/// How long a flag is new, how soon it is inactive, and how long one is unchanged that is launched.
const WEEK_MS: i64 = 7 * DAY_MS;

/// The status at `at_ms` of a flag with this configuration that was last requested at
/// `requested_ms`.
pub(super) fn name(
    config: &FlagConfig,
    created_ms: i64,
    requested_ms: Option<i64>,
    at_ms: i64,
) -> &'static str {
    let is_recent = |time_ms: i64| at_ms - time_ms < WEEK_MS;
    match requested_ms {
        None if is_recent(created_ms) => "new",
        Some(requested_ms) if is_recent(requested_ms) => {
            let is_settled = config.on && !is_recent(config.last_modified_ms);
            if is_settled && served(config).len() == 1 { "launched" } else { "active" }
        }
        _ => "inactive",
    }
}

/// The variations that are served. Rules count until one that everybody matches.
fn served(config: &FlagConfig) -> BTreeSet<i64> {
    let targets = config.targets.iter().chain(&config.context_targets);
    let mut served: BTreeSet<_> = targets.map(|target| target.variation).collect();
    for rule in config.rules.iter().filter(|rule| rule.disabled != Some(true)) {
        served.extend(variations(&rule.serve));
        if rule.clauses == "[]" {
            return served;
        }
    }
    served.extend(config.fallthrough.iter().flat_map(variations));
    served
}

fn variations(serve: &Serve) -> Vec<i64> {
    match serve {
        Serve::Variation(variation) => vec![*variation],
        Serve::Rollout(rollout) => {
            let weights = rollout.weights.iter().filter(|(_, weight)| *weight > 0);
            weights.map(|(variation, _)| *variation).collect()
        }
    }
}
