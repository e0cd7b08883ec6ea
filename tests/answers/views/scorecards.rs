//! `scorecards`.

use serde_json::{Value, json};

use crate::views::account::Account;

/// Half a second, in days.
const MOMENT: f64 = 0.5 / 86_400.0;

/// A project with a critical environment, governed in full, and one that is not critical.
fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    account.environment("shop", "test", false);
    govern(&account, "production", [json!(true), json!(true), json!(true)]);
    account.insert("members", &[("member_id", json!("ada"))]);
    account.insert("teams", &[("team_key", json!("web"))]);
    account
}

/// Sets whether changes in an environment need approval, comments and confirmation.
fn govern(account: &Account, environment: &str, [approval, comments, confirm]: [Value; 3]) {
    let sql = "UPDATE environments SET approval_required = ?2, require_comments = ?3,
               confirm_changes = ?4 WHERE environment_key = ?1";
    let bit = |value: Value| value.as_bool();
    let cells = rusqlite::params![environment, bit(approval), bit(comments), bit(confirm)];
    account.connection.execute(sql, cells).unwrap();
}

/// A flag with a status in production that it has had for 20 days.
fn settled(account: &Account, flag: &str, days: f64, status: &str, cells: &[(&str, Value)]) {
    account.flag("shop", flag, days, cells);
    account.configuration(("shop", flag, "production"), 20.0, &[]);
    if !status.is_empty() {
        account.status(("shop", flag, "production"), status, Some(20.0));
    }
}

/// Status, output and detail of a project's figure.
fn card(account: &Account, scorecard: &str) -> String {
    let sql = format!(
        "SELECT status, output, detail FROM scorecards
         WHERE scorecard = '{scorecard}' AND subject_kind = 'project' AND subject = 'shop'"
    );
    account.rows(&sql).join("; ")
}

#[test]
fn an_empty_project_passes_all_but_governance() {
    assert_eq!(Account::new().rows("SELECT * FROM scorecards"), [""; 0]);
    let account = Account::new();
    account.project("shop");
    assert_eq!(
        account.rows("SELECT scorecard, status, output, detail FROM scorecards ORDER BY 1"),
        [
            "environment_governance | unknown | NULL | No environment is critical.",
            "flag_age | pass | NULL | There are no temporary flags.",
            "hygiene | pass | NULL | There are no flags.",
            "ownership_coverage | pass | NULL | There are no flags.",
            "removal_backlog | pass | NULL | There are no live flags.",
            "stale_percentage | pass | NULL | There are no temporary flags.",
        ]
    );
}

#[test]
fn a_threshold_is_passed_exactly_there_and_missed_beyond() {
    let account = account();
    for index in 0..5 {
        let status = if index < 2 { "inactive" } else { "active" };
        settled(&account, &format!("{index}"), 40.0, status, &[]);
    }
    let words = "2 of 5 temporary flags are stale in a critical environment.";
    for (warn, fail, status) in
        [(40.0, 50.0, "pass"), (39.9, 50.0, "warn"), (39.9, 40.0, "warn"), (30.0, 39.9, "fail")]
    {
        account.threshold("stale_percentage_warn", warn).threshold("stale_percentage_fail", fail);
        assert_eq!(card(&account, "stale_percentage"), format!("{status} | 40 | {words}"));
    }
}

#[test]
fn a_flag_is_stale_under_the_same_conditions_as_in_stale_flags() {
    let account = account();
    settled(&account, "young", 30.0 - MOMENT, "inactive", &[]);
    settled(&account, "unknown but young", 29.0, "", &[]);
    settled(&account, "permanent", 90.0, "inactive", &[("temporary", json!(false))]);
    settled(&account, "archived", 90.0, "inactive", &[("state", json!("archived"))]);
    let none = "pass | 0 | 0 of 2 temporary flags are stale in a critical environment.";
    assert_eq!(card(&account, "stale_percentage"), none);
    account.status(("shop", "young", "test"), "inactive", Some(20.0));
    assert_eq!(card(&account, "stale_percentage"), none);
    settled(&account, "at", 30.0, "launched", &[("state", json!("deprecated"))]);
    let one = "1 of 3 temporary flags is stale in a critical environment.";
    assert!(card(&account, "stale_percentage").ends_with(one));
    account.threshold("stale_status", 20.0 + MOMENT);
    assert!(card(&account, "stale_percentage").starts_with("pass | 0 | 0 of 3"));
    let since = "UPDATE flag_statuses SET status_since = '2026-10-30T02:00:00.000Z'
                 WHERE flag_key = 'at'";
    account.connection.execute(since, []).unwrap();
    assert!(card(&account, "stale_percentage").ends_with(one));
}

#[test]
fn staleness_needs_statuses_and_critical_environments() {
    let account = account();
    settled(&account, "a", 40.0, "inactive", &[]);
    settled(&account, "b", 40.0, "", &[]);
    let because = "in a critical environment: statuses or critical environments are missing.";
    let one =
        format!("unknown | NULL | It is unknown whether 1 of 2 temporary flags is stale {because}");
    assert_eq!(card(&account, "stale_percentage"), one);
    account.outcome("flag_statuses", "shop/production", "invalid_permissions");
    let two = format!(
        "unknown | NULL | It is unknown whether 2 of 2 temporary flags are stale {because}"
    );
    assert_eq!(card(&account, "stale_percentage"), two);
    account.outcome("flag_statuses", "shop/production", "complete");
    account.connection.execute("UPDATE environments SET critical = 0", []).unwrap();
    assert_eq!(card(&account, "stale_percentage"), two);
}

#[test]
fn one_critical_environment_where_a_flag_is_stale_decides() {
    let account = account();
    account.environment("shop", "eu", true);
    settled(&account, "a", 40.0, "inactive", &[]);
    let words = "1 of 1 temporary flag is stale in a critical environment.";
    assert_eq!(card(&account, "stale_percentage"), format!("fail | 100 | {words}"));
}

#[test]
fn the_verb_is_that_of_one_where_one_counts_or_there_is_but_one() {
    let account = account();
    let words = |text: &str| format!("{text} in a critical environment.");
    let stale = |account: &Account| {
        let card = card(account, "stale_percentage");
        card.rsplit(" | ").next().unwrap().to_owned()
    };
    settled(&account, "a", 40.0, "active", &[]);
    assert_eq!(stale(&account), words("0 of 1 temporary flag is stale"));
    settled(&account, "b", 40.0, "active", &[]);
    assert_eq!(stale(&account), words("0 of 2 temporary flags are stale"));
    settled(&account, "c", 40.0, "inactive", &[]);
    assert_eq!(stale(&account), words("1 of 3 temporary flags is stale"));
    settled(&account, "d", 40.0, "inactive", &[]);
    assert_eq!(stale(&account), words("2 of 4 temporary flags are stale"));
}

#[test]
fn owners_count_while_they_are_there() {
    let account = account();
    let owner = |flag: &str, member: &str| {
        settled(&account, flag, 1.0, "new", &[("maintainer_id", json!(member))]);
    };
    for index in 0..4 {
        owner(&format!("{index}"), "ada");
    }
    let coverage = "ownership_coverage";
    let all = "pass | 100 | 4 of 4 flags have an owner who is still there.";
    assert_eq!(card(&account, coverage), all);
    owner("gone", "bob");
    let most = "warn | 80 | 4 of 5 flags have an owner who is still there.";
    assert_eq!(card(&account, coverage), most);
    settled(&account, "nobody's", 1.0, "new", &[]);
    assert!(card(&account, coverage).starts_with("fail | 66.66"));
    account.outcome("members", "", "invalid_permissions");
    assert_eq!(
        card(&account, coverage),
        "unknown | NULL | It is unknown whether 5 of 6 flags have an owner who is still there: \
         members or teams were not read."
    );
}

#[test]
fn the_backlog_is_what_is_ready_among_live_flags() {
    let account = account();
    settled(&account, "a", 40.0, "launched", &[]);
    account.code_reference("shop", "a");
    settled(&account, "b", 40.0, "inactive", &[]);
    settled(&account, "c", 40.0, "inactive", &[("state", json!("deprecated"))]);
    for index in 0..8 {
        settled(&account, &format!("{index}"), 40.0, "active", &[]);
    }
    let ten = "warn | 20 | 2 of 10 live flags are ready for code removal or archiving.";
    assert_eq!(card(&account, "removal_backlog"), ten);
    account.configuration(("shop", "0", "test"), 9.0, &[]);
    account.prerequisite(("shop", "0", "test"), "b");
    assert!(card(&account, "removal_backlog").starts_with("warn | 10 | 1 of 10 live"));
    account.outcome("code_references", "shop", "not_available");
    assert_eq!(
        card(&account, "removal_backlog"),
        "unknown | NULL | It is unknown whether 1 of 10 live flags is ready for code removal or \
         archiving: statuses, critical environments or code references are missing."
    );
}

#[test]
fn a_temporary_flag_is_too_old_after_exactly_ninety_days() {
    let account = account();
    settled(&account, "at", 90.0, "active", &[]);
    settled(&account, "after", 90.0 + MOMENT, "active", &[]);
    settled(&account, "permanent", 900.0, "active", &[("temporary", json!(false))]);
    let words = "fail | 50 | 1 of 2 temporary flags is older than 90 days.";
    assert_eq!(card(&account, "flag_age"), words);
    account.threshold("flag_lifetime", 91.0);
    let words = "pass | 0 | 0 of 2 temporary flags are older than 91 days.";
    assert_eq!(card(&account, "flag_age"), words);
}

#[test]
fn a_flag_is_kept_well_with_a_description_and_a_tag() {
    let account = account();
    for (flag, description, tag) in
        [("a", json!("Why"), true), ("b", json!(" \n"), true), ("c", json!("Why"), false)]
    {
        settled(&account, flag, 1.0, "new", &[("description", description)]);
        if tag {
            let key = [("project_key", json!("shop")), ("flag_key", json!(flag))];
            account.insert("flag_tags", &[&key[..], &[("tag", json!("x"))]].concat());
        }
    }
    assert!(card(&account, "hygiene").starts_with("fail | 33.33"));
    assert!(card(&account, "hygiene").ends_with("1 of 3 flags has a description and a tag."));
}

#[test]
fn an_environment_is_governed_where_changes_need_all_three() {
    let account = account();
    account.environment("shop", "eu", true);
    let governance = "environment_governance";
    let half =
        "warn | 50 | 1 of 2 critical environments needs approval, comments and confirmation.";
    assert_eq!(card(&account, governance), half);
    govern(&account, "eu", [Value::Null, json!(true), json!(false)]);
    assert_eq!(card(&account, governance), half);
    govern(&account, "eu", [Value::Null, json!(true), json!(true)]);
    assert_eq!(
        card(&account, governance),
        "unknown | NULL | It is unknown whether 1 of 2 critical environments needs approval, \
         comments and confirmation: approval settings are missing."
    );
    govern(&account, "eu", [json!(true), json!(true), json!(true)]);
    assert!(card(&account, governance).starts_with("pass | 100 | 2 of 2 critical"));
    account.connection.execute("UPDATE environments SET critical = 0", []).unwrap();
    assert_eq!(card(&account, governance), "unknown | NULL | No environment is critical.");
    account.outcome("environments", "shop", "invalid_permissions");
    assert!(card(&account, governance).ends_with("did not read all flags and environments."));
}

#[test]
fn teams_and_owners_are_judged_by_the_flags_that_they_maintain() {
    let account = account();
    account.project("blog");
    account.flag("blog", "a", 1.0, &[("maintainer_team_key", json!("web"))]);
    settled(&account, "a", 100.0, "inactive", &[("maintainer_team_key", json!("web"))]);
    settled(&account, "b", 100.0, "active", &[("maintainer_id", json!("ada"))]);
    let gone = [("maintainer_id", json!("bob")), ("state", json!("archived"))];
    settled(&account, "c", 100.0, "active", &gone);
    let sql = "SELECT subject_kind, subject, scorecard, status, output FROM scorecards
               WHERE subject_kind IN ('team', 'owner') AND subject <> '(none)' ORDER BY 1, 2, 3";
    assert_eq!(
        account.rows(sql),
        [
            "owner | ada | flag_age | fail | 100",
            "owner | ada | hygiene | fail | 0",
            "owner | ada | removal_backlog | pass | 0",
            "owner | ada | stale_percentage | pass | 0",
            "team | web | flag_age | fail | 50",
            "team | web | hygiene | fail | 0",
            "team | web | removal_backlog | fail | 50",
            "team | web | stale_percentage | unknown | NULL",
        ]
    );
}

#[test]
fn what_was_not_read_is_not_judged() {
    let account = account();
    settled(&account, "a", 100.0, "active", &[("maintainer_id", json!("ada"))]);
    for (project, resource) in [("shop", "flags"), ("blog", "environments")] {
        if project == "blog" {
            account.project(project);
        }
        account.outcome(resource, project, "invalid_permissions");
    }
    let sql = "SELECT status, output, detail, count(*) FROM scorecards
               WHERE subject_kind IN ('project', 'owner') GROUP BY 1, 2, 3";
    let words = "The newest extraction did not read all flags and environments.";
    assert_eq!(account.rows(sql), [format!("unknown | NULL | {words} | 16")]);
}
