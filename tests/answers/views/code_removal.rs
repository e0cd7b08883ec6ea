//! `code_removal_to_archive`.

use serde_json::{Value, json};

use crate::views::account::{Account, MOMENT, ago};

const WAITS: &str =
    "SELECT flag_key, archive_days, waiting_days FROM code_removal_to_archive ORDER BY 1";

/// Runs of 9, 8 and 7 days ago have read the code references of the shop.
fn account() -> Account {
    let account = Account::new();
    account.project("shop");
    for days in [9, 8, 7] {
        let id = json!(format!("{days} days ago"));
        let started_at = ago(f64::from(days));
        let run = [("extraction_id", id.clone()), ("started_at", started_at)];
        account.insert("extractions", &run);
        let resource = [("extraction_id", id), ("resource", json!("code_references"))];
        let scope = [("scope", json!("shop")), ("outcome", json!("complete"))];
        account.insert("extraction_resources", &[resource, scope].concat());
    }
    account
        .connection
        .execute_batch("UPDATE extractions SET is_latest = extraction_id = 'now'")
        .unwrap();
    account
}

/// Code in a repository mentioned a flag until `to`, or still does.
fn mentioned(account: &Account, flag: &str, repository: &str, from: f64, to: Option<f64>) {
    let cells = [
        ("project_key", json!("shop")),
        ("flag_key", json!(flag)),
        ("repository", json!(repository)),
        ("valid_from", ago(from)),
        ("valid_to", to.map_or(Value::Null, ago)),
    ];
    account.insert("code_references_history", &cells);
}

fn archived(days: f64) -> [(&'static str, Value); 2] {
    [("state", json!("archived")), ("archived_at", ago(days))]
}

#[test]
fn a_flag_waits_from_the_run_that_found_no_code() {
    let account = account();
    account.flag("shop", "waiting", 99.0, &[]).flag("shop", "archived", 99.0, &archived(2.5));
    for flag in ["waiting", "archived"] {
        mentioned(&account, flag, "a", 9.0, Some(8.0));
        // It was found with other counts, and in another repository.
        mentioned(&account, flag, "a", 8.0, Some(7.0));
        mentioned(&account, flag, "b", 9.0, Some(8.0));
    }
    assert_eq!(account.rows(WAITS), ["archived | 4 | NULL", "waiting | NULL | 7"]);
    let sql = "SELECT code_last_seen_at, code_removed_at, archived_at
               FROM code_removal_to_archive ORDER BY flag_key";
    let times = "2026-11-12T02:00:00.000Z | 2026-11-13T02:00:00.000Z";
    let rows = [format!("{times} | 2026-11-17T14:00:00.000Z"), format!("{times} | NULL")];
    assert_eq!(account.rows(sql), rows);
}

#[test]
fn code_that_is_still_there_or_came_back_was_not_removed() {
    let account = account();
    for flag in ["elsewhere", "back", "never"] {
        account.flag("shop", flag, 99.0, &[]);
    }
    mentioned(&account, "elsewhere", "a", 9.0, Some(7.0));
    mentioned(&account, "elsewhere", "b", 9.0, None);
    mentioned(&account, "back", "a", 9.0, Some(8.0));
    mentioned(&account, "back", "a", 7.0, None);
    assert_eq!(account.rows(WAITS), [""; 0]);
}

#[test]
fn archiving_before_the_code_was_removed_is_no_wait() {
    let account = account();
    account.flag("shop", "before", 99.0, &archived(8.0));
    account.flag("shop", "between", 99.0, &archived(8.0 - MOMENT));
    account.flag("shop", "undated", 99.0, &[("state", json!("archived"))]);
    account.flag("shop", "restored", 99.0, &[("archived_at", ago(8.5))]);
    for flag in ["before", "between", "undated", "restored"] {
        mentioned(&account, flag, "a", 9.0, Some(7.0));
    }
    assert_eq!(account.rows(WAITS), ["between | 0 | NULL", "restored | NULL | 7"]);
}

#[test]
fn an_earlier_flag_of_the_same_key_is_another_flag() {
    let account = account();
    account.flag("shop", "again", 7.0 - MOMENT, &[]).flag("shop", "same", 7.0, &[]);
    for flag in ["again", "same", "deleted"] {
        mentioned(&account, flag, "a", 9.0, Some(7.0));
    }
    assert_eq!(account.rows(WAITS), ["same | NULL | 7"]);
}

#[test]
fn runs_that_did_not_read_code_references_found_nothing() {
    let account = account();
    account.connection.execute_batch(
        "UPDATE extraction_resources SET outcome = 'skipped' WHERE extraction_id = '8 days ago'",
    ).unwrap();
    account.flag("shop", "a", 99.0, &archived(8.0));
    mentioned(&account, "a", "a", 9.0, Some(7.0));
    assert_eq!(account.rows(WAITS), ["a | 0 | NULL"]);
}
