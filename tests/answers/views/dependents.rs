//! `flag_dependents` and `blast_radius_totals`.

use serde_json::json;

use crate::views::account::Account;

const TOTALS: &str =
    "SELECT project_key, kind, key, environments, flags FROM blast_radius_totals ORDER BY 1, 2, 3";
/// Totals counted from the rows of `flag_dependents`.
const COUNTED: &str =
    "SELECT project_key, kind, key, count(DISTINCT environment_key), count(DISTINCT flag_key)
                       FROM flag_dependents GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
const ANY_RULE: &str = r#"[{"op":"segmentMatch","values":["staff"]}]"#;

/// Flags `a`, `b` and `gone`, which is archived, in two environments of two projects.
fn account() -> Account {
    let account = Account::new();
    for project in ["shop", "web"] {
        account.project(project);
        account.environment(project, "production", true).environment(project, "test", false);
        for (flag, state) in [("a", "live"), ("b", "deprecated"), ("gone", "archived")] {
            account.flag(project, flag, 1.0, &[("state", state.into())]);
            for environment in ["production", "test"] {
                account.configuration((project, flag, environment), 1.0, &[]);
            }
        }
    }
    account
}

#[test]
fn a_flag_counts_once_however_many_environments_it_depends_in() {
    let account = account();
    for (project, flag, environment) in [
        ("shop", "a", "production"),
        ("shop", "a", "test"),
        ("shop", "b", "test"),
        ("shop", "gone", "production"),
        ("web", "a", "production"),
        ("web", "gone", "test"),
    ] {
        account.prerequisite((project, flag, environment), "base");
        account.rule((project, flag, environment), 0, ANY_RULE, &[]);
    }
    let expected = [
        "shop | prerequisite | base | 2 | 2",
        "shop | segment | staff | 2 | 2",
        "web | prerequisite | base | 1 | 1",
        "web | segment | staff | 1 | 1",
    ];
    assert_eq!(account.rows(TOTALS), expected);
    assert_eq!(account.rows(COUNTED), expected);
}

#[test]
fn every_number_of_a_blast_radius_has_as_many_rows() {
    let account = account();
    for (flag, environment) in [("a", "production"), ("b", "production"), ("b", "test")] {
        account.prerequisite(("shop", flag, environment), "base");
        // Twice in one flag.
        account.rule(("shop", flag, environment), 0, ANY_RULE, &[]);
        account.rule(("shop", flag, environment), 1, ANY_RULE, &[]);
    }
    let counted = "SELECT project_key, environment_key, kind, key, count(*) FROM flag_dependents
                   GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";
    let radius = "SELECT * FROM blast_radius ORDER BY 1, 2, 3, 4";
    assert_eq!(account.rows(counted), account.rows(radius));
    assert_eq!(
        account.rows(radius),
        [
            "shop | production | prerequisite | base | 2",
            "shop | production | segment | staff | 2",
            "shop | test | prerequisite | base | 1",
            "shop | test | segment | staff | 1",
        ]
    );
}

#[test]
fn segments_that_were_not_read_count_by_their_rules_only() {
    let account = account();
    let listed = |environment: &str| {
        let keys = [("project_key", json!("shop")), ("environment_key", json!(environment))];
        let cells = [&keys[..], &[("segment_key", json!("staff"))]].concat();
        account.insert("segments", &cells);
        account.insert("segment_flags", &[&cells[..], &[("flag_key", json!("a"))]].concat());
    };
    listed("production");
    listed("test");
    account.outcome("segments", "shop/test", "skipped");
    assert_eq!(account.rows(TOTALS), ["shop | segment | staff | 1 | 1"]);
    account.rule(("shop", "b", "test"), 0, ANY_RULE, &[]);
    assert_eq!(account.rows(TOTALS), ["shop | segment | staff | 2 | 2"]);
}
