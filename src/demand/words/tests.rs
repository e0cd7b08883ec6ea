use serde_json::json;

use super::*;
use crate::launchdarkly::writes::flags::FlagPlace;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::resources::flags::Flags;

/// A flag with the variations `blue` and `red`, and this configuration of `production`.
fn detail(config: Value) -> Detail {
    let mut environment = json!({
        "on": true, "version": 3, "offVariation": 1, "fallthrough": {"variation": 0},
        "rules": [], "targets": [], "prerequisites": [], "trackEvents": false,
    });
    let fields = config.as_object().unwrap().clone();
    environment.as_object_mut().unwrap().extend(fields);
    let flag = json!({
        "key": "colour", "archived": false, "temporary": true, "_version": 7, "creationDate": 1,
        "variations": [{"value": 1, "name": "blue"}, {"value": "red"}],
        "environments": {"production": environment},
    });
    let item = serde_json::from_value(flag).unwrap();
    let mut rows = super::super::record::Rows::new(Flags::TABLES);
    Flags::write(&Scope::project("web"), &item, &mut rows).unwrap();
    let place = FlagPlace { project: "web".to_owned(), flag: "colour".to_owned() };
    Detail::new(place, rows).unwrap()
}

fn words(config: Value) -> String {
    let detail = detail(config);
    served(&detail, &detail.configs[0])
}

fn rollout(weights: [i64; 2]) -> Value {
    let [blue, red] = weights;
    json!({"variations": [{"variation": 0, "weight": blue}, {"variation": 1, "weight": red}]})
}

#[test]
fn one_variation_is_for_everybody() {
    assert_eq!(words(json!({})), "on: everybody gets `blue`");
    assert_eq!(words(json!({"on": false})), "off: everybody gets `red`");
    let unset = words(json!({"on": false, "offVariation": null}));
    assert_eq!(unset, "off: code gets its fallback, since no variation is set");
}

#[test]
fn a_rollout_has_shares() {
    let of = |rollout: Value| words(json!({"fallthrough": {"rollout": rollout}}));
    assert_eq!(of(rollout([25_000, 75_000])), "on: 25 % of users get `blue`, the rest `red`");
    assert_eq!(of(rollout([12_500, 87_500])), "on: 12.5 % of users get `blue`, the rest `red`");
    assert_eq!(of(rollout([100_000, 0])), "on: all users get `blue`");
    let mut by = rollout([1, 99_999]);
    by["bucketBy"] = json!("country");
    by["contextKind"] = json!("device");
    let expected = "on: 0.001 % of contexts of the kind `device` get `blue`, the rest `red` \
                    (divided by `country`)";
    assert_eq!(of(by), expected);
}

#[test]
fn rules_targets_and_prerequisites_are_told() {
    let clauses = json!([{"attribute": "country", "op": "in", "values": ["DE", "AT"]}]);
    let found = words(json!({
        "fallthrough": {"variation": 1},
        "rules": [{"variation": 0, "clauses": clauses}],
        "targets": [{"values": ["ann", "bob"], "variation": 0}],
        "prerequisites": [{"key": "base", "variation": 0}],
    }));
    let expected = "on: everybody gets `red`; rule 1: `country` is one of DE, AT → `blue`; \
                    2 users get `blue`; only while `base` serves variation 0, else as when off";
    assert_eq!(found, expected);
}

#[test]
fn what_is_unknown_is_shown_as_it_is() {
    let one = |value: Value| clause::clauses(&[value]);
    assert_eq!(one(json!({"attribute": "a", "op": "isNear", "values": [1, 2]})), "`a` isNear 1, 2");
    let negated = json!({"attribute": "a", "op": "isNear", "values": [1], "negate": true});
    assert_eq!(one(negated), "`a` not isNear 1");
    assert_eq!(one(json!({"all": []})), r#"{"all":[]}"#);
    let segment = json!({"op": "segmentMatch", "values": ["beta"], "negate": true});
    assert_eq!(one(segment), "is not in the segment beta");
    let many: Vec<_> = (0..12).collect();
    let many = one(json!({"attribute": "n", "op": "in", "values": many}));
    assert_eq!(many, "`n` is one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more");
}
