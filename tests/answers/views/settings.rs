//! `scorecard_settings`: critical environments by pattern, exempt tags, thresholds of projects.

use serde_json::json;

use crate::views::account::Account;

/// Two projects with an environment each that LaunchDarkly marks as critical, and two others.
fn account() -> Account {
    let account = Account::new();
    for project in ["shop", "blog"] {
        account.project(project).environment(project, "live", true);
        account.environment(project, "prod-eu", false).environment(project, "test", false);
    }
    account
}

fn critical(account: &Account) -> Vec<String> {
    account.rows("SELECT project_key, environment_key FROM critical_environments ORDER BY 1, 2")
}

#[test]
fn patterns_say_which_environments_are_critical() {
    let account = account();
    assert_eq!(critical(&account), ["blog | live", "shop | live"]);
    account.setting("critical_environments", "", 0, "prod-*");
    assert_eq!(critical(&account), ["blog | prod-eu", "shop | prod-eu"]);
    account.setting("critical_environments", "", 1, "liv?");
    account.setting("critical_environments", "blog", 0, "test");
    assert_eq!(critical(&account), ["blog | test", "shop | live", "shop | prod-eu"]);
    assert_eq!(
        account
            .rows("SELECT project_key, environment_key FROM environment_governance ORDER BY 1, 2"),
        critical(&account)
    );
    assert_eq!(
        account.rows("SELECT project_key, environment_key FROM stale_percentages WHERE critical ORDER BY 1, 2"),
        critical(&account)
    );
}

/// A stale flag that is ready to archive.
fn stale(account: &Account, project: &str, flag: &str) {
    account.flag(project, flag, 100.0, &[]);
    account.configuration((project, flag, "live"), 20.0, &[]);
    account.status((project, flag, "live"), "inactive", Some(20.0));
}

#[test]
fn flags_with_exempt_tags_are_not_judged() {
    let account = account();
    stale(&account, "shop", "a");
    stale(&account, "shop", "b");
    let keys = [("project_key", json!("shop")), ("flag_key", json!("a"))];
    account.insert("flag_tags", &[&keys[..], &[("tag", json!("kill-switch"))]].concat());
    let totals = "SELECT total FROM scorecards WHERE subject = 'shop' AND scorecard = ";
    let figures = |account: &Account| {
        [
            account.rows("SELECT count(*) FROM stale_flags"),
            account.rows("SELECT count(*) FROM flags_ready_to_archive"),
            account.rows("SELECT temporary_flags FROM stale_percentages WHERE project_key = 'shop' AND critical"),
            account.rows(&format!("{totals} 'stale_percentage'")),
            account.rows(&format!("{totals} 'flag_age'")),
            account.rows(&format!("{totals} 'hygiene'")),
            account.rows("SELECT count(*) FROM unowned_flags"),
        ]
        .concat()
    };
    assert_eq!(figures(&account), ["2"; 7]);
    account.setting("exempt_tags", "blog", 0, "*");
    assert_eq!(figures(&account), ["2"; 7]);
    account.setting("exempt_tags", "", 0, "kill-*");
    assert_eq!(figures(&account), ["1"; 7]);
}

#[test]
fn a_project_has_thresholds_of_its_own() {
    let account = account();
    stale(&account, "shop", "a");
    stale(&account, "blog", "a");
    let stale = "SELECT project_key FROM stale_flags ORDER BY 1";
    assert_eq!(account.rows(stale), ["blog", "shop"]);
    account.setting("stale_flag_age", "shop", 0, "101");
    assert_eq!(account.rows(stale), ["blog"]);
    let sql = "SELECT subject, status, detail FROM scorecards
               WHERE scorecard = 'flag_age' AND subject_kind IN ('project', 'team') ORDER BY 1";
    account.setting("flag_lifetime", "shop", 0, "120").setting("flag_age_fail", "blog", 0, "100");
    assert_eq!(
        account.rows(sql),
        [
            "(none) | fail | 1 of 2 temporary flags is older than their projects allow.",
            "blog | warn | 1 of 1 temporary flag is older than 90 days.",
            "shop | pass | 0 of 1 temporary flag is older than 120 days.",
        ]
    );
}

#[test]
fn a_threshold_that_is_no_number_does_not_count() {
    let account = account();
    for value in ["30 weeks", "1e99", "999999999", "-1", "many"] {
        account.setting("flag_lifetime", "shop", 0, value);
        assert_eq!(
            account.rows("SELECT project_key FROM project_thresholds WHERE is_own"),
            [""; 0],
            "{value}"
        );
    }
    account.setting("flag_lifetime", "shop", 0, "45.5");
    let own = "SELECT project_key, value FROM project_thresholds WHERE is_own";
    assert_eq!(account.rows(own), ["shop | 45.5"]);
}
