//! `_summary`: the number of rules and targets that serve each variation.

use std::collections::BTreeMap;

use crate::account::{FlagConfig, Serve, Target};
use crate::json::Object;

#[derive(Default)]
struct Counts {
    rules: i64,
    null_rules: i64,
    targets: i64,
    context_targets: i64,
    is_fallthrough: bool,
    is_off: bool,
    rollout: Option<i64>,
    bucket_by: Option<String>,
}

type Variations = BTreeMap<i64, Counts>;

/// The summary of a configuration.
pub(super) fn of(config: &FlagConfig) -> String {
    let mut variations = Variations::new();
    count_rules(config, &mut variations);
    count_targets(&config.targets, &mut variations, |counts| &mut counts.targets);
    count_targets(&config.context_targets, &mut variations, |counts| &mut counts.context_targets);
    count_fallthrough(config, &mut variations);
    if let Some(off) = config.off_variation {
        variations.entry(off).or_default().is_off = true;
    }
    let variations = variations
        .iter()
        .fold(Object::new(), |object, (index, one)| object.raw(&index.to_string(), &counts(one)))
        .close();
    let prerequisites = config.prerequisites.len() as i64;
    Object::new().raw("variations", &variations).integer("prerequisites", prerequisites).close()
}

fn count_rules(config: &FlagConfig, variations: &mut Variations) {
    for rule in &config.rules {
        let served: Vec<i64> = match &rule.serve {
            Serve::Variation(variation) => vec![*variation],
            Serve::Rollout(rollout) => rollout.weights.iter().map(|(one, _)| *one).collect(),
        };
        for variation in served {
            let counts = variations.entry(variation).or_default();
            counts.rules += 1;
            counts.null_rules += i64::from(rule.clauses == "[]");
        }
    }
}

fn count_targets(
    targets: &[Target],
    variations: &mut Variations,
    field: impl Fn(&mut Counts) -> &mut i64,
) {
    for target in targets {
        *field(variations.entry(target.variation).or_default()) += target.values.len() as i64;
    }
}

fn count_fallthrough(config: &FlagConfig, variations: &mut Variations) {
    match &config.fallthrough {
        Some(Serve::Variation(variation)) => {
            variations.entry(*variation).or_default().is_fallthrough = true;
        }
        Some(Serve::Rollout(rollout)) => {
            for (variation, weight) in &rollout.weights {
                let counts = variations.entry(*variation).or_default();
                counts.rollout = Some(*weight);
                counts.bucket_by = rollout.bucket_by.clone();
            }
        }
        None => {}
    }
}

fn counts(counts: &Counts) -> String {
    Object::new()
        .integer("rules", counts.rules)
        .integer("nullRules", counts.null_rules)
        .integer("targets", counts.targets)
        .integer("contextTargets", counts.context_targets)
        .boolean_if("isFallthrough", counts.is_fallthrough.then_some(true))
        .boolean_if("isOff", counts.is_off.then_some(true))
        .integer_if("rollout", counts.rollout)
        .text_if("bucketBy", counts.bucket_by.as_deref())
        .close()
}
