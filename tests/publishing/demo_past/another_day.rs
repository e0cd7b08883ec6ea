//! A run of the demo on another day than that of the output's first run.

use rusqlite::Connection;
use tempfile::TempDir;

use super::{PAST, extract, number, with_past};
use crate::support::{binary, rows};

/// Moves everything in a database to earlier days, as if its runs had been then.
fn shift(database: &Connection, days: i64) {
    let columns = "SELECT tables.name, columns.name, columns.type
                   FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
                   WHERE tables.type = 'table' AND (columns.type = 'TIMESTAMP' OR columns.name = 'day')";
    let mut statement = database.prepare(columns).unwrap();
    let columns = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]));
    let columns: Vec<[String; 3]> = columns.unwrap().map(Result::unwrap).collect();
    database.pragma_update(None, "foreign_keys", false).unwrap();
    for [table, column, ty] in columns {
        let earlier = if ty == "TIMESTAMP" {
            format!("strftime('%Y-%m-%dT%H:%M:%fZ', {column}, '-{days} days')")
        } else {
            format!("date({column}, '-{days} days')")
        };
        // Days are in keys: they are moved one after the other.
        let values =
            format!("SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1");
        let values: Vec<String> = database
            .prepare(&values)
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for value in values {
            let sql = format!("UPDATE {table} SET {column} = {earlier} WHERE {column} = ?1");
            database.execute(&sql, [value]).unwrap();
        }
    }
}

/// What happened to flags, as the output tells it.
const HAPPENED: [&str; 5] = [
    "SELECT sum(created), sum(archived_that_day) FROM project_daily",
    "SELECT count(*) FROM flags_history",
    "SELECT count(*) FROM team_maintainers_history",
    "SELECT project_key, flag_key, created_at, archived_at, version FROM flags ORDER BY 1, 2",
    "SELECT member_id, created_at FROM members ORDER BY 1",
];

#[test]
fn a_run_of_another_day_creates_no_flag_once_more() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("launchdarkly.db");
    extract(&mut with_past(folder.path()), &[]);
    let database = Connection::open(&path).unwrap();
    shift(&database, 12);
    let before = HAPPENED.map(|sql| rows(&database, sql));
    let days = "SELECT count(DISTINCT day) FROM owner_daily";
    assert_eq!(number(&database, days), PAST + 1);
    extract(binary(folder.path()).args(["extract", "--demo"]), &[]);
    for (sql, before) in HAPPENED.iter().zip(before) {
        assert_eq!(rows(&database, sql), before, "{sql}");
    }
    assert_eq!(number(&database, days), PAST + 2);
    // What happens daily goes on: flags are requested until today.
    let requested = "SELECT count(*) FROM flag_statuses CROSS JOIN latest_extraction
                     WHERE julianday(started_at) - julianday(last_requested_at) < 2";
    assert!(number(&database, requested) > 100);
    // A new output beside it gets the same flags.
    let both = ["--output", "launchdarkly.db", "--output", "new.db"];
    assert!(
        extract(&mut with_past(folder.path()), &both).contains("The demo's past: 9 extractions")
    );
    let new = Connection::open(folder.path().join("new.db")).unwrap();
    for sql in [HAPPENED[3], HAPPENED[4]] {
        assert_eq!(rows(&new, sql), rows(&database, sql), "{sql}");
    }
}
