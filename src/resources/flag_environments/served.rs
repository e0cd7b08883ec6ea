//! The variations that targeting can serve, without prerequisites: what the view
//! `served_variations` starts from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{FlagConfig, Rollout, Rule};

/// The weights of a rollout that serves somebody in each case, in thousandths of a percent.
const ALL: i64 = 100_000;

/// Which contexts a rule matches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    All,
    /// Taken to be some, and not others.
    Some,
    None,
    /// Its clauses cannot be read.
    Unknown,
}

/// What targeting can serve.
#[derive(Default)]
struct Served {
    variations: BTreeSet<i64>,
    /// Whether some contexts are served something else, and it is not known what.
    is_missing: bool,
    /// Whether some of the variations may be served to nobody.
    is_doubtful: bool,
}

/// The indexes of the variations that can be served while targeting is on and all prerequisites are
/// met, sorted, as a JSON array; `None` where that is unknown. `targets` are counts by context kind
/// and variation.
pub(super) fn targeting_variations(
    config: &FlagConfig,
    targets: &BTreeMap<(&str, i64), i64>,
) -> Option<String> {
    let mut served = Served::default();
    let used = targets.iter().filter(|(_, count)| **count > 0);
    served.variations.extend(used.map(|((_, variation), _)| *variation));
    served.add_rules(config);
    served.list()
}

impl Served {
    /// Adds what rules serve, in order, up to one that matches every context; the default rule
    /// counts only without such a rule.
    fn add_rules(&mut self, config: &FlagConfig) {
        let rules = config.rules.iter().flatten().filter(|rule| rule.disabled != Some(true));
        for rule in rules {
            let reach = rule.reach();
            self.is_doubtful |= reach == Reach::Unknown;
            if reach != Reach::None {
                self.add(rule.variation, rule.rollout.as_ref());
            }
            if reach == Reach::All {
                return;
            }
        }
        let default = config.default_rule.as_ref();
        let rollout = default.and_then(|rule| rule.rollout.as_ref());
        self.add(default.and_then(|rule| rule.variation), rollout);
    }

    /// Adds what a rule serves: one variation, or those with a weight. Where weights leave
    /// something over, it is not known here who gets that.
    fn add(&mut self, variation: Option<i64>, rollout: Option<&Rollout>) {
        if let Some(variation) = variation {
            self.variations.insert(variation);
            return;
        }
        let shares = rollout.map(Rollout::shares).unwrap_or_default();
        let sum = shares.values().fold(0_i64, |sum, share| sum.saturating_add(share.weight));
        self.is_missing |= shares.is_empty();
        for (variation, share) in shares {
            if share.weight > 0 {
                self.variations.insert(variation);
            } else {
                self.is_missing |= sum < ALL;
            }
        }
    }

    /// One variation that is served, whatever is unknown, is one. A list that may lack a variation is
    /// no answer: flags that need this variation would look as if they failed always.
    fn list(&self) -> Option<String> {
        let is_known = match self.variations.len() {
            0 => false,
            1 => !self.is_missing,
            _ => !self.is_missing && !self.is_doubtful,
        };
        is_known.then(|| format!("{:?}", Vec::from_iter(&self.variations)).replace(' ', ""))
    }
}

impl Rule {
    fn reach(&self) -> Reach {
        let text = self.clauses.get();
        // Values are parsed only where a list of them may be empty. Most rules match some contexts.
        if text.starts_with('[') && !has_empty_list(text) {
            return Reach::Some;
        }
        let clauses: Result<Vec<Value>, _> = serde_json::from_str(text);
        clauses.map_or(Reach::Unknown, |clauses| reach(&clauses))
    }
}

/// A rule without clauses matches every context, and so does one whose clauses all negate an empty
/// list of segments or of context kinds. An empty list that is not negated matches none.
fn reach(clauses: &[Value]) -> Reach {
    let is_empty = |clause: &&Value| clause["values"].as_array().is_some_and(Vec::is_empty);
    let is_negated = |clause: &Value| clause["negate"] == true;
    let is_of_all =
        |clause: &Value| clause["op"] == "segmentMatch" || clause["attribute"] == "kind";
    if clauses.iter().filter(is_empty).any(|clause| !is_negated(clause)) {
        Reach::None
    } else if clauses.iter().all(|clause| is_empty(&clause) && is_of_all(clause)) {
        Reach::All
    } else {
        Reach::Some
    }
}

/// Whether a JSON text may have an empty list: a bracket, and only white space up to the next one.
fn has_empty_list(text: &str) -> bool {
    let mut parts = text.split('[').skip(1);
    parts.any(|after| after.trim_start().starts_with(']'))
}

#[cfg(test)]
mod tests;
