//! `inactive_projects`, `flag_hygiene`, `code_reference_mismatches` and `blast_radius`.

use serde_json::json;

use crate::views::account::{Account, MOMENT};

const PROJECTS: &str = "SELECT project_key, flags, is_inactive FROM inactive_projects ORDER BY 1";
const HYGIENE: &str = "SELECT flag_key, has_description, has_tags FROM flag_hygiene ORDER BY 1, 2";
const MISMATCHES: &str = "SELECT project_key, flag_key, mismatch, repositories, hunk_count
                          FROM code_reference_mismatches ORDER BY 1, 2";
const RADIUS: &str = "SELECT project_key, environment_key, kind, key, flags
                      FROM blast_radius ORDER BY 1, 2, 3, 4";

/// A project with one environment and one old flag.
fn old(account: &Account, project: &str, temporary: bool, state: &str) {
    account.project(project).environment(project, "production", true);
    let cells = [("temporary", temporary.into()), ("state", state.into())];
    account.flag(project, "old", 400.0, &cells);
}

#[test]
fn a_project_is_inactive_after_ninety_days_without_new_flags() {
    let account = Account::new();
    account.project("at").flag("at", "a", 90.0, &[]).flag("at", "b", 99.0, &[]);
    account.project("before").flag("before", "a", 90.0 - MOMENT, &[]);
    account.project("archived").flag("archived", "a", 1.0, &[("state", "archived".into())]);
    account.project("empty");
    let sql = "SELECT * FROM inactive_projects ORDER BY 1";
    assert_eq!(
        account.rows(sql),
        ["at | 2026-08-22T02:00:00.000Z | 2 | 1", "empty | NULL | 0 | 1"]
    );
    account.threshold("inactive_project", 89.0);
    assert_eq!(account.rows(PROJECTS), ["at | 2 | 1", "before | 1 | 1", "empty | 0 | 1"]);
}

#[test]
fn inactivity_is_unknown_if_the_newest_run_did_not_read_flags() {
    let account = Account::new();
    account.project("earlier").flag("earlier", "a", 100.0, &[]);
    account.project("never");
    account.outcome("flags", "earlier", "skipped").outcome("flags", "never", "skipped");
    assert_eq!(account.rows(PROJECTS), ["earlier | 1 | NULL", "never | NULL | NULL"]);
}

#[test]
fn an_active_permanent_flag_keeps_a_project_active() {
    let account = Account::new();
    for (project, temporary, state, status) in [
        ("active", false, "live", "active"),
        ("archived", false, "archived", "active"),
        ("deprecated", false, "deprecated", "active"),
        ("launched", false, "live", "launched"),
        ("temporary", true, "live", "active"),
    ] {
        old(&account, project, temporary, state);
        account.status((project, "old", "production"), status, Some(0.0));
    }
    assert_eq!(
        account.rows(PROJECTS),
        ["archived | 0 | 1", "launched | 1 | 1", "temporary | 1 | 1"]
    );
}

#[test]
fn inactivity_is_unknown_with_an_unknown_permanent_flag() {
    let account = Account::new();
    for project in ["known", "missing", "refused", "temporary", "active"] {
        old(&account, project, project == "temporary", "live");
        account.environment(project, "test", false);
        account.status((project, "old", "production"), "inactive", None);
    }
    account.status(("known", "old", "test"), "inactive", None);
    account.status(("refused", "old", "test"), "active", Some(0.0));
    account.outcome("flag_statuses", "refused/test", "invalid_permissions");
    // Active in one environment decides, even if the other is unknown.
    account.flag("active", "busy", 400.0, &[("temporary", false.into())]);
    account.status(("active", "busy", "production"), "active", Some(0.0));
    assert_eq!(
        account.rows(PROJECTS),
        ["known | 1 | 1", "missing | 1 | NULL", "refused | 1 | NULL", "temporary | 1 | 1"]
    );
}

#[test]
fn white_space_describes_nothing() {
    let account = Account::new();
    account.project("shop").project("web");
    for (flag, description) in
        [("a", json!("Buys")), ("b", json!(" \n\t")), ("c", json!(null)), ("d", json!(""))]
    {
        account.flag("shop", flag, 1.0, &[("description", description)]);
    }
    let archived = ("state", "archived".into());
    account.flag("shop", "e", 1.0, &[archived]).flag("web", "a", 1.0, &[]);
    for (project, flag) in [("shop", "b"), ("shop", "e"), ("web", "a")] {
        let cells = [("project_key", project.into()), ("flag_key", flag.into())];
        account.insert("flag_tags", &cells);
    }
    assert_eq!(
        account.rows(HYGIENE),
        ["a | 0 | 1", "a | 1 | 0", "b | 0 | 1", "c | 0 | 0", "d | 0 | 0"]
    );
}

#[test]
fn archived_flags_in_code_and_live_ones_without_are_mismatches() {
    let account = Account::new();
    account.project("shop").project("web");
    for project in ["shop", "web"] {
        for state in ["live", "deprecated", "archived"] {
            for use_ in ["used", "unused"] {
                let flag = format!("{state}-{use_}");
                account.flag(project, &flag, 1.0, &[("state", state.into())]);
            }
            account.code_reference(project, &format!("{state}-used"));
        }
    }
    let cells = [
        ("project_key", "shop".into()),
        ("flag_key", "archived-used".into()),
        ("repository", "app".into()),
        ("hunk_count", 4.into()),
    ];
    account.insert("code_references", &cells).code_reference("shop", "deleted");
    account.outcome("code_references", "web", "not_available");
    assert_eq!(
        account.rows(MISMATCHES),
        [
            "shop | archived-used | archived_but_referenced | 2 | 7",
            "shop | live-unused | live_but_unreferenced | 0 | 0",
        ]
    );
}

#[test]
fn the_blast_radius_of_a_flag_is_its_dependent_flags() {
    let account = Account::new();
    for project in ["shop", "web"] {
        account.project(project);
        account.environment(project, "production", true).environment(project, "test", false);
        for flag in ["a", "b", "c", "base"] {
            account.flag(project, flag, 1.0, &[]);
        }
        account.flag(project, "gone", 1.0, &[("state", "archived".into())]);
    }
    for (project, flag, environment, on) in [
        ("shop", "a", "production", "base"),
        ("shop", "b", "production", "base"),
        ("shop", "gone", "production", "base"),
        ("shop", "a", "test", "base"),
        ("shop", "a", "test", "b"),
        ("web", "c", "test", "base"),
    ] {
        configure(&account, (project, flag, environment));
        account.prerequisite((project, flag, environment), on);
    }
    assert_eq!(
        account.rows(RADIUS),
        [
            "shop | production | prerequisite | base | 2",
            "shop | test | prerequisite | b | 1",
            "shop | test | prerequisite | base | 1",
            "web | test | prerequisite | base | 1",
        ]
    );
}

/// Has a configuration where there is none.
fn configure(account: &Account, (project, flag, environment): (&str, &str, &str)) {
    let sql = format!(
        "SELECT 1 FROM flag_environments WHERE project_key = '{project}'
         AND flag_key = '{flag}' AND environment_key = '{environment}'"
    );
    if account.rows(&sql).is_empty() {
        account.configuration((project, flag, environment), 1.0, &[]);
    }
}

fn rule(account: &Account, flag: &str, index: i64, clauses: &str) {
    configure(account, ("shop", flag, "production"));
    let cells = [
        ("project_key", "shop".into()),
        ("flag_key", flag.into()),
        ("environment_key", "production".into()),
        ("rule_index", index.into()),
        ("clauses", clauses.into()),
    ];
    account.insert("flag_rules", &cells);
}

/// LaunchDarkly's statement that a flag targets a segment.
fn listed(account: &Account, environment: &str, segment: &str, flag: &str) {
    let cells = [
        ("project_key", "shop".into()),
        ("environment_key", environment.into()),
        ("segment_key", segment.into()),
        ("flag_key", flag.into()),
    ];
    account.insert("segment_flags", &cells);
}

#[test]
fn the_blast_radius_of_a_segment_is_the_flags_that_use_it() {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    for flag in ["a", "b", "c"] {
        account.flag("shop", flag, 1.0, &[]);
    }
    let beta = r#"{"attribute":"","op":"segmentMatch","values":["beta","staff"]}"#;
    rule(&account, "a", 0, &format!("[{beta}]"));
    rule(&account, "a", 1, &format!(r#"[{{"op":"in","values":["x"]}},{beta}]"#));
    rule(&account, "b", 0, r#"[{"op":"segmentMatch","values":["beta"],"negate":true}]"#);
    // Text that resembles a segment clause, and JSON that is not a clause.
    rule(&account, "c", 0, r#"[{"op":"in","values":["segmentMatch","beta"]}]"#);
    for (index, clauses) in (1..).zip(["null", r#"["segmentMatch"]"#, r#""segmentMatch""#, ""]) {
        rule(&account, "c", index, clauses);
    }
    assert_eq!(
        account.rows(RADIUS),
        ["shop | production | segment | beta | 2", "shop | production | segment | staff | 1"]
    );
}

#[test]
fn flags_listed_with_a_segment_count_once() {
    let account = Account::new();
    account.project("shop");
    for environment in ["production", "test"] {
        account.environment("shop", environment, true);
        let cells = [
            ("project_key", "shop".into()),
            ("environment_key", environment.into()),
            ("segment_key", "beta".into()),
        ];
        account.insert("segments", &cells);
        for flag in ["a", "b", "gone"] {
            listed(&account, environment, "beta", flag);
        }
    }
    account.flag("shop", "a", 1.0, &[]).flag("shop", "b", 1.0, &[]);
    account.flag("shop", "gone", 1.0, &[("state", "archived".into())]);
    rule(&account, "a", 0, r#"[{"op":"segmentMatch","values":["beta"]}]"#);
    account.outcome("segments", "shop/test", "invalid_permissions");
    assert_eq!(account.rows(RADIUS), ["shop | production | segment | beta | 2"]);
    account.outcome("segments", "shop/production", "not_available");
    assert_eq!(account.rows(RADIUS), ["shop | production | segment | beta | 1"]);
}
