//! A report's wording where data is missing.

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use crate::report::{change, json, page, place, report};
use crate::support;

fn figure(folder: &TempDir, id: &str) -> Value {
    let figures = json(folder)["headline"].as_array().unwrap().clone();
    figures.into_iter().find(|figure| figure["id"] == id).unwrap()
}

#[test]
fn flags_whose_maintainer_cannot_be_checked_are_unknown() {
    let folder = place();
    let checked =
        "state <> 'archived' AND (maintainer_id IS NOT NULL OR maintainer_team_key IS NOT NULL)";
    let connection = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    let sql = format!("SELECT count(*) FROM flags WHERE {checked}");
    let flags: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
    let read = "UPDATE resource_coverage SET outcome = 'complete'
                WHERE resource IN ('members', 'teams')";
    change(&folder, read);
    let unowned = figure(&folder, "unowned_flags");
    assert_eq!(unowned["unknown_flags"], 0);
    assert!(unowned["note"].as_str().unwrap().contains(", 0 whose owner left"), "{unowned}");
    let unread = "UPDATE resource_coverage SET outcome = 'skipped'
                  WHERE resource IN ('members', 'teams')";
    change(&folder, unread);
    let unowned = figure(&folder, "unowned_flags");
    assert!(unowned["value"].as_i64().unwrap() > 0, "what is known is kept: {unowned}");
    assert_eq!(unowned["unknown_flags"], flags);
    assert!(!unowned["note"].as_str().unwrap().contains("left"), "{unowned}");
    assert!(page(&folder).contains(&format!("not known for {flags} flags")));
    change(&folder, "DELETE FROM unowned_flags");
    assert_eq!(figure(&folder, "unowned_flags")["value"], Value::Null);
}

#[test]
fn a_flag_with_a_maintainer_who_is_there_is_not_unknown() {
    let folder = place();
    for (unread, maintainer) in
        [("members", "maintainer_team_key = 'team-0'"), ("teams", "maintainer_id = 'member-0'")]
    {
        change(
            &folder,
            &format!(
                "UPDATE resource_coverage SET outcome = iif(resource = '{unread}', 'skipped', 'complete')
                 WHERE resource IN ('members', 'teams');
                 UPDATE flags SET maintainer_id = 'gone', maintainer_team_key = 'gone';
                 UPDATE flags SET {maintainer} WHERE project_key <> 'project-00'"
            ),
        );
        let connection = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
        let sql =
            "SELECT count(*) FROM flags WHERE state <> 'archived' AND project_key = 'project-00'";
        let others: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(figure(&folder, "unowned_flags")["unknown_flags"], others, "{unread}");
    }
}

#[test]
fn an_exempt_flag_with_an_unknown_maintainer_is_not_unknown() {
    let folder = place();
    let unread = "UPDATE resource_coverage SET outcome = 'skipped'
                  WHERE resource IN ('members', 'teams')";
    change(&folder, unread);
    let before = figure(&folder, "unowned_flags")["unknown_flags"].as_i64().unwrap();
    change(
        &folder,
        "INSERT INTO exempt_flags SELECT project_key, flag_key, 'kill-switch' FROM flags
         WHERE state <> 'archived' AND maintainer_team_key IS NOT NULL LIMIT 3",
    );
    assert_eq!(figure(&folder, "unowned_flags")["unknown_flags"], before - 3);
}

#[test]
fn one_stale_critical_environment_decides_despite_unknown_ones() {
    let folder = place();
    let read = "UPDATE environments SET critical = 1;
                UPDATE stale_percentages SET critical = 1;
                UPDATE resource_coverage SET outcome = 'complete' WHERE resource = 'flag_statuses';
                DELETE FROM flag_statuses; DELETE FROM stale_flags;
                UPDATE stale_percentages SET unknown_flags = 1;
                INSERT INTO flag_statuses SELECT project_key, environment_key, flag_key, 'active'
                FROM flags JOIN environments USING (project_key)";
    change(&folder, read);
    assert_eq!(figure(&folder, "stale_flags")["unknown_flags"], 0);
    let lost = "DELETE FROM flag_statuses WHERE environment_key = 'test' AND flag_key IN (
                    SELECT flag_key FROM flags WHERE temporary AND state <> 'archived'
                    AND created_at < '2026-10' ORDER BY flag_key LIMIT 5)";
    change(&folder, lost);
    assert_eq!(figure(&folder, "stale_flags")["unknown_flags"], 5);
    let stale =
        "INSERT INTO stale_flags SELECT project_key, 'staging', flag_key, 'launched', 90, 45,
                     created_at FROM flags WHERE temporary AND state <> 'archived'
                     AND created_at < '2026-10' ORDER BY flag_key LIMIT 2";
    change(&folder, stale);
    let figure = figure(&folder, "stale_flags");
    assert_eq!((&figure["value"], &figure["unknown_flags"]), (&2.into(), &3.into()));
}

#[test]
fn a_flag_with_an_address_for_a_maintainer_is_not_unknown() {
    let folder = place();
    change(
        &folder,
        "UPDATE resource_coverage SET outcome = 'skipped' WHERE resource IN ('members', 'teams');
         UPDATE flags SET maintainer_id = NULL, maintainer_team_key = 'team-0',
             maintainer_email = 'ada@shop.example'",
    );
    assert_eq!(figure(&folder, "unowned_flags")["unknown_flags"], 0);
    change(&folder, "UPDATE flags SET maintainer_email = NULL WHERE flag_key = 'flag-00000'");
    assert_eq!(figure(&folder, "unowned_flags")["unknown_flags"], 1);
}

#[test]
fn what_is_not_known_is_said_with_its_reason() {
    let folder = place();
    change(
        &folder,
        "UPDATE flag_readiness SET ready_to_archive = NULL; DELETE FROM flags_ready_to_archive",
    );
    let stale = figure(&folder, "stale_flags");
    assert!(stale["note"].as_str().unwrap().ends_with(" in any"), "{stale}");
    change(&folder, "DELETE FROM stale_flags");
    let stale = figure(&folder, "stale_flags");
    assert_eq!(
        (&stale["value"], &stale["note"]),
        (&Value::Null, &"in a critical environment".into())
    );
    let json = json(&folder);
    let figure =
        json["headline"].as_array().unwrap().iter().find(|one| one["id"] == "ready_to_archive");
    assert_eq!(figure.unwrap()["value"], Value::Null);
    let page = page(&folder);
    assert!(page.contains("is-unknown\">Unknown</p>"));
    assert!(page.contains("the access token may not read this (<code>invalid_permissions</code>)"));
    change(&folder, "UPDATE environments SET critical = 0 WHERE project_key = 'project-03'");
    let text = report(&folder, &["--format", "text"]).succeeded().stdout;
    assert!(text.contains("No critical environment: project-03"), "{text}");
}

#[test]
fn an_account_without_flags_has_a_page() {
    let folder = place();
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN
        ('extractions', 'latest_extraction', 'scorecard_thresholds')";
    let connection = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    let tables = support::rows(&connection, names);
    tables.iter().for_each(|table| change(&folder, &format!("DELETE FROM {table}")));
    for figure in json(&folder)["headline"].as_array().unwrap() {
        assert_eq!(
            (&figure["value"], &figure["unknown_flags"]),
            (&0.into(), &0.into()),
            "{figure}"
        );
    }
    let page = page(&folder);
    assert!(page.contains("There are no flags.") && page.contains("No stale flags."));
    let text = report(&folder, &["--format", "text"]).succeeded().stdout;
    assert!(text.contains("0 fail, 0 warn"), "{text}");
}

fn list(folder: &TempDir, id: &str) -> Value {
    let lists = json(folder)["lists"].as_array().unwrap().clone();
    lists.into_iter().find(|list| list["id"] == id).unwrap()
}

#[test]
fn texts_name_the_limits_in_use() {
    let folder = place();
    let inactive = list(&folder, "inactive_flags");
    assert_eq!(inactive["title"], "Inactive for 45 days");
    assert!(
        page(&folder).contains("Inactive for 45 days") && !page(&folder).contains("{inactive}")
    );
}

#[test]
fn without_personal_data_owners_are_ids_and_comments_unknown() {
    let folder = place();
    assert_eq!(
        list(&folder, "uncommented_critical_changes")["unknown"].as_array().unwrap().len(),
        1
    );
    change(
        &folder,
        "UPDATE extractions SET personal_data = 'drop';
         UPDATE owner_debt SET owner_name = '' WHERE owner_kind = 'member';
         UPDATE flags SET maintainer_email = '' WHERE maintainer_email IS NOT NULL",
    );
    let gaps = list(&folder, "uncommented_critical_changes")["unknown"].to_string();
    assert!(gaps.contains("comments: left out"), "{gaps}");
    let json = json(&folder);
    let owners = json["owners"].as_array().unwrap();
    assert!(owners.iter().all(|owner| owner["owner_name"] != ""));
    assert!(page(&folder).contains("<bdi>member-0</bdi>"));
    let flags = list(&folder, "flags")["rows"].as_array().unwrap().clone();
    assert!(flags.iter().all(|flag| flag["owner"] != ""));
}

#[test]
fn flags_that_no_run_has_read_are_not_said_to_be_none() {
    let folder = place();
    let skipped = "DELETE FROM flags; DELETE FROM stale_flags; DELETE FROM unowned_flags;
                   DELETE FROM flag_readiness;
                   UPDATE resource_coverage SET outcome = 'skipped' WHERE resource = 'flags'";
    change(&folder, skipped);
    for id in ["live_flags", "stale_flags", "ready_to_archive", "unowned_flags", "net_new_flags"] {
        let figure = figure(&folder, id);
        assert_eq!((&figure["value"], &figure["unread_projects"]), (&Value::Null, &12.into()));
        assert_eq!(figure["note"], "", "{id}");
    }
    assert!(page(&folder).contains("flags of 12 projects were not read"));
}

#[test]
fn new_flags_are_unknown_if_the_newest_run_did_not_read_flags() {
    let folder = place();
    change(
        &folder,
        "UPDATE flags SET created_at = '2026-01-01T00:00:00.000Z', archived_at = NULL;
         UPDATE resource_coverage SET outcome = 'skipped'
         WHERE resource = 'flags' AND scope = 'project-00'",
    );
    assert_eq!(figure(&folder, "net_new_flags")["value"], Value::Null);
    assert!(figure(&folder, "live_flags")["value"].as_i64().unwrap() > 0);
}
