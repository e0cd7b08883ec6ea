//! `scorecards`: what is unknown of some flags, and whom each flag counts for.

use serde_json::{Value, json};

use crate::views::account::Account;

/// A project with one critical environment.
fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    account
}

/// A flag that is 40 days old, with a status that it has had for 20 days.
fn flag(account: &Account, key: &str, status: &str, cells: &[(&str, Value)]) {
    account.flag("shop", key, 40.0, cells);
    account.configuration(("shop", key, "production"), 20.0, &[]);
    if !status.is_empty() {
        account.status(("shop", key, "production"), status, Some(20.0));
    }
}

/// Some columns of a project's figure.
fn card(account: &Account, columns: &str) -> Vec<String> {
    account.rows(&format!(
        "SELECT {columns} FROM scorecards
         WHERE scorecard = 'stale_percentage' AND subject_kind = 'project'"
    ))
}

#[test]
fn one_unknown_flag_leaves_the_others_judged() {
    let account = account();
    for index in 0..6 {
        flag(&account, &index.to_string(), "inactive", &[]);
    }
    for index in 6..9 {
        flag(&account, &index.to_string(), "active", &[]);
    }
    flag(&account, "unknown", "", &[]);
    let columns = "status, output, counted, unknown, total, output_min, output_max";
    // 60 and 70 % are both beyond the limit of 50 %.
    assert_eq!(card(&account, columns), ["fail | NULL | 6 | 1 | 10 | 60 | 70"]);
    assert_eq!(
        card(&account, "detail"),
        [
            "6 to 7 of 10 temporary flags are stale in a critical environment: statuses or critical environments are missing for 1."
        ]
    );
    account.threshold("stale_percentage_fail", 65.0);
    assert_eq!(card(&account, columns), ["unknown | NULL | 6 | 1 | 10 | 60 | 70"]);
    account.threshold("stale_percentage_fail", 70.0);
    assert_eq!(card(&account, "status"), ["warn"]);
}

#[test]
fn where_more_is_better_the_bounds_are_judged_the_other_way_round() {
    let account = account();
    account.insert("members", &[("member_id", json!("ada"))]);
    account.outcome("teams", "", "invalid_permissions");
    for index in 0..9 {
        flag(&account, &index.to_string(), "new", &[("maintainer_id", json!("ada"))]);
    }
    flag(&account, "unknown", "new", &[("maintainer_team_key", json!("web"))]);
    let sql = "SELECT status, counted, unknown FROM scorecards
               WHERE scorecard = 'ownership_coverage' AND subject_kind = 'project'";
    // 90 % would be a warning, and 100 % none.
    assert_eq!(account.rows(sql), ["unknown | 9 | 1"]);
    account.threshold("ownership_coverage_warn", 90.0);
    assert_eq!(account.rows(sql), ["pass | 9 | 1"]);
}

/// The subjects of one kind that flags count for, with the number of flags.
fn subjects(account: &Account, kind: &str) -> Vec<String> {
    let counted = account.rows(&format!(
        "SELECT subject, total FROM scorecards
         WHERE scorecard = 'hygiene' AND subject_kind = '{kind}' ORDER BY 1"
    ));
    let listed = account.rows(&format!(
        "SELECT subject, count(*) FROM flag_subjects WHERE subject_kind = '{kind}'
         GROUP BY 1 ORDER BY 1"
    ));
    assert_eq!(counted, listed, "{kind}");
    counted
}

#[test]
fn a_flag_counts_for_one_team_all_of_its_tags_and_repositories() {
    let account = account();
    for (team, member) in [("large", "ada"), ("large", "bob"), ("small", "ada")] {
        account.insert("team_members", &[("team_key", json!(team)), ("member_id", json!(member))]);
    }
    let ada = [("maintainer_id", json!("ada"))];
    flag(&account, "a", "new", &ada);
    flag(&account, "b", "new", &[&ada[..], &[("maintainer_team_key", json!("large"))]].concat());
    flag(&account, "c", "new", &[("maintainer_id", json!("eve"))]);
    flag(&account, "d", "new", &[]);
    flag(&account, "e", "new", &[("maintainer_team_key", json!("large"))]);
    for (key, tag) in [("a", "x"), ("a", "y"), ("b", "x")] {
        let cells = [("project_key", json!("shop")), ("flag_key", json!(key)), ("tag", json!(tag))];
        account.insert("flag_tags", &cells);
    }
    account.code_reference("shop", "a");
    assert_eq!(subjects(&account, "team"), ["(none) | 2", "large | 2", "small | 1"]);
    assert_eq!(subjects(&account, "owner"), ["(none) | 1", "ada | 2", "eve | 1"]);
    assert_eq!(subjects(&account, "tag"), ["(none) | 3", "x | 2", "y | 1"]);
    assert_eq!(subjects(&account, "repository").len(), 1);
    assert_eq!(subjects(&account, "project"), ["shop | 5"]);
    account.setting("team_rule", "", 0, "most_flags");
    assert_eq!(subjects(&account, "team"), ["(none) | 2", "large | 3"]);
    account.setting("team_rule", "", 0, "maintainer_only");
    assert_eq!(subjects(&account, "team"), ["(none) | 3", "large | 2"]);
}

#[test]
fn without_the_list_of_members_no_team_is_judged_by_a_part_of_its_flags() {
    let account = account();
    flag(&account, "a", "new", &[("maintainer_id", json!("ada"))]);
    flag(&account, "b", "new", &[("maintainer_team_key", json!("web"))]);
    account.outcome("members", "", "invalid_permissions");
    let sql = "SELECT DISTINCT subject, status, total FROM scorecards
               WHERE subject_kind = 'team' ORDER BY 1";
    assert_eq!(account.rows(sql), ["web | unknown | NULL"]);
    account.setting("team_rule", "", 0, "maintainer_only");
    let sql = "SELECT subject, total FROM scorecards
               WHERE subject_kind = 'team' AND scorecard = 'hygiene' ORDER BY 1";
    assert_eq!(account.rows(sql), ["(none) | 1", "web | 1"]);
}

#[test]
fn repositories_are_judged_where_code_references_were_read() {
    let account = account();
    flag(&account, "a", "new", &[]);
    account.code_reference("shop", "a");
    assert_eq!(subjects(&account, "repository").len(), 1);
    account.outcome("code_references", "shop", "not_available");
    assert_eq!(subjects(&account, "repository"), [""; 0]);
}

#[test]
fn subjects_have_the_names_that_people_know() {
    let account = account();
    let name = [("first_name", json!("Ada")), ("last_name", json!("Lovelace"))];
    account.insert("members", &[&[("member_id", json!("1"))], &name[..]].concat());
    account.insert("members", &[("member_id", json!("2")), ("email", json!("bob@example.com"))]);
    account.insert("teams", &[("team_key", json!("web")), ("name", json!("Web"))]);
    account.connection.execute("UPDATE projects SET name = 'Shop'", []).unwrap();
    account.connection.execute("UPDATE environments SET name = 'Production'", []).unwrap();
    flag(&account, "a", "new", &[("maintainer_id", json!("1"))]);
    flag(&account, "b", "new", &[("maintainer_id", json!("2"))]);
    let gone = [("maintainer_id", json!("3")), ("maintainer_email", json!("eve@example.com"))];
    flag(&account, "c", "new", &gone);
    flag(&account, "d", "new", &[("maintainer_team_key", json!("web"))]);
    flag(&account, "e", "new", &[("maintainer_id", json!("4"))]);
    let sql = "SELECT DISTINCT subject_kind, subject, subject_name FROM scorecards
               WHERE subject_kind <> 'tag' ORDER BY 1, 2";
    assert_eq!(
        account.rows(sql),
        [
            "environment | shop/production | Shop / Production",
            "owner | 1 | Ada Lovelace",
            "owner | 2 | bob@example.com",
            "owner | 3 | eve@example.com",
            "owner | 4 | Former member 4",
            "project | shop | Shop",
            "team | (none) | No team",
            "team | web | Web",
        ]
    );
}
