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

/// A flag that is on for everybody with one of these variations, and off with the other.
fn of_variations(variations: Value) -> [String; 2] {
    let mut detail = detail(json!({}));
    let flag = json!({
        "key": "colour", "archived": false, "temporary": true, "_version": 7, "creationDate": 1,
        "variations": variations, "environments": {},
    });
    let mut rows = super::super::record::Rows::new(Flags::TABLES);
    let item = serde_json::from_value(flag).unwrap();
    Flags::write(&Scope::project("web"), &item, &mut rows).unwrap();
    detail.variations = Detail::new(detail.place.clone(), rows).unwrap().variations;
    [0, 1].map(|index| label(&detail, index))
}

#[test]
fn variations_are_told_from_each_other() {
    let same = json!([{"value": true, "name": "Enabled"}, {"value": false, "name": "Enabled"}]);
    assert_eq!(of_variations(same), ["`Enabled` (variation 0)", "`Enabled` (variation 1)"]);
    let crossed = json!([{"value": "red", "name": "blue"}, {"value": "blue"}]);
    assert_eq!(of_variations(crossed), ["`blue` (variation 0)", "`blue` (variation 1)"]);
    let long = "x".repeat(60);
    let cut =
        of_variations(json!([{"value": {"a": long, "b": 1}}, {"value": {"a": long, "b": 2}}]));
    assert!(
        cut[0].ends_with("…` (variation 0)") && cut[1].ends_with("…` (variation 1)"),
        "{cut:?}"
    );
    assert_eq!(
        of_variations(json!([{"value": "", "name": " "}, {"value": "x"}])),
        ["`\"\"`", "`x`"]
    );
}

#[test]
fn values_are_told_from_each_other() {
    let one = |op: &str, values: Value, negate: bool| {
        clause::clauses(&[json!({"attribute": "a", "op": op, "values": values, "negate": negate})])
    };
    for (op, values, expected) in [
        ("in", json!([]), "`a` is (no values)"),
        ("in", json!([""]), r#"`a` is """#),
        ("in", json!(["a, b", "c"]), r#"`a` is one of "a, b", c"#),
        ("in", json!([1, "1", true, "true"]), r#"`a` is one of 1, "1", true, "true""#),
        ("in", json!(["ann@acme.example", "1.2.3"]), "`a` is one of ann@acme.example, 1.2.3"),
        ("endsWith", json!(["x", "y", "z"]), "`a` ends with x, y or z"),
        ("before", json!([1_700_000_000_000_i64]), "`a` is before 2023-11-14T22:13:20.000Z"),
        ("after", json!(["2024-01-01T00:00:00Z"]), "`a` is after 2024-01-01T00:00:00Z"),
        ("before", json!([i64::MAX]), "`a` is before 9223372036854775807"),
        ("semVerEqual", json!(["1.2.3", "2.0.0"]), "`a` is version 1.2.3 or 2.0.0"),
        ("segmentMatch", json!(["beta", "staff"]), "is in the segment beta or staff"),
    ] {
        assert_eq!(one(op, values, false), expected);
    }
    assert_eq!(one("endsWith", json!(["x", "y"]), true), "`a` does not end with x or y");
    let many = one("contains", json!((0..12).collect::<Vec<_>>()), false);
    assert_eq!(many, "`a` contains 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 or 2 more");
}
