//! The account of a database, and its newest run.

use crate::outputs::company;

#[test]
fn another_accounts_data_is_refused_but_for_the_demos() {
    let run = company();
    let account = |id: &'static str| run.server.change(|account| account.account_id = id.into());
    run.extract(&[]);
    account("first-account");
    run.extract(&[]);
    let before = run.tables();
    account("second-account");
    let error = run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("first-account"), "{error}");
    assert_eq!(run.tables(), before);
    run.extract(&["--output", "second.db"]);
}

#[test]
fn a_wrong_clock_does_not_decide_the_newest_run() {
    let run = company();
    run.extract(&[]);
    run.database()
        .execute("UPDATE extractions SET started_at = '2199-01-01T00:00:00.000Z'", [])
        .unwrap();
    run.extract(&["--skip", "flag_statuses"]);
    let newest = "SELECT started_at < '2199-01-01' FROM latest_extraction";
    assert_eq!(run.value::<i64>(newest), 1);
    let stale = "SELECT outcome || is_stale FROM resource_coverage
                 JOIN extraction_resources USING (resource, scope, outcome)
                 WHERE resource = 'flag_statuses' AND is_stale";
    assert_eq!(run.value::<String>(stale), "skipped1");
}

#[test]
fn a_database_of_a_newer_flaglake_is_refused() {
    let run = company();
    run.extract(&[]);
    run.database().pragma_update(None, "user_version", 999).unwrap();
    let error = run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
    assert!(error["hint"].as_str().unwrap().contains("update"), "{error}");
}

#[test]
fn the_demo_does_not_take_the_place_of_a_real_accounts_data() {
    let run = company();
    run.server.change(|account| account.account_id = "a-real-account".into());
    run.extract(&[]);
    let before = run.tables();
    run.run(&["extract", "--demo", "--error-format", "json"]).failed(8, "output_failed");
    assert_eq!(run.tables(), before);
    run.extract(&["--demo", "--output", "demo.db"]);
}

#[test]
fn rows_of_another_account_do_not_stay() {
    // An empty ID counts as unknown, but not as the demo account's.
    for id in ["another-account", ""] {
        let run = company();
        run.extract(&[]);
        run.server.change(|account| account.account_id = id.into());
        run.extract(&["--skip", "tags"]);
        assert_eq!(run.value::<i64>("SELECT count(*) FROM tags"), 0, "{id}");
    }
}

#[test]
fn a_database_of_an_older_flaglake_is_brought_up_to_date() {
    let run = company();
    run.extract(&[]);
    let (tables, database) = (run.tables(), run.database());
    database.pragma_update(None, "foreign_keys", false).unwrap();
    database.execute_batch("ALTER TABLE extractions DROP COLUMN rate_limited_ms").unwrap();
    database
        .execute_batch("DROP TABLE flags; CREATE TABLE flags (project_key, flag_key, name)")
        .unwrap();
    drop(database);
    run.extract(&[]);
    assert_eq!(run.tables(), tables);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 2);
}
