//! `forward_values`.

use serde_json::{Value, json};

use crate::views::account::Account;

const VALUES: &str = "SELECT flag_key, variation_index, value, reason, has_targeting
                      FROM forward_values ORDER BY project_key, flag_key";

/// A flag's configuration in an environment.
#[derive(Clone, Copy)]
enum Config {
    /// On, with this fallthrough variation.
    On(i64),
    /// On, with a rollout over variations 0 and 1 of these weights.
    Rollout(i64, i64),
    /// Off, with this off variation.
    Off(i64),
    /// Off, without an off variation.
    Fallback,
    /// Not known.
    Missing,
}

use Config::{Fallback, Missing, Off, On, Rollout};

/// A project with two critical environments and one that is not.
fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "eu", true).environment("shop", "us", true);
    account.environment("shop", "test", false);
    account
}

/// A flag with variations `"zero"` and `"one"`, and a configuration in both critical environments.
fn flag(account: &Account, flag: &str, eu: Config, us: Config) {
    account.flag("shop", flag, 90.0, &[]);
    for (index, value) in ["\"zero\"", "\"one\""].into_iter().enumerate() {
        account.insert(
            "flag_variations",
            &[
                ("project_key", json!("shop")),
                ("flag_key", json!(flag)),
                ("variation_index", json!(index)),
                ("value", json!(value)),
            ],
        );
    }
    configure(account, flag, "eu", eu, &[]);
    configure(account, flag, "us", us, &[]);
}

fn configure(
    account: &Account,
    flag: &str,
    environment: &str,
    config: Config,
    more: &[(&str, Value)],
) {
    let at = ("shop", flag, environment);
    let (is_on, fallthrough, off) = match config {
        On(variation) => (true, json!(variation), json!(1)),
        Rollout(..) => (true, Value::Null, json!(1)),
        Off(variation) => (false, json!(0), json!(variation)),
        Fallback => (false, json!(0), Value::Null),
        Missing => return,
    };
    let mut cells = vec![
        ("is_on", json!(is_on)),
        ("fallthrough_variation", fallthrough),
        ("off_variation", off),
    ];
    cells.extend(more.iter().cloned());
    account.configuration(at, 90.0, &cells);
    if let Rollout(zero, one) = config {
        account.rollout(at, -1, &[(0, zero), (1, one)]);
    }
}

#[test]
fn a_rule_for_everybody_decides_before_the_default_rule() {
    let account = account();
    for (key, default) in [("a", On(1)), ("b", Rollout(50_000, 50_000))] {
        flag(&account, key, Missing, Missing);
        for environment in ["eu", "us"] {
            configure(&account, key, environment, default, &[("rule_count", json!(1))]);
            account.rule(("shop", key, environment), 0, "[]", &[("variation", json!(0))]);
            account.status(("shop", key, environment), "launched", Some(0.1));
        }
    }
    assert_eq!(
        account.rows(VALUES),
        ["a | 0 | \"zero\" | all_on | 1", "b | 0 | \"zero\" | all_on | 1"]
    );
}

#[test]
fn one_value_everywhere_replaces_the_flag() {
    let account = account();
    flag(&account, "a", On(1), On(1));
    flag(&account, "b", Off(1), Off(1));
    flag(&account, "c", Off(0), Off(0));
    configure(&account, "a", "test", Off(0), &[]);
    configure(&account, "b", "test", On(0), &[]);
    assert_eq!(
        account.rows(VALUES),
        [
            "a | 1 | \"one\" | all_on | 0",
            "b | 1 | \"one\" | all_off | 0",
            "c | 0 | \"zero\" | all_off | 0"
        ]
    );
}

#[test]
fn critical_environments_that_differ_are_mixed() {
    let account = account();
    flag(&account, "a", On(0), On(1));
    flag(&account, "b", Off(0), Off(1));
    flag(&account, "c", On(1), Off(1));
    flag(&account, "d", On(0), Fallback);
    for row in account.rows(VALUES) {
        assert!(row.ends_with(" | NULL | NULL | mixed | 0"), "{row}");
    }
    assert_eq!(account.rows(VALUES).len(), 4);
}

#[test]
fn a_rollout_counts_unless_off_or_all_to_one_variation() {
    let account = account();
    flag(&account, "a", On(0), Rollout(50_000, 50_000));
    flag(&account, "b", Off(0), Rollout(99_999, 1));
    flag(&account, "c", On(1), Rollout(0, 100_000));
    flag(&account, "d", On(0), Rollout(0, 100_000));
    flag(&account, "e", Off(1), Off(1));
    account.rollout(("shop", "e", "eu"), -1, &[(0, 50_000), (1, 50_000)]);
    assert_eq!(
        account.rows(VALUES),
        [
            "a | NULL | NULL | rollout | 0",
            "b | NULL | NULL | rollout | 0",
            "c | 1 | \"one\" | all_on | 0",
            "d | NULL | NULL | mixed | 0",
            "e | 1 | \"one\" | all_off | 0",
        ]
    );
}

#[test]
fn without_an_off_variation_the_code_decides() {
    let account = account();
    flag(&account, "a", Fallback, Fallback);
    flag(&account, "b", Off(1), Fallback);
    assert_eq!(
        account.rows(VALUES),
        ["a | NULL | NULL | no_variation | 0", "b | NULL | NULL | no_variation | 0"]
    );
}

#[test]
fn a_missing_configuration_leaves_the_rest_unknown() {
    let account = account();
    flag(&account, "a", On(1), Missing);
    flag(&account, "b", Missing, Off(1));
    flag(&account, "c", Missing, Missing);
    flag(&account, "d", Missing, Rollout(50_000, 50_000));
    flag(&account, "e", Fallback, Missing);
    assert_eq!(
        account.rows(VALUES),
        [
            "a | NULL | NULL | unknown | NULL",
            "b | NULL | NULL | unknown | NULL",
            "c | NULL | NULL | unknown | NULL",
            "d | NULL | NULL | rollout | NULL",
            "e | NULL | NULL | no_variation | NULL",
        ]
    );
}

#[test]
fn rules_targets_and_prerequisites_are_targeting() {
    let account = account();
    let counts = ["rule_count", "target_count", "context_target_count", "prerequisite_count"];
    for (key, count) in ["a", "b", "c", "d"].into_iter().zip(counts) {
        flag(&account, key, On(1), Missing);
        configure(&account, key, "us", On(1), &[(count, json!(1))]);
    }
    let others = [("variation", json!(0))];
    account.rule(("shop", "a", "us"), 0, "[{\"op\":\"in\",\"values\":[1]}]", &others);
    account.target(("shop", "b", "us"), "user", 1, 1);
    account.target(("shop", "c", "us"), "device", 0, 1);
    flag(&account, "e", Off(1), Missing);
    configure(&account, "e", "us", Off(1), &[("rule_count", json!(1))]);
    flag(&account, "f", On(1), On(1));
    configure(&account, "f", "test", On(1), &[("rule_count", json!(1))]);
    flag(&account, "g", Missing, Missing);
    configure(&account, "g", "us", On(1), &[("rule_count", json!(1))]);
    assert_eq!(
        account.rows("SELECT flag_key, reason, has_targeting FROM forward_values ORDER BY 1"),
        [
            "a | mixed | 1",
            "b | all_on | 1",
            "c | mixed | 1",
            "d | all_on | 1",
            "e | all_off | 0",
            "f | all_on | 0",
            "g | unknown | 1"
        ]
    );
}

#[test]
fn without_a_critical_environment_there_is_no_value() {
    let account = account();
    account.project("blog").environment("blog", "test", false).flag("blog", "a", 90.0, &[]);
    account.configuration(("blog", "a", "test"), 9.0, &[("fallthrough_variation", json!(1))]);
    flag(&account, "a", On(1), On(1));
    assert_eq!(
        account.rows(VALUES),
        ["a | NULL | NULL | unknown | NULL", "a | 1 | \"one\" | all_on | 0"]
    );
}

#[test]
fn archived_flags_have_no_forward_value_and_deprecated_ones_do() {
    let account = account();
    assert_eq!(account.rows(VALUES), [""; 0]);
    flag(&account, "archived", On(1), On(1));
    flag(&account, "deprecated", On(1), On(1));
    account.connection.execute("UPDATE flags SET state = flag_key", []).unwrap();
    assert_eq!(account.rows(VALUES), ["deprecated | 1 | \"one\" | all_on | 0"]);
}
