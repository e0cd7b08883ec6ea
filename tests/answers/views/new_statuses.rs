//! A status that flaglake does not know counts as unknown, because its meaning is not known.

use serde_json::json;

use crate::views::account::Account;

/// A flag that would be stale, and ready to archive, if it were inactive.
fn account() -> Account {
    let account = Account::new();
    account.project("shop").environment("shop", "eu", true).flag("shop", "a", 100.0, &[]);
    let served = [("is_on", json!(true)), ("fallthrough_variation", json!(1))];
    account.configuration(("shop", "a", "eu"), 100.0, &served);
    account.status(("shop", "a", "eu"), "futurestatus", Some(50.0));
    account
}

#[test]
fn it_is_neither_launched_nor_inactive_nor_active() {
    let account = account();
    let sql = "SELECT launched, inactive, active, ready_for_code_removal, ready_to_archive
               FROM flag_readiness";
    assert_eq!(account.rows(sql), ["NULL | NULL | NULL | 0 | NULL"]);
    assert_eq!(account.rows("SELECT stage FROM flag_lifecycle"), ["unknown"]);
    let debt = "SELECT ready_for_code_removal, ready_to_archive, unknown_flags FROM owner_debt";
    assert_eq!(account.rows(debt), ["0 | 0 | 1"]);
    account.environment("shop", "us", true).status(("shop", "a", "us"), "launched", None);
    assert_eq!(account.rows(sql), ["NULL | 0 | NULL | 0 | 0"]);
}

#[test]
fn it_leaves_the_verdict_open() {
    let account = account();
    let sql = "SELECT verdict, reasons FROM removal_verdicts";
    assert_eq!(account.rows(sql), [r#"unknown | ["statuses_unknown"]"#]);
    let sql = "SELECT archive_verdict, archive_reasons FROM removal_verdicts";
    let expected = [r#"unknown | ["fallback_unknown","statuses_unknown"]"#];
    assert_eq!(account.rows(sql), expected);
}

#[test]
fn it_leaves_staleness_open() {
    let account = account();
    let sql = "SELECT temporary_flags, stale_flags, stale_percentage, unknown_flags
               FROM stale_percentages";
    assert_eq!(account.rows(sql), ["1 | NULL | NULL | 1"]);
    let sql = "SELECT DISTINCT scorecard FROM scorecards
               WHERE status = 'unknown' AND scorecard <> 'environment_governance' ORDER BY 1";
    assert_eq!(account.rows(sql), ["removal_backlog", "stale_percentage"]);
    account.connection.execute("UPDATE flag_statuses SET status_since = '2026-01-01'", []).unwrap();
    assert_eq!(account.rows(sql), ["removal_backlog", "stale_percentage"]);
}

#[test]
fn it_leaves_open_whether_a_project_is_inactive() {
    let account = account();
    let sql = "SELECT is_inactive FROM inactive_projects";
    assert_eq!(account.rows(sql), ["1"]);
    account.connection.execute("UPDATE flags SET temporary = 0", []).unwrap();
    assert_eq!(account.rows(sql), ["NULL"]);
}

#[test]
fn it_is_counted_under_its_name() {
    let sql = "SELECT status, flags FROM status_counts";
    assert_eq!(account().rows(sql), ["futurestatus | 1"]);
}
