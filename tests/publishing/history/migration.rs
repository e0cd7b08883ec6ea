//! A database of an earlier version of flaglake is migrated, and a user's own objects in it are
//! kept.

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};
use flaglake::catalog;
use flaglake::catalog::history;
use flaglake::model::view;
use rusqlite::Connection;

use crate::history::{agrees, change};
use crate::support::{Run, rows};

/// Made by the binary of schema version 3, over the account of [`account`] while it changed.
const VERSION_3: &str = include_str!("../../../fixtures/databases/version-3.sql");

/// The account that the newest run of the database has read, and the database.
fn account() -> Run {
    let size = Size {
        projects: 2,
        environments: 2,
        flags: 4,
        archived: 1,
        deprecated: 1,
        ..Size::default()
    };
    let size = Size { teams: 2, members: 4, maintainers: 2, tags: 4, ..size };
    let run = Run::new(generated::account(size), Behaviour::default());
    change(&run, |account| {
        let flags = &mut account.projects[0].flags;
        flags[0].name = "renamed".into();
        flags[1].temporary = !flags[1].temporary;
        let state = flags[0].environments.get_mut("production").unwrap();
        state.status.as_mut().unwrap().name = "inactive".into();
    });
    run.database().execute_batch(VERSION_3).unwrap();
    run
}

const RESOURCES: [&str; 2] = ["--resources", "core,members,audit_log"];

/// Every row of a table, with the columns that it has in the database of the earlier version.
fn all(database: &Connection, table: &str, columns: &[String]) -> Vec<String> {
    let columns = columns.join(", ");
    rows(database, &format!("SELECT {columns} FROM {table} ORDER BY {columns}"))
}

fn columns(database: &Connection, table: &str) -> Vec<String> {
    let sql = format!("SELECT name FROM pragma_table_info('{table}')");
    rows(database, &sql).iter().map(|name| name.trim_matches('"').to_owned()).collect()
}

#[test]
fn a_run_without_changes_adds_no_versions() {
    let run = account();
    let before: Vec<_> = history::tables()
        .iter()
        // Version 3 did not keep all of them.
        .filter(|table| !columns(&run.database(), table.name).is_empty())
        .map(|table| {
            let columns = columns(&run.database(), table.name);
            let rows = all(&run.database(), table.name, &columns);
            assert!(!rows.is_empty(), "{}", table.name);
            (table.name, columns, rows)
        })
        .collect();
    let extractions =
        "SELECT extraction_id, started_at, finished_at FROM extractions WHERE NOT is_latest";
    let since = "SELECT flag_key, environment_key, status_since FROM flag_statuses ORDER BY project_key, 1, 2";
    let since_before = rows(&run.database(), since);
    run.extract(&RESOURCES);
    for (name, columns, before) in before {
        let mut now = all(&run.database(), name, &columns);
        if name.ends_with("_daily") {
            // The day of this run has a new row.
            now.retain(|row| before.contains(row));
        }
        assert_eq!(now, before, "{name}");
    }
    assert_eq!(rows(&run.database(), extractions).len(), 3);
    assert_eq!(rows(&run.database(), since), since_before);
    agrees(&run);
    // A second run, over the migrated database.
    let now = rows(&run.database(), "SELECT * FROM flags_history");
    run.extract(&RESOURCES);
    assert_eq!(rows(&run.database(), "SELECT * FROM flags_history"), now);
}

#[test]
fn a_migrated_database_is_defined_as_a_new_one() {
    let run = account();
    run.extract(&RESOURCES);
    let database = run.database();
    let tables: Vec<_> = catalog::tables().into_iter().chain(catalog::kept()).collect();
    let ddl = |database: &Connection, name: &str| -> String {
        let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
        database.query_row(sql, [name], |row| row.get(0)).unwrap()
    };
    let new = Run::new(run.server.read(Clone::clone), Behaviour::default());
    new.extract(&RESOURCES);
    for name in tables.iter().map(|table| table.name).chain(view::all().iter().map(|one| one.name))
    {
        assert_eq!(ddl(&database, name), ddl(&new.database(), name));
    }
    assert_eq!(run.value::<i64>("PRAGMA user_version"), catalog::SCHEMA_VERSION);
    assert_eq!(rows(&database, "SELECT * FROM pragma_foreign_key_check"), [""; 0]);
    assert_eq!(rows(&database, "PRAGMA integrity_check"), ["\"ok\""]);
    assert_eq!(rows(&database, "SELECT name FROM sqlite_schema WHERE name LIKE 'old_%'"), [""; 0]);
}

#[test]
fn what_a_user_has_added_to_an_earlier_database_stays() {
    let run = account();
    change(&run, |account| account.projects[1].flags[0].name = "renamed, too".into());
    run.extract(&RESOURCES);
    let database = run.database();
    let threshold =
        "SELECT value, default_value FROM scorecard_thresholds WHERE threshold = 'stale_flag_age'";
    assert_eq!(rows(&database, threshold), ["45 | 30"]);
    assert_eq!(rows(&database, "SELECT note FROM my_view WHERE note LIKE 'ask%'"), ["\"ask Ada\""]);
    let own = "SELECT type, name, tbl_name FROM sqlite_schema WHERE name LIKE 'my%' ORDER BY name";
    assert_eq!(
        rows(&database, own),
        [
            r#""index" | "my_index" | "flags""#,
            r#""table" | "my_notes" | "my_notes""#,
            r#""trigger" | "my_trigger" | "flags_history""#,
            r#""index" | "my_versions" | "flags_history""#,
            r#""view" | "my_view" | "my_view""#,
        ]
    );
    let triggered = "SELECT count(*) FROM my_notes WHERE note = 'a new version'";
    assert_eq!(
        run.value::<i64>(triggered),
        1,
        "copying the existing rows does not run the trigger"
    );
}
