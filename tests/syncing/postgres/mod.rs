//! Rows from a PostgreSQL server.

mod errors;
mod secrets;
mod types;

use rustix::process::{Pid, Signal, kill_process};

use crate::setup::{
    SYNC_EVENTS, SYNC_SEGMENT, count, members, place, set, sync_without_writes, synced, write,
};
use crate::support::postgres::{Database, server};
use crate::support::{Run, ended};

/// An account and a database; `None` where there is no server.
fn both() -> Option<(Run, Database)> {
    Some((place(), server()?.database()))
}

/// The sync of the segment from a database.
fn from(address: &str) -> Vec<&str> {
    let mut arguments = SYNC_SEGMENT.to_vec();
    *arguments.last_mut().unwrap() = address;
    arguments
}

/// The sync of events from a database.
fn events_from(address: &str) -> Vec<&str> {
    [&SYNC_EVENTS[..5], &["--from", address]].concat()
}

const USERS: &str = "
    CREATE TABLE users (plan text, context_key text, note text);
    INSERT INTO users VALUES ('beta', 'a', 'x'), ('beta', 'b', 'y'), ('free', 'c', NULL);
    CREATE VIEW beta AS SELECT context_key FROM users WHERE plan = 'beta';
    CREATE SCHEMA crm;
    CREATE TABLE crm.\"Users\" (context_key text);
    INSERT INTO crm.\"Users\" VALUES ('d')";

#[track_caller]
fn gives(run: &Run, source: &str, more: &[&str], keys: &[&str]) {
    let name = more.join(" ").replace('-', "");
    let more = [more, &["--sync-name", &name]].concat();
    synced(run, &from(source), &more);
    assert_eq!(members(run), set(keys.iter().copied()), "{more:?}");
    run.server.change(|account| account.lists.clear());
}

#[test]
fn tables_views_and_queries_are_read() {
    let Some((run, database)) = both() else { return };
    database.run(USERS);
    let address = database.address();
    gives(&run, &address, &["--table", "users"], &["a", "b", "c"]);
    gives(&run, &address, &["--table", "beta"], &["a", "b"]);
    gives(&run, &address, &["--table", "Public.USERS"], &["a", "b", "c"]);
    gives(&run, &address, &["--table", "crm.\"Users\""], &["d"]);
    let schema = format!("{address}?schema=crm").replace("postgres:", "postgresql:");
    gives(&run, &schema, &["--table", "\"Users\""], &["d"]);
    gives(&run, &address, &["--query", "VALUES ('e')", "--map", "context_key=column1"], &["e"]);
    write(
        &run,
        "query.sql",
        "-- the free ones\nSELECT note, context_key FROM users\nWHERE plan = 'free'; --",
    );
    gives(&run, &address, &["--query-file", "query.sql"], &["c"]);
}

#[test]
fn only_the_columns_that_are_needed_are_read() {
    let Some((run, database)) = both() else { return };
    database.run(USERS);
    let role = format!("reader_{}", database.name);
    database.run(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT SELECT (context_key) ON users TO {role}"
    ));
    write(&run, "password", "x");
    let address = database.address_of(&role);
    let more = ["--table", "users", "--postgres-password-file", "password"];
    gives(&run, &address, &more, &["a", "b", "c"]);
    let more = [&more[..], &["--map", "context_key=note"]].concat();
    let error = sync_without_writes(&run, &from(&address), &more).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("SELECT on the columns"), "{error}");
}

#[test]
fn a_cursor_sends_only_what_is_new() {
    let Some((run, database)) = both() else { return };
    database.run(
        "CREATE TABLE orders (event_key text, context_key bigint, occurred_at timestamptz, price numeric);
         INSERT INTO orders VALUES ('a', 1, '2024-02-03 04:05:06.789123+01', 9.90)",
    );
    let address = database.address();
    let arguments = [
        &events_from(&address)[..],
        &["--table", "orders", "--cursor", "occurred_at", "--map", "metric_value=price"],
    ]
    .concat();
    assert_eq!(count(&synced(&run, &arguments, &[]), "created"), 1);
    // In the same millisecond.
    database.run("INSERT INTO orders VALUES ('b', 2, '2024-02-03 03:05:06.789999Z', 1)");
    database.run("INSERT INTO orders VALUES ('c', 3, '2024-02-03 03:05:06.788Z', 1)");
    assert_eq!(count(&synced(&run, &arguments, &[]), "created"), 1);
    let events = run.server.events();
    let keys: Vec<_> = events.iter().map(|one| one.context_keys["user"].as_str()).collect();
    assert_eq!(keys, ["1", "2"]);
    assert_eq!(events[0].creation_date_ms, 1_706_929_506_789);
    assert_eq!(events[0].metric_value, Some(9.9));
}

#[test]
fn a_file_of_syncs_reads_servers() {
    let Some((run, database)) = both() else { return };
    database.run(USERS);
    let file = format!(
        "[[sync]]\nname = \"users\"\nobject = \"segment\"\nproject = \"web\"\n\
         environment = \"production\"\nsegment = \"beta\"\nfrom = \"{}\"\nquery = \"TABLE beta\"\n",
        database.address().replacen("owner@", "owner:${SECRET}@", 1)
    );
    write(&run, "syncs.toml", file);
    let mut command = crate::setup::command(&run, &["run", "syncs.toml"], &[]);
    ended(command.env("SECRET", "no need").output().unwrap()).succeeded();
    assert_eq!(members(&run), set(["a", "b"]));
}

#[test]
fn memory_stays_flat_whatever_the_size() {
    let Some((run, database)) = both() else { return };
    let query =
        "SELECT i % 3 AS context_key, repeat('x', 100000) AS pad FROM generate_series(1, 3000) i";
    let address = database.address();
    let arguments = from(&address);
    let flaglake = crate::setup::command(&run, &arguments, &["--query", query]);
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "ulimit -v 300000; exec \"$0\" \"$@\""]).arg(flaglake.get_program());
    limited.args(flaglake.get_args()).current_dir(run.folder.path());
    for (name, value) in flaglake.get_envs() {
        limited.env(name, value.unwrap());
    }
    let ended = ended(limited.output().unwrap()).succeeded();
    assert_eq!(count(&crate::setup::summary(&ended), "read"), 3000);
}

#[test]
fn a_run_that_is_ended_ends_its_query() {
    let Some((run, database)) = both() else { return };
    let query = "SELECT pg_sleep(600)::text AS context_key";
    let address = database.address();
    let mut command = crate::setup::command(&run, &from(&address), &["--query", query]);
    let child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    let running = "SELECT count(*) FROM pg_stat_activity
                   WHERE application_name = 'flaglake' AND wait_event = 'PgSleep'
                     AND datname = current_database()";
    while database.value(running) == "0" {
        std::thread::yield_now();
    }
    let id = Pid::from_raw(child.id().cast_signed()).unwrap();
    kill_process(id, Signal::INT).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
    assert_eq!(database.value(running), "0");
}
