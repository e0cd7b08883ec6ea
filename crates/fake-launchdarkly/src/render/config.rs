//! Configuration of a flag in one environment.

use super::summary;
use crate::account::{
    Environment, Flag, FlagConfig, Project, Rollout, Rule, Serve, State, Target, salt, uuid,
};
use crate::call::escaped;
use crate::json::{self, Object};

/// A flag in an environment of its project.
pub(crate) struct Place<'a> {
    /// The project.
    pub project: &'a Project,
    /// The environment.
    pub environment: &'a Environment,
    /// The flag.
    pub flag: &'a Flag,
}

/// The configuration without its closing brace: counts only, or with all rules and targets where
/// `full`.
pub(crate) fn open(place: &Place, full: bool) -> String {
    let state = place.flag.environment(&place.environment.key);
    let config = &state.config;
    let object = head(place, config);
    if full { targeting(object, config).open() } else { object.open() }
}

/// The fields that `expand=evaluation` and `expand=migrationSettings` add, commas included.
pub(crate) fn expanded(config: &FlagConfig, evaluation: bool, migration: bool) -> String {
    let mut text = String::new();
    if evaluation {
        let kinds = Object::new().texts("contextKinds", &config.context_kinds).close();
        text.push_str(&format!(",\"evaluation\":{kinds}"));
    }
    if let Some(ratio) = config.check_ratio.filter(|_| migration) {
        text.push_str(&format!(",\"migrationSettings\":{{\"checkRatio\":{ratio}}}"));
    }
    text
}

fn head(place: &Place, config: &FlagConfig) -> Object {
    let Place { project, environment, flag } = place;
    let seed = format!("{} {} {}", project.key, environment.key, flag.key);
    Object::new()
        .boolean("on", config.on)
        .boolean("archived", flag.state() == State::Archived)
        .text("salt", &salt(&seed))
        .text("sel", &salt(&format!("sel {seed}")))
        .integer("lastModified", config.last_modified_ms)
        .integer("version", config.version)
        .raw("_site", &site(place))
        .text("_environmentName", &environment.name)
        .boolean("trackEvents", config.track_events)
        .boolean("trackEventsFallthrough", config.track_events_fallthrough)
        .integer_if("_debugEventsUntilDate", config.debug_until_ms)
        .raw("_summary", &summary::of(config))
}

fn targeting(object: Object, config: &FlagConfig) -> Object {
    let fallthrough = config.fallthrough.as_ref().map(|to| serve(Object::new(), to).close());
    object
        .raw("targets", &json::array(config.targets.iter().map(target)))
        .raw("contextTargets", &json::array(context_targets(config)))
        .raw("rules", &json::array(config.rules.iter().map(rule)))
        .raw_if("fallthrough", fallthrough.as_deref())
        .integer_if("offVariation", config.off_variation)
        .raw("prerequisites", &json::array(config.prerequisites.iter().map(prerequisite)))
}

fn site(place: &Place) -> String {
    let Place { project, environment, flag } = place;
    let [project, environment, flag] =
        [&project.key, &environment.key, &flag.key].map(|key| escaped(key));
    Object::new()
        .text("href", &format!("/{project}/{environment}/features/{flag}"))
        .text("type", "text/html")
        .close()
}

/// LaunchDarkly mirrors each variation's users here, without their keys.
fn context_targets(config: &FlagConfig) -> impl Iterator<Item = String> {
    let mirrored = config.targets.iter().map(|users| {
        target(&Target { context_kind: users.context_kind.clone(), values: Vec::new(), ..*users })
    });
    mirrored.chain(config.context_targets.iter().map(target))
}

fn target(target: &Target) -> String {
    Object::new()
        .text_if("contextKind", target.context_kind.as_deref())
        .texts("values", &target.values)
        .integer("variation", target.variation)
        .close()
}

fn rule(rule: &Rule) -> String {
    let reference = rule.id.as_deref().map(uuid);
    let object = Object::new()
        .text_if("_id", rule.id.as_deref())
        .text_if("ref", reference.as_deref())
        .text_if("description", rule.description.as_deref())
        .boolean_if("disabled", rule.disabled)
        .raw("clauses", &rule.clauses)
        .boolean("trackEvents", rule.track_events);
    serve(object, &rule.serve).close()
}

fn serve(object: Object, serve: &Serve) -> Object {
    match serve {
        Serve::Variation(variation) => object.integer("variation", *variation),
        Serve::Rollout(several) => object.raw("rollout", &rollout(several)),
    }
}

fn rollout(rollout: &Rollout) -> String {
    let weight = |(variation, weight): &(i64, i64)| {
        Object::new().integer("variation", *variation).integer("weight", *weight).close()
    };
    Object::new()
        .raw("variations", &json::array(rollout.weights.iter().map(weight)))
        .text_if("bucketBy", rollout.bucket_by.as_deref())
        .text_if("contextKind", rollout.context_kind.as_deref())
        .integer_if("seed", rollout.seed)
        .close()
}

fn prerequisite((key, variation): &(String, i64)) -> String {
    Object::new().text("key", key).integer("variation", *variation).close()
}
