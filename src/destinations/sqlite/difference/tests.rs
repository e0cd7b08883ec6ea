//! The table ends up like a full copy of the stage, and only rows that differ are written.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rusqlite::Connection;

use super::take;
use crate::model::history::column;
use crate::model::scope::Scope;
use crate::model::table::{ColumnInfo, TableInfo, Type, ddl};
use crate::record::Coverage;

/// The keys are 0 to 59; each has a project, a value and a number, or does not exist.
const KEYS: usize = 60;
type Row = Option<(bool, Option<u8>, i64)>;

fn table(accumulates: bool) -> TableInfo {
    let nullable = |name, ty| ColumnInfo { nullable: true, ..column(name, "", ty) };
    let key = vec!["project_key", "thing_key"];
    let columns = vec![
        column("project_key", "", Type::Text),
        column("thing_key", "", Type::Text),
        nullable("value", Type::Text),
        nullable("number", Type::Int),
    ];
    TableInfo { name: "things", key, columns, accumulates, ..TableInfo::default() }
}

/// An output and a stage with the table.
fn database(table: &TableInfo) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    let staged = ddl::create_staged_table(table, &[]).replace("EXISTS ", "EXISTS stage.");
    let sql = format!("ATTACH ':memory:' AS stage; {}; {staged}", ddl::create_table(table, &[]));
    connection.execute_batch(&sql).unwrap();
    connection
}

fn fill(connection: &Connection, schema: &str, rows: &[Row]) {
    let sql = format!("INSERT INTO {schema}.things VALUES (?1, ?2, ?3, ?4)");
    for (key, row) in rows.iter().enumerate() {
        let Some((is_web, value, number)) = row else { continue };
        let project = if *is_web { "web" } else { "shop" };
        let value = value.map(|value| format!("value {value}"));
        connection.execute(&sql, (project, format!("{key:02}"), value, number)).unwrap();
    }
}

fn rows(connection: &Connection, schema: &str, condition: &str) -> Vec<String> {
    let sql = format!(
        "SELECT concat_ws(' ', project_key, thing_key, typeof(value), value, typeof(number), number)
         FROM {schema}.things WHERE {condition} ORDER BY project_key, thing_key"
    );
    let mut statement = connection.prepare(&sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn row() -> impl Strategy<Value = Row> {
    prop::option::weighted(0.9, (Just(true), prop::option::of(0..3u8), 0..3i64))
}

/// A table, and the one of the next run: a few of its rows are others, or all of them.
fn runs() -> impl Strategy<Value = (Vec<Row>, Vec<Row>)> {
    let all = prop::collection::vec(row(), KEYS);
    let changes = prop_oneof![
        prop::collection::vec((0..KEYS, row()), 0..10),
        prop::collection::vec((0..KEYS, row()), 30..90),
    ];
    (all, changes).prop_map(|(before, changes)| {
        let mut after = before.clone();
        changes.into_iter().for_each(|(key, row)| after[key] = row);
        (before, after)
    })
}

/// Objects of a user on the table.
const OWN: [&str; 4] = [
    "",
    "CREATE INDEX own ON things (value)",
    "CREATE UNIQUE INDEX own ON things (project_key, number, value, thing_key)",
    "CREATE TABLE log (x); CREATE TRIGGER own AFTER INSERT ON things BEGIN INSERT INTO log VALUES (1); END",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_table_ends_up_like_the_stage((before, after) in runs(), own in 0..OWN.len()) {
        let table = table(false);
        let connection = database(&table);
        connection.execute_batch(OWN[own]).unwrap();
        fill(&connection, "main", &before);
        fill(&connection, "stage", &after);
        let staged = after.iter().flatten().count();
        prop_assert_eq!(take(&connection, &table, &Coverage::Whole).unwrap(), staged);
        prop_assert_eq!(rows(&connection, "main", "TRUE"), rows(&connection, "stage", "TRUE"));
        let check: String =
            connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        prop_assert_eq!(check, "ok");
    }

    #[test]
    fn rows_of_scopes_that_were_not_read_stay((before, after) in runs(), own in 0..OWN.len()) {
        let table = table(false);
        let connection = database(&table);
        connection.execute_batch(OWN[own]).unwrap();
        let of_shop = |row: &Row| row.map(|(_, value, number)| (false, value, number));
        fill(&connection, "main", &before);
        fill(&connection, "main", &before.iter().map(of_shop).collect::<Vec<_>>());
        fill(&connection, "stage", &after);
        let shop = rows(&connection, "main", "project_key = 'shop'");
        let coverage = Coverage::Except(vec![Scope::project("shop")]);
        take(&connection, &table, &coverage).unwrap();
        prop_assert_eq!(rows(&connection, "main", "project_key = 'shop'"), shop);
        let web = rows(&connection, "main", "project_key = 'web'");
        prop_assert_eq!(web, rows(&connection, "stage", "TRUE"));
    }
}

/// A table with a row for each key, and the same rows in the stage.
fn equal(table: &TableInfo) -> Connection {
    let connection = database(table);
    let rows: Vec<_> = (0..KEYS).map(|_| Some((true, Some(1), 1))).collect();
    fill(&connection, "main", &rows);
    fill(&connection, "stage", &rows);
    connection
}

/// How many rows `take` writes, after `change` on the stage or the output.
fn written(table: &TableInfo, change: &str) -> u64 {
    let connection = equal(table);
    connection.execute_batch(change).unwrap();
    let before = connection.total_changes();
    assert!(take(&connection, table, &Coverage::Whole).unwrap() >= KEYS - 1);
    if !table.accumulates {
        assert_eq!(rows(&connection, "main", "TRUE"), rows(&connection, "stage", "TRUE"));
    }
    connection.total_changes() - before
}

#[test]
fn only_rows_that_differ_are_written() {
    for accumulates in [false, true] {
        let table = table(accumulates);
        assert_eq!(written(&table, ""), 0);
        for change in [
            "UPDATE stage.things SET value = 'other' WHERE thing_key = '07'",
            "UPDATE stage.things SET value = NULL WHERE thing_key = '07'",
            "INSERT INTO stage.things VALUES ('web', 'new', NULL, NULL)",
            // Someone else has changed the type of a value in the output.
            "UPDATE main.things SET value = CAST(value AS BLOB) WHERE thing_key = '07'",
        ] {
            assert_eq!(written(&table, change), 1, "{change}");
        }
    }
    assert_eq!(written(&table(false), "DELETE FROM stage.things WHERE thing_key = '07'"), 1);
    assert_eq!(written(&table(true), "DELETE FROM stage.things WHERE thing_key = '07'"), 0);
}

#[test]
fn a_changed_row_stays_in_its_place() {
    let connection = equal(&table(false));
    let place = "SELECT rowid FROM main.things WHERE thing_key = '07'";
    let place = || connection.query_row(place, [], |row| row.get::<_, i64>(0)).unwrap();
    let before = place();
    let change = "UPDATE stage.things SET value = 'longer than before' WHERE thing_key = '07'";
    connection.execute_batch(change).unwrap();
    take(&connection, &table(false), &Coverage::Whole).unwrap();
    assert_eq!(place(), before);
}

#[test]
fn values_of_a_unique_index_may_move_between_rows() {
    let connection = equal(&table(false));
    connection
        .execute_batch(
            "UPDATE main.things SET value = thing_key; UPDATE stage.things SET value = thing_key;
             CREATE UNIQUE INDEX main.own ON things (value);
             UPDATE stage.things SET value = '08' WHERE thing_key = '07';
             UPDATE stage.things SET value = '07' WHERE thing_key = '08'",
        )
        .unwrap();
    take(&connection, &table(false), &Coverage::Whole).unwrap();
    assert_eq!(rows(&connection, "main", "TRUE"), rows(&connection, "stage", "TRUE"));
}

#[test]
fn a_users_trigger_sees_the_rows_that_differ() {
    let connection = equal(&table(false));
    connection
        .execute_batch(
            "CREATE TABLE log (key);
             CREATE TRIGGER own AFTER INSERT ON things BEGIN INSERT INTO log VALUES (new.thing_key); END;
             UPDATE stage.things SET value = 'other' WHERE thing_key = '07'",
        )
        .unwrap();
    take(&connection, &table(false), &Coverage::Whole).unwrap();
    let seen = "SELECT group_concat(key) FROM log";
    let seen: String = connection.query_row(seen, [], |row| row.get(0)).unwrap();
    assert_eq!(seen, "07");
}
