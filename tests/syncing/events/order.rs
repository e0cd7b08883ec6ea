//! The order and the kinds of cursors.

use rusqlite::Connection;

use super::accepted;
use crate::setup::{
    EVENTS, SYNC_EVENTS, counts, kill_when_held, place, rejected, script, summary, sync,
    sync_without_writes, synced, write,
};
use crate::support::Run;
use fake_launchdarkly::Answer;

const IDENTITIES: [&[&str]; 3] = [
    &["--cursor", "at"],
    &["--cursor", "at", "--id", "id"],
    &["--cursor", "at", "--id", "id", "--lag", "1s"],
];

/// The first rows of one instant, in several forms; the last two are later.
const TIMES: [(&str, &str); 5] = [
    ("a", "2026-01-01T10:00:00Z"),
    ("b", "2026-01-01T11:00:00+01:00"),
    ("c", "2026-01-01 10:00:00.000"),
    ("d", "2026-01-01T10:00:00.500Z"),
    ("e", "2026-01-01T05:00:01-05:00"),
];

/// Rows with an ID and a cursor.
fn write_rows(run: &Run, rows: &[(&str, &str)]) {
    let line = |(id, at): &(&str, &str)| format!("{id},{id},u,2024-01-01T10:00:00Z,{at}\n");
    let lines: String = rows.iter().map(line).collect();
    write(run, "events.csv", format!("id,event_key,context_key,occurred_at,at\n{lines}"));
}

fn by(more: &[&'static str]) -> Vec<&'static str> {
    [&SYNC_EVENTS[..7], more].concat()
}

#[test]
fn a_later_time_is_sent_whatever_its_form() {
    for identity in IDENTITIES {
        let (run, arguments) = (place(), by(identity));
        for rows in 1..=TIMES.len() {
            write_rows(&run, &TIMES[..rows]);
            let created = summary(&sync(&run, &arguments, &[]))["created"].clone();
            assert_eq!(created, 1, "{identity:?}: {rows}");
        }
        sync_without_writes(&run, &arguments, &[]).succeeded();
        assert_eq!(accepted(&run), ["a", "b", "c", "d", "e"]);
    }
}

#[test]
fn times_are_sent_in_their_order_whatever_their_form() {
    for killed in 1..TIMES.len() {
        let (run, arguments) = (place(), by(&["--cursor", "at"]));
        let reversed: Vec<_> = TIMES.into_iter().rev().collect();
        write_rows(&run, &reversed);
        script(&run, EVENTS, killed, Answer::Hang);
        kill_when_held(&run, &arguments, &["--batch-size", "1"]);
        synced(&run, &arguments, &[]);
        assert_eq!(accepted(&run), ["a", "b", "c", "d", "e"]);
        let instants = run.server.events().into_iter().map(|event| event.key);
        assert_eq!(instants.skip(3).collect::<Vec<_>>(), ["d", "e"]);
    }
}

#[test]
fn a_number_with_a_fraction_is_sent_once() {
    let run = place();
    let arguments =
        [&SYNC_EVENTS[..5], &["--from", "sqlite:e.db", "--table", "e", "--cursor", "at"]].concat();
    let database = Connection::open(run.path("e.db")).unwrap();
    let create = "CREATE TABLE e (at REAL, event_key, context_key, occurred_at);
                  INSERT INTO e VALUES (0, 'e', 'u', '2024-01-01')";
    database.execute_batch(create).unwrap();
    for number in 1..16 {
        let value = 1.6e9 + (f64::from(number) * 0.618_033_988_749_895).fract() * 1e8;
        database.execute("UPDATE e SET at = ?1", [value]).unwrap();
        let name = format!("sync {number}");
        for created in [1, 0] {
            let summary = synced(&run, &arguments, &["--sync-name", &name]);
            assert_eq!(counts(&summary, ["created"]), [created], "{value:?}");
        }
    }
}

#[test]
fn a_row_of_another_kind_stops_no_other() {
    for more in [&[][..], &["--id", "id"], &["--cursor-from", "1"]] {
        let (run, arguments) = (place(), by(&[&["--cursor", "at"], more].concat()));
        let mut rows = vec![("x", "n/a"), ("a", "2"), ("y", "2026-01-01T00:00:00Z"), ("b", "3")];
        let key = |key: &'static str| if more.contains(&"--id") { key } else { "NULL" };
        let expected = [(1, key("\"x\"")), (3, key("\"y\""))];
        let expected = expected.map(|(number, key)| format!("{number} | {key} | \"bad_type\""));
        write_rows(&run, &rows);
        sync(&run, &arguments, &["--limit", "1"]).failed(11, "rows_rejected");
        for _ in 0..2 {
            write_rows(&run, &rows);
            sync(&run, &arguments, &[]).failed(11, "rows_rejected");
            rows.push(("c", "4"));
            assert_eq!(rejected(&run), expected, "{more:?}");
        }
        assert_eq!(accepted(&run), ["a", "b", "c"], "{more:?}");
    }
}

#[test]
fn a_lag_without_times_sends_nothing() {
    for at in ["a1", "1.5"] {
        let (run, arguments) = (place(), by(&["--cursor", "at", "--id", "id", "--lag", "1h"]));
        write_rows(&run, &[("a", at)]);
        sync_without_writes(&run, &arguments, &[]).failed(11, "rows_rejected");
        assert_eq!(rejected(&run), ["1 | \"a\" | \"bad_type\""]);
    }
}
