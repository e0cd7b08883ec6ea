//! The forms of a result.

use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};

use super::{extracted, query};

/// One row with a value of each kind, and text that means something to each form.
const KINDS: &str = "SELECT 9223372036854775807 AS big, 0.1 AS real, x'00ff' AS bytes, NULL AS missing, \
     '' AS empty, char(27) || '[2J|' || char(10) || '\"' AS evil";

#[test]
fn json_is_exact() {
    let run = extracted();
    let ended = query(&run, &[KINDS, "--format", "json"]).succeeded();
    assert!(ended.stdout.contains("9223372036854775807"), "{}", ended.stdout);
    assert!(!ended.stdout.contains('\u{1b}'));
    let object: Value = serde_json::from_str(&ended.stdout).unwrap();
    let row = json!({"big": i64::MAX, "real": 0.1, "bytes": "00ff", "missing": null, "empty": "",
        "evil": "\u{1b}[2J|\n\""});
    assert_eq!(object, json!({ "items": [row] }));
    assert_eq!(ended.stderr, "1 row\n");
}

#[test]
fn null_differs_from_an_empty_text() {
    let run = extracted();
    let csv = query(&run, &[KINDS, "--format", "csv"]).succeeded().stdout;
    let row = csv.split_once("\r\n").unwrap().1;
    assert_eq!(row, "9223372036854775807,0.1,00ff,,\"\",\"\u{1b}[2J|\n\"\"\"\r\n");
    let table = query(&run, &["SELECT NULL AS a, '' AS b, 1 AS c"]).succeeded().stdout;
    assert_eq!(table, " a     b  c\n NULL     1\n");
}

#[test]
fn a_hostile_value_is_one_line_of_a_table() {
    let run = extracted();
    for format in ["table", "markdown"] {
        let shown = query(&run, &[KINDS, "--format", format]).succeeded().stdout;
        assert!(!shown.contains('\u{1b}'), "{shown}");
        assert_eq!(shown.lines().count(), if format == "table" { 2 } else { 3 }, "{shown}");
    }
}

#[test]
fn nothing_is_cut_where_there_is_no_terminal() {
    let run = extracted();
    let sql = "SELECT hex(zeroblob(500)) AS a, hex(zeroblob(500)) AS b";
    let table = query(&run, &[sql]).succeeded().stdout;
    assert!(table.contains(&"0".repeat(1000)) && !table.contains('…'), "{table}");
}

#[test]
fn the_most_rows_can_be_set() {
    let run = extracted();
    let sql = "SELECT flag_key FROM flags ORDER BY flag_key";
    let ended = query(&run, &[sql, "--max-rows", "2"]).succeeded();
    assert_eq!(ended.stdout.lines().count(), 3);
    assert!(ended.stderr.starts_with("The first 2 rows; there are more"), "{}", ended.stderr);
    let quiet = query(&run, &[sql, "--max-rows", "2", "--quiet"]).succeeded();
    assert_eq!(quiet.stderr, "");
}

#[test]
fn a_reader_that_closes_the_pipe_ends_it_quietly() {
    let run = extracted();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    for format in ["table", "csv", "json", "markdown"] {
        let mut command = run.command(&["query", endless, "--format", format]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        process.stdout.take().unwrap().read_exact(&mut [0; 100]).unwrap();
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{format}");
        assert_eq!(output.stderr, b"", "{format}");
    }
}

#[test]
fn a_signal_ends_a_statement() {
    let run = extracted();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let mut command = run.command(&["query", endless, "--format", "csv"]);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut output = process.stdout.take().unwrap();
    output.read_exact(&mut [0; 100]).unwrap();
    let id = rustix::process::Pid::from_child(&process);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    std::io::copy(&mut output, &mut std::io::sink()).unwrap();
    let ended = process.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "error: interrupted [interrupted]\n");
}
