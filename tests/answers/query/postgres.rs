//! Statements on a PostgreSQL server.

use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};

use super::{company, query, rows};
use crate::support::Run;
use crate::support::postgres::{Database, server};

/// The demo account in the schema `launchdarkly`; `None` where there is no server.
fn published() -> Option<(Run, Database, String)> {
    let database = server()?.database();
    let (run, address) = (company(), database.address());
    run.extract(&["--output", &address]);
    Some((run, database, address))
}

#[test]
fn statements_run_on_the_server_in_its_sql() {
    let Some((run, database, address)) = published() else { return };
    let sql = "SELECT DISTINCT ON (project_key) project_key, flag_key FROM flags ORDER BY 1, 2";
    let expected: Vec<_> = database
        .rows(&sql.replace("flags", "launchdarkly.flags"))
        .iter()
        .map(|row| row.replace(" | ", ","))
        .collect();
    assert_eq!(rows(&run, &[sql, "--input", &address]), expected);
    let kinds = "SELECT 12345678901234567890.10 AS big, true AS yes, NULL AS missing, '' AS empty, \
                 '\\x00ff'::bytea AS bytes, timestamptz '2026-11-20 02:00Z' AS time";
    let ended = query(&run, &[kinds, "--input", &address, "--format", "json"]).succeeded();
    assert!(ended.stdout.contains("\"big\":12345678901234567890.10,"), "{}", ended.stdout);
    let mut object: Value = serde_json::from_str(&ended.stdout).unwrap();
    let mut row = object["items"][0].take();
    row.as_object_mut().unwrap().remove("big");
    let expected = json!({"yes": true, "missing": null, "empty": "", "bytes": "00ff",
        "time": "2026-11-20 02:00:00+00"});
    assert_eq!(row, expected);
}

#[test]
fn nothing_that_writes_is_run() {
    let Some((run, database, address)) = published() else { return };
    database.run(
        "CREATE SEQUENCE public.s; CREATE FUNCTION public.w() RETURNS int LANGUAGE sql AS \
         'DELETE FROM launchdarkly.tags RETURNING 1'",
    );
    let before = database.value("SELECT count(*) FROM launchdarkly.tags");
    for sql in [
        "DELETE FROM tags",
        "DELETE FROM tags RETURNING tag",
        "COPY tags TO STDOUT",
        "COPY tags TO PROGRAM 'true'",
        "SELECT 1; DELETE FROM tags",
        "COMMIT",
        "SET transaction_read_only = off",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT nextval('public.s')",
        "SELECT public.w()",
        "SELECT * INTO made FROM tags",
        "SELECT tag FROM tags FOR UPDATE",
        "EXPLAIN ANALYZE DELETE FROM tags",
    ] {
        query(&run, &[sql, "--input", &address]).failed(2, "usage");
    }
    assert_eq!(database.value("SELECT count(*) FROM launchdarkly.tags"), before);
}

#[test]
fn a_statement_that_fails_says_what_may_be_meant() {
    let Some((run, _, address)) = published() else { return };
    for (sql, hint) in
        [("SELECT * FROM flag", "`flags`"), ("SELECT flag_kye FROM flags", "flag_key")]
    {
        let error = query(&run, &[sql, "--input", &address]).failed(2, "usage");
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
    }
    let other = ["SELECT 1", "--input", &address, "--account", "nobody"];
    query(&run, &other).failed(2, "usage");
}

#[test]
fn a_reader_that_closes_the_pipe_ends_the_statement() {
    let Some((run, database, address)) = published() else { return };
    let sql = "SELECT generate_series(1, 1000000000) AS i";
    let mut command = run.command(&["query", sql, "--input", &address, "--format", "csv"]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    process.stdout.take().unwrap().read_exact(&mut [0; 100]).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stderr, b"");
    let left = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'flaglake' \
                AND datname = current_database() AND state = 'active'";
    while database.value(left) != "0" {
        std::thread::yield_now();
    }
}
