//! A user's own tables and views in a database are kept.

use flaglake::model::view;

use crate::outputs::company;
use crate::support::rows as rows_of;

#[test]
fn thresholds_that_a_user_changed_survive_publishing() {
    let run = company();
    run.extract(&[]);
    let value = "SELECT value FROM scorecard_thresholds WHERE threshold = 'inactive'";
    assert_eq!(run.value::<f64>(value).to_string(), "30");
    let changed = "UPDATE scorecard_thresholds SET value = 45 WHERE threshold = 'inactive';
                   UPDATE scorecard_thresholds SET value = 1, default_value = 1
                   WHERE threshold = 'stale_status';
                   DELETE FROM scorecard_thresholds WHERE threshold = 'member_unseen'";
    run.database().execute_batch(changed).unwrap();
    run.extract(&[]);
    assert_eq!(run.value::<f64>(value).to_string(), "45");
    let others = "SELECT group_concat(value) FROM scorecard_thresholds
                  WHERE threshold IN ('stale_status', 'member_unseen')";
    assert_eq!(
        run.value::<String>(others),
        "30.0,7.0",
        "defaults are updated, and missing rows are added"
    );
}

#[test]
fn a_view_or_table_of_the_users_own_is_left_alone() {
    let run = company();
    run.extract(&[]);
    let own = "DROP VIEW stale_percentages; CREATE VIEW stale_percentages AS SELECT 'mine' AS own;
               DROP VIEW flag_readiness; CREATE TABLE flag_readiness (own)";
    run.database().execute_batch(own).unwrap();
    let ended = run.extract(&[]);
    assert_eq!(run.value::<String>("SELECT own FROM stale_percentages"), "mine");
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_readiness"), 0);
    for name in ["stale_percentages", "flag_readiness"] {
        assert!(ended.stderr.contains(name), "{}", ended.stderr);
    }
}

#[test]
fn a_table_name_taken_by_the_user_is_refused_before_requests() {
    let newer = flaglake::catalog::SCHEMA_VERSION;
    for (version, sql) in [
        (
            newer - 1,
            "DROP TABLE project_daily; CREATE TABLE project_daily (project_key, day, mine)",
        ),
        (newer, "DROP TABLE flags_history; CREATE INDEX flags_history ON flags (name)"),
        (newer, "DROP TABLE project_daily; CREATE VIEW Project_Daily AS SELECT 1 AS mine"),
        (newer, "DROP TABLE flags_history; CREATE TABLE flags_history (flag_key, mine)"),
        (newer - 1, "DROP TABLE tags; CREATE TABLE tags (tag, budget)"),
        (newer, "ALTER TABLE flags ADD COLUMN note"),
        (newer, "ALTER TABLE flags ADD COLUMN shout AS (upper(name))"),
    ] {
        let run = company();
        run.extract(&[]);
        run.database().execute_batch(sql).unwrap();
        run.database().pragma_update(None, "user_version", version).unwrap();
        let (before, requests) = (run.tables(), run.server.requests().len());
        let error = run.run(&["extract", "--error-format", "json"]).failed(8, "output_failed");
        assert!(error["hint"].as_str().unwrap().contains("rename"), "{error}");
        assert_eq!((run.tables(), run.server.requests().len()), (before, requests));
    }
}

#[test]
fn a_threshold_that_is_no_number_is_refused() {
    let run = company();
    run.extract(&[]);
    for value in ["'thirty'", "-1", "1e9", "NULL"] {
        let sql = format!("UPDATE scorecard_thresholds SET value = {value}");
        assert!(run.database().execute(&sql, []).is_err(), "{value}");
    }
}

#[test]
fn views_survive_a_dump_and_its_reading_elsewhere() {
    let run = company();
    run.extract(&[]);
    let database = run.database();
    let dump = rows_of(&database, "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL");
    let copy = rusqlite::Connection::open_in_memory().unwrap();
    for sql in dump {
        copy.execute_batch(&serde_json::from_str::<String>(&sql).unwrap()).unwrap();
    }
    for view in view::all() {
        let sql = format!("SELECT * FROM {}", view.name);
        let columns = copy.prepare(&sql).unwrap().column_count();
        assert_eq!(columns, view.columns.len(), "{}", view.name);
    }
}
