//! `flag_lifecycle`, `flags_ready_for_code_removal` and `flags_ready_to_archive`.

use serde_json::{Value, json};

use crate::views::account::Account;

const LIFECYCLE: &str =
    "SELECT flag_key, stage, ld_stage, disagrees FROM flag_lifecycle ORDER BY 1";

fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "production", true);
    account
}

/// An old flag with a status in production, mentioned by code if it is launched.
fn settled(account: &Account, flag: &str, status: &str, cells: &[(&str, Value)]) {
    account.flag("shop", flag, 90.0, cells).status(("shop", flag, "production"), status, None);
    if status == "launched" {
        account.code_reference("shop", flag);
    }
}

/// LaunchDarkly's verdict on the flag.
fn verdicts(removal: Value, archive: Value) -> [(&'static str, Value); 2] {
    [("ld_ready_for_code_removal", removal), ("ld_ready_to_archive", archive)]
}

#[test]
fn every_flag_is_at_one_stage() {
    let account = account();
    settled(&account, "a", "active", &[]);
    settled(&account, "b", "launched", &[]);
    settled(&account, "c", "inactive", &[]);
    settled(&account, "d", "launched", &[("state", json!("deprecated"))]);
    settled(&account, "e", "inactive", &[("state", json!("archived"))]);
    account.flag("shop", "f", 90.0, &[]);
    account.flag("shop", "g", 1.0, &[]);
    account.flag("shop", "h", 90.0, &[("temporary", json!(false))]);
    let stages = "SELECT flag_key, stage FROM flag_lifecycle ORDER BY 1";
    assert_eq!(
        account.rows(stages),
        [
            "a | live",
            "b | ready_for_code_removal",
            "c | ready_to_archive",
            "d | deprecated",
            "e | archived",
            "f | unknown",
            "g | live",
            "h | live",
        ]
    );
}

#[test]
fn a_stage_is_unknown_as_long_as_more_than_code_is_not_known() {
    let account = account();
    account.outcome("code_references", "shop", "invalid_permissions");
    settled(&account, "launched", "launched", &[]);
    settled(&account, "inactive", "inactive", &[]);
    settled(&account, "new", "new", &[]);
    account.project("blog").environment("blog", "test", false).flag("blog", "old", 90.0, &[]);
    assert_eq!(
        account.rows("SELECT flag_key, stage FROM flag_lifecycle ORDER BY 1"),
        [
            "inactive | code_not_checked",
            "launched | code_not_checked",
            "new | live",
            "old | unknown"
        ]
    );
}

#[test]
fn launchdarkly_names_a_stage_or_denies_both_or_does_not_say() {
    let account = account();
    let (yes, no) = (json!(true), json!(false));
    settled(&account, "a", "active", &verdicts(yes.clone(), no.clone()));
    settled(&account, "b", "active", &verdicts(Value::Null, yes.clone()));
    settled(&account, "c", "active", &verdicts(no.clone(), no.clone()));
    settled(&account, "d", "active", &verdicts(no.clone(), Value::Null));
    settled(&account, "e", "active", &verdicts(Value::Null, Value::Null));
    settled(&account, "f", "launched", &verdicts(yes.clone(), yes));
    settled(&account, "g", "inactive", &verdicts(no.clone(), no));
    assert_eq!(
        account.rows(LIFECYCLE),
        [
            "a | live | ready_for_code_removal | 1",
            "b | live | ready_to_archive | 1",
            "c | live | live | 0",
            "d | live | NULL | NULL",
            "e | live | NULL | NULL",
            "f | ready_for_code_removal | ready_for_code_removal | 0",
            "g | ready_to_archive | live | 1",
        ]
    );
}

#[test]
fn only_known_stages_of_live_flags_are_compared() {
    let account = account();
    let verdicts = verdicts(json!(true), json!(false));
    for (flag, state) in [("a", "archived"), ("b", "deprecated"), ("c", "live")] {
        let mut cells = verdicts.to_vec();
        cells.push(("state", json!(state)));
        account.flag("shop", flag, 90.0, &cells);
    }
    assert_eq!(
        account.rows(LIFECYCLE),
        [
            "a | archived | NULL | NULL",
            "b | deprecated | NULL | NULL",
            "c | unknown | ready_for_code_removal | NULL",
        ]
    );
}

#[test]
fn lists_hold_the_flags_that_are_known_to_be_ready() {
    let account = account();
    for (flag, status) in [("a", "launched"), ("b", "inactive"), ("c", "active")] {
        settled(&account, flag, status, &[]);
        settled(&account, &format!("{flag}-gone"), status, &[("state", json!("archived"))]);
        settled(&account, &format!("{flag}-going"), status, &[("state", json!("deprecated"))]);
    }
    account.flag("shop", "unknown", 90.0, &[]);
    account.project("blog").environment("blog", "production", true).flag("blog", "a", 90.0, &[]);
    let removal = "SELECT project_key, flag_key FROM flags_ready_for_code_removal";
    assert_eq!(account.rows(removal), ["shop | a"]);
    let archive = "SELECT project_key, flag_key FROM flags_ready_to_archive";
    assert_eq!(account.rows(archive), ["shop | b"]);
}
