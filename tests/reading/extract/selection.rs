//! Objects that are not selected, or not accessible.

use crate::extract::company;
use crate::support::rows;

#[test]
fn selected_projects_are_all_that_is_read() {
    let run = company();
    let keys: Vec<String> =
        run.server.read(|account| account.projects.iter().map(|one| one.key.clone()).collect());
    run.extract(&["--project", &keys[1]]);
    let found = rows(&run.database(), "SELECT project_key FROM projects");
    assert_eq!(found, [format!("{:?}", keys[1])]);
    assert_eq!(run.requests(&format!("/flags/{}", keys[0])), 0);
}

#[test]
fn an_unknown_project_is_a_usage_error_that_suggests_near_names() {
    let run = company();
    let ended = run.run(&["extract", "--error-format", "json", "--project", "storefrnt"]);
    let error = ended.failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("`storefront`"), "{error}");
    assert!(!run.path("launchdarkly.db").exists());
}

#[test]
fn skipped_resources_are_not_asked_for_and_keep_their_rows() {
    let run = company();
    run.extract(&[]);
    let tags = run.tables()["tags"].clone();
    run.server.forget_requests();
    run.extract(&["--skip", "tags", "--skip", "teams", "--skip", "flag_statuses"]);
    for part in ["/tags", "/teams", "/flag-statuses/"] {
        assert_eq!(run.requests(part), 0, "{part}");
    }
    assert_eq!(run.tables()["tags"], tags);
    let skipped = rows(
        &run.database(),
        "SELECT resource FROM extraction_resources WHERE outcome = 'skipped' AND is_stale
         ORDER BY 1",
    );
    assert_eq!(skipped, ["\"flag_statuses\"", "\"tags\"", "\"team_maintainers\"", "\"teams\""]);
}

#[test]
fn skipped_tables_lose_orphan_rows() {
    let run = company();
    run.extract(&[]);
    run.server.change(|account| drop(account.projects.remove(0)));
    run.extract(&["--skip", "flag_statuses", "--max-removals", "100%"]);
    assert!(rows(&run.database(), "PRAGMA foreign_key_check").is_empty());
    assert!(run.value::<i64>("SELECT count(*) FROM flag_statuses") > 0);
}

#[test]
fn plans_without_teams_are_recorded_and_the_run_goes_on() {
    for status in [404, 405] {
        let run = company();
        run.server.behave(|behaviour| {
            behaviour.refused.insert(fake_launchdarkly::Family::Teams, status);
        });
        let ended = run.extract(&[]);
        assert!(ended.stderr.contains("no teams"), "{}", ended.stderr);
        let sql = "SELECT outcome, http_status FROM extraction_resources WHERE resource = 'teams'";
        assert_eq!(rows(&run.database(), sql), [format!("\"not_available\" | {status}")]);
    }
}
