//! What PostgreSQL holds is what SQLite holds, run after run.

use std::collections::{BTreeMap, BTreeSet};

use flaglake::catalog;
use flaglake::model::table::{TableInfo, Type};
use rusqlite::Connection;
use rusqlite::types::Value;

use super::{demo, extract};
use crate::support::Run;
use crate::support::postgres::Database;

/// Columns about the requests and the clock of a run, which differ from one run to the next; so do
/// the items that were received, as parts of the audit log that are read at once overlap.
const OF_THE_RUN: [&str; 6] =
    ["finished_at", "requests", "retries", "rate_limited_ms", "duration_ms", "rows"];

fn columns(table: &TableInfo) -> Vec<(&'static str, Type)> {
    let columns = table.columns.iter().filter(|column| !OF_THE_RUN.contains(&column.name));
    columns.map(|column| (column.name, column.ty)).collect()
}

/// The rows of a table in SQLite, as text. The starts of runs and their IDs are numbered.
fn in_sqlite(connection: &Connection, table: &TableInfo) -> Vec<Vec<Option<String>>> {
    let columns = columns(table);
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    let sql = format!("SELECT {} FROM {}", names.join(", "), table.name);
    let mut statement = connection.prepare(&sql).unwrap();
    let rows = statement.query_map([], |row| {
        let cells = columns.iter().enumerate();
        Ok(cells.map(|(index, (_, ty))| text(row.get(index).unwrap(), *ty)).collect())
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn text(value: Value, ty: Type) -> Option<String> {
    Some(match (value, ty) {
        (Value::Null, _) => return None,
        (Value::Integer(number), Type::Real) => (number as f64).to_string(),
        (Value::Integer(number), _) => number.to_string(),
        (Value::Real(number), _) => number.to_string(),
        (Value::Text(text), _) => text,
        (other, _) => panic!("{other:?}"),
    })
}

fn in_postgres(database: &Database, table: &TableInfo) -> Vec<Vec<Option<String>>> {
    let columns = columns(table);
    let select = columns.iter().map(|(name, ty)| match ty {
        Type::Bool => format!("\"{name}\"::int"),
        Type::Time => {
            format!("to_char(\"{name}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')")
        }
        _ => format!("\"{name}\""),
    });
    let select = select.collect::<Vec<_>>().join(", ");
    let rows = database.cells(&format!("SELECT {select} FROM launchdarkly.\"{}\"", table.name));
    let real = |cell: String| cell.parse::<f64>().unwrap().to_string();
    let cell = |cell: String, ty: Type| match ty {
        Type::Real => real(cell),
        _ => cell.replace("\u{2400}0", "\0"),
    };
    let row = |row: Vec<Option<String>>| {
        let cells = row.into_iter().zip(&columns);
        cells.map(|(value, (_, ty))| value.map(|value| cell(value, *ty))).collect()
    };
    rows.into_iter().map(row).collect()
}

/// Numbers the runs, so that two outputs can be compared whose runs started at other times.
fn numbered(
    rows: Vec<Vec<Option<String>>>,
    runs: &BTreeMap<String, String>,
) -> Vec<Vec<Option<String>>> {
    let cell = |cell: Option<String>| cell.map(|cell| runs.get(&cell).cloned().unwrap_or(cell));
    let mut rows: Vec<Vec<_>> =
        rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
    rows.sort();
    rows
}

fn runs(rows: &[(String, String)]) -> BTreeMap<String, String> {
    let names = rows.iter().enumerate().flat_map(|(number, (id, start))| {
        [(id.clone(), format!("run {number}")), (start.clone(), format!("start {number}"))]
    });
    names.collect()
}

/// Compares every table and view. Returns how many rows were compared.
#[track_caller]
fn agree(run: &Run, database: &Database) -> usize {
    let sqlite = run.database();
    let sql = "SELECT extraction_id, started_at FROM extractions ORDER BY started_at";
    let mut statement = sqlite.prepare(sql).unwrap();
    let pairs = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let of_sqlite = runs(&pairs.map(Result::unwrap).collect::<Vec<_>>());
    let sql = "SELECT extraction_id, to_char(started_at AT TIME ZONE 'UTC',
                   'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')
               FROM launchdarkly.extractions ORDER BY started_at";
    let pairs = database.cells(sql).into_iter();
    let pairs = pairs.map(|row| (row[0].clone().unwrap(), row[1].clone().unwrap()));
    let of_postgres = runs(&pairs.collect::<Vec<_>>());
    let mut count = 0;
    for table in catalog::postgres::all() {
        let expected = numbered(in_sqlite(&sqlite, &table), &of_sqlite);
        let found = numbered(in_postgres(database, &table), &of_postgres);
        assert_eq!(found.len(), expected.len(), "{}", table.name);
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{}: {:?}", table.name, columns(&table));
        }
        count += found.len();
    }
    count
}

fn both(run: &Run, database: &Database, more: &[&str]) {
    extract(run, "sqlite:launchdarkly.db", more).succeeded();
    extract(run, &database.address(), more).succeeded();
}

#[test]
fn every_table_and_view_equals_that_of_sqlite_over_several_runs() {
    let Some((run, database)) = demo() else { return };
    both(&run, &database, &[]);
    assert!(agree(&run, &database) > 5_000);
    run.server.change(|account| {
        let flag = &mut account.projects[0].flags[0];
        flag.name = "another name".to_owned();
        flag.version += 1;
        account.projects[1].flags.remove(1);
    });
    both(&run, &database, &[]);
    agree(&run, &database);
    // Rows of what was not read stay: other projects, and the audit log.
    let key = run.server.read(|account| account.projects[2].key.clone());
    both(&run, &database, &["--project", &key, "--skip", "members"]);
    agree(&run, &database);
    both(&run, &database, &["--personal-data", "drop"]);
    agree(&run, &database);
    both(&run, &database, &["--history-retention", "0d"]);
    agree(&run, &database);
}

/// The tables in which a run writes of itself: each has a new row or another time.
pub const RECORD: [&str; 5] = [
    "extractions",
    "extraction_resources",
    "latest_extraction",
    "resource_coverage",
    "extraction_settings",
];

/// The place and the writer of each row, by table.
fn places(database: &Database) -> BTreeMap<&'static str, Vec<String>> {
    let tables = catalog::postgres::all().into_iter();
    let is_of_runs = |name: &str| RECORD.contains(&name) || name.ends_with("_daily");
    let tables = tables.filter(|table| !is_of_runs(table.name));
    let look = |table: TableInfo| {
        let sql = format!("SELECT ctid, xmin FROM launchdarkly.{} ORDER BY ctid", table.name);
        (table.name, database.rows(&sql))
    };
    tables.map(look).collect()
}

#[test]
fn a_run_on_an_unchanged_account_writes_no_row() {
    let Some((run, database)) = demo() else { return };
    extract(&run, &database.address(), &[]).succeeded();
    extract(&run, &database.address(), &[]).succeeded();
    let before = places(&database);
    extract(&run, &database.address(), &[]).succeeded();
    for (table, rows) in places(&database) {
        assert_eq!(rows, before[table], "{table}");
    }
}

#[test]
fn a_run_writes_the_rows_that_differ_and_no_others() {
    let Some((run, database)) = demo() else { return };
    extract(&run, &database.address(), &[]).succeeded();
    extract(&run, &database.address(), &[]).succeeded();
    let contents = |database: &Database| -> BTreeMap<&'static str, BTreeSet<String>> {
        let tables = catalog::postgres::all().into_iter();
        let tables = tables.filter(|table| !RECORD.contains(&table.name));
        let rows = |table: TableInfo| {
            let sql = format!("SELECT * FROM launchdarkly.{}", table.name);
            (table.name, database.rows(&sql).into_iter().collect())
        };
        tables.map(rows).collect()
    };
    let (places_before, before) = (places(&database), contents(&database));
    run.server.change(|account| {
        let flag = &mut account.projects[0].flags[0];
        flag.name = "another name".to_owned();
        flag.version += 1;
    });
    extract(&run, &database.address(), &[]).succeeded();
    let now = contents(&database);
    let mut differing = 0;
    for (table, rows) in places(&database) {
        let written = rows.iter().filter(|row| !places_before[table].contains(row)).count();
        assert_eq!(written, now[table].difference(&before[table]).count(), "{table}");
        differing += written;
    }
    assert!(differing > 0);
}

#[test]
fn a_column_that_an_earlier_version_lacks_is_added_and_filled() {
    let Some((run, database)) = demo() else { return };
    both(&run, &database, &[]);
    database.run(
        "ALTER TABLE launchdarkly.flags DROP COLUMN description;
         ALTER TABLE launchdarkly.projects DROP COLUMN name;
         DROP TABLE launchdarkly.flag_tags; DROP TABLE launchdarkly.scorecards",
    );
    both(&run, &database, &[]);
    agree(&run, &database);
    let keys = "SELECT count(*) FROM pg_constraint
                WHERE contype = 'f' AND conrelid = 'launchdarkly.flag_tags'::regclass";
    assert_ne!(database.value(keys), "0");
}

#[test]
fn a_threshold_that_a_user_has_changed_is_kept_and_used() {
    let Some((run, database)) = demo() else { return };
    both(&run, &database, &[]);
    let change = "SET value = 3 WHERE threshold = 'stale_flag_age'";
    database.run(&format!("UPDATE launchdarkly.scorecard_thresholds {change}"));
    run.database().execute_batch(&format!("UPDATE scorecard_thresholds {change}")).unwrap();
    both(&run, &database, &[]);
    agree(&run, &database);
    let sql = "SELECT value FROM launchdarkly.scorecard_thresholds
               WHERE threshold = 'stale_flag_age'";
    assert_eq!(database.value(sql), "3");
}

#[test]
fn a_zero_character_is_stored_with_its_escape() {
    let Some((run, database)) = demo() else { return };
    let name = "a\0b\u{2400}";
    run.server.change(|account| account.projects[0].flags[0].name = name.to_owned());
    both(&run, &database, &[]);
    let sql =
        "SELECT DISTINCT name FROM launchdarkly.flags WHERE name LIKE 'a%b%' AND length(name) = 6";
    assert_eq!(database.rows(sql), ["a\u{2400}0b\u{2400}\u{2400}"]);
    let before = database.rows("SELECT ctid FROM launchdarkly.flags_history");
    extract(&run, &database.address(), &[]).succeeded();
    assert_eq!(database.rows("SELECT ctid FROM launchdarkly.flags_history"), before);
}

#[test]
fn each_table_and_column_is_described() {
    let Some((run, database)) = demo() else { return };
    extract(&run, &database.address(), &[]).succeeded();
    let sql = "SELECT count(*) FROM pg_attribute
               JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r'
               WHERE relnamespace = 'launchdarkly'::regnamespace AND attnum > 0
                 AND col_description(attrelid, attnum) IS NULL";
    assert_eq!(database.value(sql), "0");
    let said = database.value("SELECT obj_description('launchdarkly.flags'::regclass)");
    let flags = catalog::tables().into_iter().find(|table| table.name == "flags").unwrap();
    assert_eq!(said, flags.doc);
}

#[test]
fn a_view_whose_keys_sort_differently_on_the_server_is_equal() {
    let Some((run, database)) = demo() else { return };
    // U+0000 is the first character of all, and its escape is none of the first.
    run.server.change(|account| {
        for (member, id) in account.members.iter_mut().zip(["a!", "a\0"]) {
            id.clone_into(&mut member.id);
            member.last_seen_ms = 1;
        }
    });
    both(&run, &database, &[]);
    let subjects = "SELECT count(DISTINCT subject) FROM launchdarkly.access_hygiene WHERE subject LIKE 'a_%' AND length(subject) < 4";
    assert_eq!(database.value(subjects), "2");
    for _ in 0..2 {
        both(&run, &database, &[]);
        agree(&run, &database);
    }
}
