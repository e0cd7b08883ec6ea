//! Which row stays when an object is read several times.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::model::scope::Scope;
use crate::model::table::ddl::create_table;
use crate::resources;

fn flag(version: i64, archived: bool, tags: &[&str]) -> Vec<u8> {
    serde_json::json!({"items": [{
        "key": "f", "name": "F", "kind": "boolean", "temporary": true, "archived": archived,
        "_version": version, "creationDate": 1, "variations": [{"value": true}], "tags": tags,
    }]})
    .to_string()
    .into_bytes()
}

fn empty() -> (Connection, Vec<TableInfo>) {
    let connection = Connection::open_in_memory().unwrap();
    let tables = resources::tables();
    let ddl: String = tables.iter().map(|table| create_table(table, &tables)).collect();
    connection.execute_batch(&ddl).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    (connection, tables)
}

fn write(connection: &Connection, tables: &[TableInfo], pages: &[Vec<u8>]) {
    let mut writer = Writer::new(connection, tables).unwrap();
    let flags = resources::ALL.iter().find(|resource| resource.name() == "flags").unwrap();
    for page in pages {
        flags.extract(page, &Scope::project("p"), &mut writer).unwrap();
    }
}

fn version(connection: &Connection) -> i64 {
    connection.query_row("SELECT version FROM flags", [], |row| row.get(0)).unwrap()
}

/// Version, state and tags of the flag after writing `pages` in order.
fn staged(pages: &[Vec<u8>]) -> (i64, String, String) {
    let (connection, tables) = empty();
    write(&connection, &tables, pages);
    let sql = "SELECT version, state, coalesce(group_concat(tag), '') FROM flags \
               LEFT JOIN flag_tags USING (project_key, flag_key)";
    connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap()
}

#[test]
fn the_higher_version_wins_in_any_order() {
    let (old, new) = (flag(3, false, &["a", "b"]), flag(4, false, &["c"]));
    assert_eq!(staged(&[old.clone(), new.clone()]), (4, "live".into(), "c".into()));
    assert_eq!(staged(&[new, old]), (4, "live".into(), "c".into()));
}

#[test]
fn of_one_version_the_later_sighting_wins() {
    let (live, archived) = (flag(3, false, &["a"]), flag(3, true, &["a"]));
    assert_eq!(staged(&[live.clone(), archived.clone()]).1, "archived");
    assert_eq!(staged(&[archived, live]).1, "live");
}

#[test]
fn a_flag_created_again_keeps_nothing_of_the_deleted_one() {
    let page = |created: i64, version: i64, environment: &str| {
        serde_json::json!({"items": [{
            "key": "f", "name": "F", "kind": "boolean", "temporary": true, "archived": false,
            "_version": version, "creationDate": created, "variations": [{"value": true}],
            "environments": {environment: {
                "on": true, "archived": false, "salt": "", "sel": "", "lastModified": 1,
                "version": version, "_site": {}, "_environmentName": "", "trackEvents": false,
                "trackEventsFallthrough": false, "rules": [], "targets": [],
            }},
        }]})
        .to_string()
        .into_bytes()
    };
    let (old, new) = (page(1, 9, "a"), page(2, 1, "b"));
    for pages in [[old.clone(), new.clone()], [new, old]] {
        let (connection, tables) = empty();
        write(&connection, &tables, &pages);
        let sql = "SELECT version, group_concat(environment_key) FROM flag_environments";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: (i64, String) = connection.query_row(sql, [], row).unwrap();
        assert_eq!(found, (1, "b".to_owned()));
        assert_eq!(version(&connection), 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_newest_version_is_what_remains(versions in prop::collection::vec(0i64..9, 1..12)) {
        let pages: Vec<_> =
            versions.iter().map(|version| flag(*version, false, &[&format!("v{version}")])).collect();
        let newest = *versions.iter().max().unwrap();
        prop_assert_eq!(staged(&pages), (newest, "live".to_owned(), format!("v{newest}")));
    }
}

#[test]
fn times_are_utc_with_milliseconds() {
    let mut text = String::new();
    format_time("t", 1_795_140_000_000, &mut text).unwrap();
    assert_eq!(text, "2026-11-20T02:00:00.000Z");
    format_time("t", 253_402_300_799_999, &mut text).unwrap();
    assert_eq!(text, "9999-12-31T23:59:59.999Z");
    assert!(format_time("t", i64::MAX, &mut text).is_err());
}

#[test]
fn an_unexpected_value_is_noted_once_a_row() {
    let (connection, tables) = empty();
    connection.execute_batch(super::super::unexpected::DDL).unwrap();
    let page = String::from_utf8(flag(1, false, &[])).unwrap();
    let page = page.replace(r#""name":"F""#, r#""name":7"#).into_bytes();
    write(&connection, &tables, &[page.clone(), page]);
    let sql = "SELECT table_name || '.' || column_name || ' ' || row_key FROM unexpected";
    let notes: Vec<String> = connection
        .prepare(sql)
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(notes, [r#"flags.name ["p","f"]"#]);
    assert_eq!(version(&connection), 1);
}
