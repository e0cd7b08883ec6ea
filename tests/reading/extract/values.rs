//! Values and keys are published unchanged.

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::{
    Account, Environment, Flag, FlagConfig, FlagEnvironment, Project,
};

use crate::extract::{NOW, company};
use crate::support::Run;

/// A project whose one flag a test fills.
fn hostile() -> Account {
    let mut account = company::account(NOW);
    let values = [
        "9007199254740993",
        "18446744073709551615",
        "1e308",
        "-0.0",
        "null",
        "\"\\u0000\\ud83d\\ude00\"",
        "[[[[{\"a\":[]}]]]]",
    ];
    let deep = format!("{}1{}", "[".repeat(400), "]".repeat(400));
    let mut flag = Flag::new("..x", NOW).with_values(values.into_iter().chain([deep.as_str()]));
    flag.name = "🏁 \u{202e}right to left\" ' \n \u{0} end".into();
    flag.description = Some("d".repeat(10_000));
    flag.tags = vec!["A".into(), "a".into(), String::new()];
    flag.extra = vec![("brandNew".into(), "{\"x\":[1]}".into())];
    let config = FlagEnvironment { config: FlagConfig::on(NOW, 0, 1), status: None };
    let flag = flag.in_environment("Prod", config);
    let twin = Flag::new("..X", NOW).with_values(["true", "false"]);
    let environments = ["Prod", "prod"].map(Environment::new);
    let project = Project::new("case").with_flag(flag).with_flag(twin);
    account.projects = vec![environments.into_iter().fold(project, Project::with_environment)];
    account
}

#[test]
fn values_survive_digit_for_digit() {
    let run = Run::new(hostile(), Behaviour::default());
    run.extract(&[]);
    let sql = "SELECT value FROM flag_variations WHERE flag_key = '..x' ORDER BY variation_index";
    let database = run.database();
    let mut statement = database.prepare(sql).unwrap();
    let values: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(values[..5], ["9007199254740993", "18446744073709551615", "1e308", "-0.0", "null"]);
    assert_eq!(values[5], "\"\\u0000\\ud83d\\ude00\"");
    assert_eq!(values[7].len(), 801);
    let name: String = run.value("SELECT name FROM flags WHERE flag_key = '..x'");
    assert_eq!(name, "🏁 \u{202e}right to left\" ' \n \u{0} end");
    assert_eq!(
        run.value::<i64>("SELECT length(description) FROM flags WHERE flag_key = '..x'"),
        10_000
    );
}

#[test]
fn keys_that_differ_by_case_are_different() {
    let run = Run::new(hostile(), Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flags"), 2);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 2);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_environments"), 4);
    // The third tag of the flag is empty, which is none.
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_tags"), 2);
}

#[test]
fn end_users_keys_are_kept_only_while_they_are_asked_for() {
    let run = company();
    let counted = "SELECT sum(value_count) FROM flag_targets";
    let kept = "SELECT count(*) FROM flag_target_values";
    run.extract(&[]);
    assert!(run.value::<i64>(counted) > 0);
    assert_eq!(run.value::<i64>(kept), 0);
    run.extract(&["--target-values"]);
    assert_eq!(run.value::<i64>(kept), run.value::<i64>(counted));
    run.extract(&[]);
    assert_eq!(run.value::<i64>(kept), 0);
}
