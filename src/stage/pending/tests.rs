//! Rows that are collected end up as if each had been written to the tables at once.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::path::Path;
use tempfile::TempDir;

use super::{DDL, Pending, SUFFIX};
use crate::model::scope::Scope;
use crate::model::table::ddl::create_staged_table;
use crate::resources;
use crate::resources::flag_statuses::{FlagStatus, FlagStatuses};
use crate::resources::flags::{Flag, Flags};
use crate::stage::unexpected;
use crate::stage::{Writer, rows};
use crate::system::files;

/// Something that happens to a stage.
#[derive(Clone, Debug)]
enum Event {
    Flag {
        project: u8,
        flag: u8,
        created: i64,
        version: i64,
        environment: u8,
        tag: u8,
    },
    Status {
        project: u8,
        flag: u8,
        environment: u8,
        seen: i64,
    },
    Commit,
    /// The rows of a project are asked for.
    Ask(u8),
    /// The run is stopped, and another one resumes it.
    Resume,
}

fn event() -> impl Strategy<Value = Event> {
    let flag = (0u8..2, 0u8..4, 1i64..3, 0i64..4, 0u8..3, 0u8..3);
    prop_oneof![
        8 => flag.prop_map(|(project, flag, created, version, environment, tag)| {
            Event::Flag { project, flag, created, version, environment, tag }
        }),
        8 => (0u8..2, 0u8..4, 0u8..3, 1i64..5).prop_map(|(project, flag, environment, seen)| {
            Event::Status { project, flag, environment, seen }
        }),
        2 => Just(Event::Commit),
        1 => (0u8..2).prop_map(Event::Ask),
        1 => Just(Event::Resume),
    ]
}

fn flag(flag: u8, created: i64, version: i64, environment: u8, tag: u8) -> Flag {
    // A number as the name is unexpected, and is noted.
    let name = if tag == 0 { serde_json::json!(7) } else { serde_json::json!("F") };
    let json = serde_json::json!({
        "key": format!("f{flag}"), "name": name, "kind": "boolean", "temporary": true,
        "archived": false, "_version": version, "creationDate": created,
        "variations": [{"value": true}], "tags": [format!("t{tag}")],
        "environments": {format!("e{environment}"): {
            "on": true, "archived": false, "salt": "", "sel": "", "lastModified": 1,
            "version": version, "_site": {}, "_environmentName": "", "trackEvents": false,
            "trackEventsFallthrough": false, "targets": [],
            "rules": [{"_id": format!("r{tag}"), "clauses": [], "variation": 0}],
        }},
    });
    serde_json::from_value(json).unwrap()
}

fn status(project: u8, flag: u8, environment: u8, seen: i64) -> FlagStatus {
    let parent = format!("/api/v2/flags/p{project}/f{flag}");
    let json = serde_json::json!({
        "name": "active", "lastRequested": format!("2026-01-0{seen}T00:00:00Z"),
        "_links": {"parent": {"href": parent}, "self": {"href": format!("e{environment}")}},
    });
    serde_json::from_value(json).unwrap()
}

fn apply(writer: &mut Writer<'_>, event: &Event) {
    match *event {
        Event::Flag { project, flag: key, created, version, environment, tag } => {
            let flag = flag(key, created, version, environment, tag);
            let scope = Scope::project(format!("p{project}"));
            rows::<Flags>(scope, vec![flag])(writer).unwrap();
        }
        Event::Status { project, flag, environment, seen } => {
            let scope = Scope::environment(format!("p{project}"), format!("e{environment}"));
            let status = status(project, flag, environment, seen);
            rows::<FlagStatuses>(scope, vec![status])(writer).unwrap();
        }
        Event::Commit => writer.commit().unwrap(),
        Event::Ask(project) => drop(writer.in_project(&format!("p{project}")).unwrap()),
        Event::Resume => {}
    }
}

fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    let settings = "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF";
    connection.execute_batch(settings).unwrap();
    connection
}

fn create(path: &Path) -> Connection {
    let connection = open(path);
    let tables = resources::tables();
    let ddl = tables.iter().map(|table| create_staged_table(table, &tables));
    let ddl: String = ddl.chain([DDL.to_owned(), unexpected::DDL.to_owned()]).collect();
    connection.execute_batch(&format!("BEGIN; {ddl} COMMIT")).unwrap();
    connection
}

fn collecting<'c>(connection: &'c Connection, path: &Path) -> Writer<'c> {
    let pending = Pending::open(path, connection).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    Writer::new(connection, &resources::tables()).unwrap().collecting(pending)
}

/// All rows after these events, if they are collected.
fn collected(events: &[Event]) -> Vec<Vec<Value>> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stage");
    let mut connection = create(&path);
    for run in events.split(|event| matches!(event, Event::Resume)) {
        let mut writer = collecting(&connection, &path);
        run.iter().for_each(|event| apply(&mut writer, event));
        writer.commit().unwrap();
        drop(writer);
        connection.execute_batch("COMMIT").unwrap();
        connection = open(&path);
    }
    let mut writer = collecting(&connection, &path);
    writer.everywhere().unwrap();
    writer.commit().unwrap();
    assert_eq!(std::fs::metadata(files::with_suffix(&path, SUFFIX)).unwrap().len(), 0);
    drop(writer);
    all(&connection)
}

/// All rows after these events, if each is written at once.
fn at_once(events: &[Event]) -> Vec<Vec<Value>> {
    let folder = TempDir::new().unwrap();
    let connection = create(&folder.path().join("stage"));
    connection.execute_batch("BEGIN").unwrap();
    let mut writer = Writer::new(&connection, &resources::tables()).unwrap();
    let is_row = |event: &&Event| matches!(event, Event::Flag { .. } | Event::Status { .. });
    events.iter().filter(is_row).for_each(|event| apply(&mut writer, event));
    drop(writer);
    all(&connection)
}

fn all(connection: &Connection) -> Vec<Vec<Value>> {
    let tables = resources::tables();
    let names = tables.iter().map(|table| table.name).chain(["unexpected"]);
    let mut rows = Vec::new();
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = statement.column_count();
        let found = statement.query_map([], |row| {
            let cells = (0..columns).map(|index| row.get(index));
            [Ok(Value::from(name.to_owned()))].into_iter().chain(cells).collect()
        });
        rows.extend(found.unwrap().map(Result::unwrap));
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn rows_are_the_same_as_if_written_at_once(events in prop::collection::vec(event(), 1..60)) {
        prop_assert_eq!(collected(&events), at_once(&events));
    }
}

/// A stage with one status, which is committed.
fn with_a_status(path: &Path) -> Connection {
    let connection = create(path);
    let mut writer = collecting(&connection, path);
    apply(&mut writer, &Event::Status { project: 0, flag: 0, environment: 0, seen: 1 });
    writer.commit().unwrap();
    drop(writer);
    connection
}

#[test]
fn a_run_without_its_rows_is_damaged() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stage");
    let connection = with_a_status(&path);
    let rows = files::with_suffix(&path, SUFFIX);
    let bytes = std::fs::read(&rows).unwrap();
    std::fs::write(&rows, &bytes[1..]).unwrap();
    assert!(Pending::open(&path, &connection).is_err());
    std::fs::write(&rows, &bytes).unwrap();
    assert!(Pending::open(&path, &connection).is_ok());
}

#[test]
fn what_was_appended_and_not_committed_is_overwritten() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stage");
    let connection = with_a_status(&path);
    connection.execute_batch("COMMIT").unwrap();
    let rows = files::with_suffix(&path, SUFFIX);
    let mut bytes = std::fs::read(&rows).unwrap();
    bytes.extend_from_slice(b"a run that a killed process did not commit");
    std::fs::write(&rows, &bytes).unwrap();
    let mut writer = collecting(&connection, &path);
    apply(&mut writer, &Event::Status { project: 0, flag: 1, environment: 0, seen: 1 });
    writer.commit().unwrap();
    let count = "SELECT count(*) FROM flag_statuses";
    let connection = writer.everywhere().unwrap();
    assert_eq!(connection.query_row(count, [], |row| row.get(0)), Ok(2));
}
