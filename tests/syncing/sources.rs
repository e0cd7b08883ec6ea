//! Each source gives the same rows.

use std::fs::{self, File};
use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use parquet::arrow::ArrowWriter;
use rusqlite::Connection;

use crate::setup::{
    SYNC_EVENTS, SYNC_SEGMENT, command, count, members, place, set, summary, sync_without_writes,
    synced, write,
};
use crate::support::{Run, ended};

/// The sync of the segment from another source.
fn from(source: &str) -> Vec<&str> {
    let mut arguments = SYNC_SEGMENT.to_vec();
    *arguments.last_mut().unwrap() = source;
    arguments
}

#[track_caller]
fn gives(run: &Run, source: &str, more: &[&str], keys: &[&str]) {
    synced(run, &from(source), &[more, &["--sync-name", source]].concat());
    assert_eq!(members(run), set(keys.iter().copied()), "{source}");
    run.server.change(|account| account.lists.clear());
}

fn database(run: &Run) -> Connection {
    let database = Connection::open(run.path("warehouse.db")).unwrap();
    let sql = "CREATE TABLE users (email TEXT, context_key, plan TEXT);
               INSERT INTO users VALUES ('a@x', 'a', 'beta'), ('b@x', 'b', 'beta'), ('c@x', 7, 'free');
               CREATE VIEW beta AS SELECT context_key FROM users WHERE plan = 'beta';";
    database.execute_batch(sql).unwrap();
    database
}

#[test]
fn tables_views_and_queries_of_sqlite() {
    let run = place();
    database(&run);
    gives(&run, "sqlite:warehouse.db", &["--table", "users"], &["7", "a", "b"]);
    gives(&run, "warehouse.db", &["--table", "beta"], &["a", "b"]);
    let query = "SELECT email AS context_key FROM users WHERE plan = 'free'";
    gives(&run, "sqlite:./warehouse.db", &["--query", query], &["c@x"]);
    write(
        &run,
        "query.sql",
        "-- the free ones\nSELECT context_key FROM users WHERE plan = 'free';\n",
    );
    let file = run.path("warehouse.db");
    let source = format!("sqlite:{}", file.display());
    gives(&run, &source, &["--query-file", "query.sql"], &["7"]);
}

#[test]
fn a_database_is_not_written_to() {
    let run = place();
    drop(database(&run));
    let before = fs::read(run.path("warehouse.db")).unwrap();
    for query in
        ["DELETE FROM users RETURNING context_key", "SELECT 1; DELETE FROM users", "nonsense"]
    {
        let arguments = from("sqlite:warehouse.db");
        sync_without_writes(&run, &arguments, &["--query", query]).failed(2, "usage");
    }
    gives(&run, "sqlite:warehouse.db", &["--table", "beta"], &["a", "b"]);
    assert_eq!(fs::read(run.path("warehouse.db")).unwrap(), before);
}

#[test]
fn a_database_needs_a_table_or_a_query_and_a_file_none() {
    let run = place();
    database(&run);
    write(&run, "users.csv", "context_key\na\n");
    for (source, more) in [
        ("sqlite:warehouse.db", &[][..]),
        ("sqlite:warehouse.db", &["--table", "none"]),
        ("sqlite:none.db", &["--table", "users"]),
        ("csv:users.csv", &["--query", "SELECT 1"]),
        ("csv:none.csv", &[]),
        ("jsonl:none.jsonl", &[]),
        ("parquet:none.parquet", &[]),
        ("xlsx:users.xlsx", &[]),
        ("sqlite:-", &["--table", "users"]),
    ] {
        sync_without_writes(&run, &from(source), more).failed(2, "usage");
    }
    assert!(!run.path("none.db").exists(), "no database is created");
}

#[test]
fn csv_and_json_lines() {
    let run = place();
    write(&run, "users.csv", "plan,context_key\r\nbeta,a\r\nfree,\"b, \"\"c\"\"\"\r\n");
    gives(&run, "csv:users.csv", &[], &["a", "b, \"c\""]);
    gives(&run, "users.csv", &["--map", "context_key=plan"], &["beta", "free"]);
    write(
        &run,
        "users.jsonl",
        "{\"context_key\":\"a\"}\n\n{\"context_key\":7,\"x\":[1]}\n{\"context_key\":\"\\u00e9\"}",
    );
    gives(&run, "jsonl:users.jsonl", &[], &["7", "a", "é"]);
    gives(&run, "users.jsonl", &[], &["7", "a", "é"]);
}

fn write_parquet(run: &Run, name: &str, columns: &[(&str, ArrayRef)]) {
    let batch = RecordBatch::try_from_iter(columns.iter().cloned()).unwrap();
    let path = run.path(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

#[test]
fn a_file_and_a_folder_of_parquet() {
    let run = place();
    let plans = texts(&["x", "y"]);
    let keys = [("plan", plans), ("context_key", texts(&["a", "b"]))];
    write_parquet(&run, "lake/day=1/part.parquet", &keys);
    gives(&run, "parquet:lake/day=1/part.parquet", &[], &["a", "b"]);
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![7, 8]));
    write_parquet(&run, "lake/day=2/part.parquet", &[("context_key", numbers)]);
    write_parquet(&run, "lake/_temporary/part.parquet", &[("context_key", texts(&["not this"]))]);
    write(&run, "lake/readme.txt", "not this");
    gives(&run, "parquet:lake", &[], &["7", "8", "a", "b"]);
    fs::create_dir(run.path("empty")).unwrap();
    sync_without_writes(&run, &from("parquet:empty"), &[]).failed(2, "usage");
    write(&run, "broken.parquet", "PAR1 no PAR1");
    sync_without_writes(&run, &from("parquet:broken.parquet"), &[]).failed(2, "usage");
}

#[test]
fn types_of_parquet_become_events() {
    let run = place();
    let times = TimestampMicrosecondArray::from(vec![1_700_000_000_123_000, 1_700_000_001_000_000]);
    let columns: [(&str, ArrayRef); 4] = [
        ("id", Arc::new(Int64Array::from(vec![1, 2]))),
        ("event_key", texts(&["e", "f"])),
        ("context_key", texts(&["u", "v"])),
        ("occurred_at", Arc::new(times)),
    ];
    write_parquet(&run, "events.parquet", &columns);
    let arguments = [&SYNC_EVENTS[..5], &["--from", "events.parquet", "--id", "id"]].concat();
    synced(&run, &arguments, &[]);
    let times: Vec<_> = run.server.events().iter().map(|one| one.creation_date_ms).collect();
    assert_eq!(times, [1_700_000_000_123, 1_700_000_001_000]);
}

#[test]
fn standard_input_is_csv_or_json_lines() {
    for (source, text) in [
        ("csv:-", "context_key\na\nb\n"),
        ("jsonl:-", "{\"context_key\":\"a\"}\n{\"context_key\":\"b\"}\n"),
    ] {
        for (rows, status) in [("3", 12), ("2", 0)] {
            let run = place();
            let mut command = command(&run, &from(source), &["--expect-rows", rows]);
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
            let ended = ended(child.wait_with_output().unwrap());
            assert_eq!(ended.status, status, "{}", ended.stderr);
            let expected = if status == 0 { set(["a", "b"]) } else { set([]) };
            assert_eq!(members(&run), expected);
            assert_eq!(count(&summary(&ended), "read"), 2);
        }
    }
}

#[test]
fn a_mapping_that_changes_sends_no_event_again() {
    let run = place();
    write(
        &run,
        "events.csv",
        "id,event_key,context_key,occurred_at,price\na,a,u,2024-02-03T04:05:06Z,1\n",
    );
    synced(&run, SYNC_EVENTS, &[]);
    let more = ["--map", "metric_value=price"];
    for _ in 0..2 {
        sync_without_writes(&run, SYNC_EVENTS, &more).succeeded();
    }
}

#[test]
fn bytes_that_are_no_text_matter_only_where_they_are_read() {
    let run = place();
    let csv = b"context_key,note\na,caf\xe9\nb\xff,x\nc,x\n";
    fs::write(run.path("bytes.csv"), csv).unwrap();
    let jsonl = b"{\"context_key\":\"a\",\"note\":\"caf\xe9\"}\n{\"context_key\":\"b\xff\"}\n\
        {\"context_key\":\"c\",\"note\":\"\\ud800\"}\n";
    fs::write(run.path("bytes.jsonl"), jsonl).unwrap();
    for source in ["csv:bytes.csv", "jsonl:bytes.jsonl"] {
        let more = ["--sync-name", source, "--rejected", "rejected.csv"];
        crate::setup::sync(&run, &from(source), &more).failed(11, "rows_rejected");
        assert_eq!(members(&run), set(["a", "c"]), "{source}");
        assert_eq!(crate::setup::rejected_in_file(&run), ["2 | \"\" | \"bad_type\""], "{source}");
        let text = fs::read_to_string(run.path("rejected.csv")).unwrap();
        assert!(text.contains("bytes that are not UTF-8"), "{text}");
        run.server.change(|account| account.lists.clear());
    }
}

#[test]
fn half_of_a_surrogate_pair_is_named() {
    let run = place();
    write(&run, "half.jsonl", "{\"context_key\":\"\\ud800\"}\n{\"context_key\":\"a\"}\n");
    let more = ["--rejected", "rejected.csv"];
    crate::setup::sync(&run, &from("jsonl:half.jsonl"), &more).failed(11, "rows_rejected");
    let text = fs::read_to_string(run.path("rejected.csv")).unwrap();
    assert!(text.contains("half of a surrogate pair"), "{text}");
}

#[test]
fn texts_of_a_dictionary_are_read_one_by_one() {
    use arrow_array::DictionaryArray;
    use arrow_array::types::Int32Type;
    let run = place();
    let keys: Vec<_> = (0..5_000).map(|number| Some(["a", "b", "c"][number % 3])).collect();
    let keys: DictionaryArray<Int32Type> = keys.into_iter().chain([None]).collect();
    let batch = RecordBatch::try_from_iter_with_nullable([(
        "context_key",
        Arc::new(keys) as ArrayRef,
        true,
    )]);
    let batch = batch.unwrap();
    let file = File::create(run.path("dictionary.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let arguments = from("parquet:dictionary.parquet");
    crate::setup::sync(&run, &arguments, &[]).failed(11, "rows_rejected");
    assert_eq!(members(&run), set(["a", "b", "c"]));
}

#[test]
fn a_member_that_a_line_has_twice_makes_its_row_invalid() {
    let run = place();
    let text = "{\"context_key\":\"a\",\"context_\\u006bey\":\"b\"}\n\
                {\"context_key\":\"c\",\"note\":1,\"note\":2}\n";
    write(&run, "twice.jsonl", text);
    let ended = crate::setup::sync(&run, &from("jsonl:twice.jsonl"), &[]);
    ended.failed(11, "rows_rejected");
    assert_eq!(members(&run), set(["c"]));
    assert_eq!(crate::setup::rejected(&run), ["1 | NULL | \"bad_type\""]);
}
