//! Views that repeat the definition of another view, for speed, give the same results.

use serde_json::{Value, json};

use crate::views::account::{Account, ago};

/// Flags of every kind: those of `shop` have a status and a configuration everywhere, those of
/// `blog` lack some, and those of `wiki` have no critical environment.
pub fn account() -> Account {
    let account = Account::new();
    for member in ["ada", "bob"] {
        account.insert("members", &[("member_id", json!(member))]);
    }
    account.insert("teams", &[("team_key", json!("web"))]);
    for project in ["shop", "blog", "wiki"] {
        account.project(project).environment(project, "test", false);
        account.environment(project, "eu", project != "wiki");
        account.environment(project, "us", project != "wiki");
        for index in 0..240 {
            flag(&account, project, index);
        }
    }
    account.outcome("code_references", "wiki", "not_available");
    account
}

/// One of many flags; its number determines its fields.
fn flag(account: &Account, project: &str, index: usize) {
    let key = format!("{index:03}");
    let pick = |digit: usize, values: &[Value]| values[index / digit % values.len()].clone();
    let cells = [
        ("temporary", pick(1, &[json!(true), json!(true), json!(false)])),
        ("state", pick(7, &[json!("live"), json!("live"), json!("deprecated"), json!("archived")])),
        ("created_at", pick(5, &[ago(300.0), ago(60.0), ago(300.0), ago(3.0)])),
        ("maintainer_id", pick(2, &[json!("ada"), Value::Null, json!("gone")])),
        ("maintainer_team_key", pick(11, &[Value::Null, json!("web"), json!("old"), Value::Null])),
    ];
    account.flag(project, &key, 0.0, &cells);
    for number in 0..2 {
        let keys = [("project_key", json!(project)), ("flag_key", json!(key))];
        let value = [("variation_index", json!(number)), ("value", json!(number.to_string()))];
        account.insert("flag_variations", &[keys, value].concat());
    }
    if index.is_multiple_of(2) {
        account.code_reference(project, &key);
    }
    for (place, environment) in ["eu", "us", "test"].into_iter().enumerate() {
        settle(account, (project, &key, environment), index + place * (index / 20 % 2));
    }
}

/// A configuration and a status that follow from a number; in `blog` one of them may be missing.
fn settle(account: &Account, at: (&str, &str, &str), number: usize) {
    if at.0 != "blog" || !number.is_multiple_of(5) {
        let cells = [
            ("is_on", json!(!number.is_multiple_of(4))),
            (
                "fallthrough_variation",
                if number.is_multiple_of(17) { Value::Null } else { json!(1) },
            ),
            ("off_variation", if number.is_multiple_of(19) { Value::Null } else { json!(0) }),
            ("rule_count", json!(usize::from(number.is_multiple_of(6)))),
            ("target_count", json!(usize::from(number.is_multiple_of(23)))),
        ];
        account.configuration(at, if number.is_multiple_of(3) { 2.0 } else { 40.0 }, &cells);
        target(account, at, number);
        if number.is_multiple_of(29) {
            account.prerequisite(at, &format!("{:03}", (number + 1) % 240));
        }
    }
    if at.0 != "blog" || !number.is_multiple_of(7) {
        let status = ["launched", "inactive", "launched", "inactive", "active"][number % 5];
        account.status(at, status, Some(if number.is_multiple_of(11) { 1.0 } else { 20.0 }));
        if !number.is_multiple_of(13) {
            let sql = "UPDATE flag_statuses SET default_value = ?4
                       WHERE (project_key, flag_key, environment_key) = (?1, ?2, ?3)";
            let is_same = !number.is_multiple_of(7);
            let value = usize::from(number.is_multiple_of(4) != is_same).to_string();
            account.connection.execute(sql, [at.0, at.1, at.2, &value]).unwrap();
        }
    }
}

/// The rules, targets and rollouts that a configuration counts; some do not change what is served.
fn target(account: &Account, at: (&str, &str, &str), number: usize) {
    if number.is_multiple_of(6) {
        let some = r#"[{"attribute":"country","op":"in","values":["DE"]}]"#;
        let clauses = if number.is_multiple_of(4) { "[]" } else { some };
        let cells =
            [("variation", json!(number / 6 % 2)), ("disabled", json!(number.is_multiple_of(5)))];
        account.rule(at, 0, clauses, &cells);
    }
    if number.is_multiple_of(23) {
        account.target(at, "user", 1, 1);
    }
    if number.is_multiple_of(34) {
        account.rollout(at, -1, &[(0, 50_000), (1, 50_000)]);
    }
}

/// How many rows there are of each kind, to see that every kind occurs.
fn count(account: &Account, sql: &str) -> usize {
    account.rows(sql)[0].parse().unwrap()
}

#[test]
fn verdicts_say_what_readiness_and_forward_values_say() {
    let account = account();
    let has = |reason: &str| {
        format!("EXISTS (SELECT 1 FROM json_each(reasons) WHERE value = '{reason}')")
    };
    for (reason, condition) in [
        ("dependents", "is_prerequisite"),
        ("live", "active IS 1"),
        ("statuses_unknown", "active IS NULL AND critical_environments > 0"),
        ("no_critical_environment", "critical_environments = 0"),
        ("code_references", "has_code_references"),
        ("code_references_unknown", "has_code_references IS NULL"),
        ("permanent", "NOT temporary"),
    ] {
        let all = "removal_verdicts JOIN flag_readiness USING (project_key, flag_key)";
        let differing =
            format!("SELECT count(*) FROM {all} WHERE {} <> (({condition}) IS 1)", has(reason));
        assert_eq!(count(&account, &differing), 0, "{reason}");
        let sql = format!("SELECT count(*) FROM {all} WHERE {}", has(reason));
        assert!(count(&account, &sql) > 0, "{reason}");
    }
    let all = "removal_verdicts JOIN forward_values USING (project_key, flag_key)";
    for (reason, condition) in [
        ("mixed_variations", "reason IN ('mixed', 'rollout', 'no_variation')"),
        ("configurations_unknown", "unknown_environments > 0"),
    ] {
        for is_so in [true, false] {
            let (yes, no) = if is_so { ("", "NOT") } else { ("NOT", "") };
            let sql = format!(
                "SELECT count(*) FROM {all} WHERE {yes} {condition} AND {no} {}",
                has(reason)
            );
            assert_eq!(count(&account, &sql), 0, "{reason} {is_so}");
        }
        let sql = format!("SELECT count(*) FROM {all} WHERE {}", has(reason));
        assert!(count(&account, &sql) > 0, "{reason}");
    }
}

#[test]
fn scorecards_count_what_the_views_list() {
    let account = account();
    for (scorecard, total, counted) in [
        (
            "stale_percentage",
            "temporary",
            "SELECT project_key, flag_key FROM stale_flags WHERE environment_key <> 'test'",
        ),
        ("ownership_coverage", "1", "SELECT project_key, flag_key FROM unowned_flags"),
        (
            "removal_backlog",
            "state = 'live'",
            "SELECT project_key, flag_key FROM flags_ready_for_code_removal
             UNION SELECT project_key, flag_key FROM flags_ready_to_archive",
        ),
    ] {
        let sql = format!(
            "SELECT 100.0 * sum((project_key, flag_key) IN ({counted})) / count(*) FROM flags
             WHERE project_key = 'shop' AND state <> 'archived' AND {total}"
        );
        let share: f64 = account.rows(&sql)[0].parse().unwrap();
        let is_complement = scorecard == "ownership_coverage";
        let expected = if is_complement { 100.0 - share } else { share };
        let sql = format!(
            "SELECT output FROM scorecards
             WHERE scorecard = '{scorecard}' AND subject_kind = 'project' AND subject = 'shop'"
        );
        let actual: f64 = account.rows(&sql)[0].parse().unwrap();
        assert!(
            share > 0.0 && (actual - expected).abs() < 1e-9,
            "{scorecard}: {actual} {expected}"
        );
    }
}

#[test]
fn scorecards_judge_projects_teams_and_owners_by_their_flags() {
    let account = account();
    for (index, tag) in (0..240).step_by(3).zip(["a", "b"].into_iter().cycle()) {
        let key = format!("{index:03}");
        let cells = [("project_key", json!("shop")), ("flag_key", json!(key)), ("tag", json!(tag))];
        account.insert("flag_tags", &cells);
    }
    account.connection.execute("UPDATE flags SET description = 'why' WHERE temporary", []).unwrap();
    let lifetime =
        "julianday((SELECT started_at FROM latest_extraction)) - julianday(created_at) > 90";
    for (scorecard, counted, total) in [
        ("hygiene", "has_description AND has_tags".to_owned(), "TRUE"),
        ("flag_age", lifetime.to_owned(), "temporary"),
    ] {
        for (kind, subject) in [
            ("project", "project_key"),
            ("team", "maintainer_team_key"),
            ("owner", "maintainer_id"),
        ] {
            let expected = account.rows(&format!(
                "SELECT {subject}, round(100.0 * sum({counted}) / count(*), 6)
                 FROM flags JOIN flag_hygiene USING (project_key, flag_key)
                 WHERE {total} AND {subject} IS NOT NULL GROUP BY 1 ORDER BY 1"
            ));
            let actual = account.rows(&format!(
                "SELECT subject, round(output, 6) FROM scorecards
                 WHERE scorecard = '{scorecard}' AND subject_kind = '{kind}' AND subject <> '(none)'
                 ORDER BY 1"
            ));
            assert_eq!(actual, expected, "{scorecard} {kind}");
            assert!(expected.len() > 1, "{scorecard} {kind}");
        }
    }
}

#[test]
fn scorecards_do_not_know_what_the_views_do_not_know() {
    let account = account();
    let sql = "SELECT counted, unknown, total FROM scorecards
               WHERE scorecard = 'removal_backlog' AND subject_kind = 'project' AND subject = ?";
    for project in ["blog", "wiki"] {
        let stages = format!(
            "SELECT sum(stage LIKE 'ready%'), sum(stage IN ('unknown', 'code_not_checked')), count(*)
             FROM flag_lifecycle JOIN flags USING (project_key, flag_key)
             WHERE state = 'live' AND project_key = '{project}'"
        );
        assert_eq!(account.rows(&sql.replace('?', &format!("'{project}'"))), account.rows(&stages));
    }
}

#[test]
fn the_figures_of_the_day_agree_with_the_scorecards() {
    let account = account();
    for (project, environment) in [("wiki", "us"), ("shop", "test")] {
        account.outcome("flag_statuses", &format!("{project}/{environment}"), "not_available");
    }
    for unread in ["", "members", "teams"] {
        account.outcome("members", "", "complete").outcome("teams", "", "complete");
        if !unread.is_empty() {
            account.outcome(unread, "", "skipped");
        }
        account.connection.execute_batch(flaglake::model::project_daily::SQL).unwrap();
        for (scorecard, figure, total) in [
            ("stale_percentage", "stale_in_critical", "temporary"),
            ("ownership_coverage", "temporary + permanent - unowned", "temporary + permanent"),
        ] {
            let expected = account.rows(&format!(
                "SELECT subject, round(output, 6) FROM scorecards
                 WHERE scorecard = '{scorecard}' AND subject_kind = 'project' ORDER BY 1"
            ));
            let actual = account.rows(&format!(
                "SELECT project_key, round(100.0 * ({figure}) / ({total}), 6)
                 FROM project_daily ORDER BY 1"
            ));
            assert_eq!(actual, expected, "{scorecard} {unread}");
        }
    }
}

#[test]
fn debt_adds_up_to_the_lifecycle() {
    let account = account();
    assert_eq!(
        account.rows(
            "SELECT sum(live_flags), sum(ready_for_code_removal), sum(ready_to_archive),
                    sum(unknown_flags) FROM owner_debt"
        ),
        account.rows(
            "SELECT sum(state = 'live'), sum(stage = 'ready_for_code_removal'),
                    sum(stage = 'ready_to_archive'), sum(stage IN ('unknown', 'code_not_checked'))
             FROM flag_lifecycle JOIN flags USING (project_key, flag_key)"
        )
    );
}
