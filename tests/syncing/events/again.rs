//! Rows that are rejected, or not settled, are looked at again behind the cursor.

use super::accepted;
use crate::setup::{
    EVENTS, SYNC_EVENTS, count, counts, kill_when_held, place, rejected, script, state, summary,
    sync, sync_without_writes, synced, write,
};
use crate::support::Run;
use fake_launchdarkly::Answer;

/// Rows with an ID, a cursor and a context key; the ID is the event key.
fn write_rows(run: &Run, rows: &[(&str, u64, &str)]) {
    let line =
        |(id, at, key): &(&str, u64, &str)| format!("{id},{id},{key},2024-01-01T10:00:00Z,{at}\n");
    let lines: String = rows.iter().map(line).collect();
    write(run, "events.csv", format!("id,event_key,context_key,occurred_at,at\n{lines}"));
}

fn by(more: &[&'static str]) -> Vec<&'static str> {
    [&SYNC_EVENTS[..7], more].concat()
}

#[test]
fn a_row_whose_id_was_there_twice_is_sent_once_it_is_there_once() {
    let (run, arguments) = (place(), by(&["--id", "id", "--cursor", "at"]));
    write_rows(&run, &[("a", 1, "u"), ("a", 2, "other"), ("b", 5, "u")]);
    for _ in 0..2 {
        sync(&run, &arguments, &[]).failed(11, "rows_rejected");
        let expected = [1, 2].map(|number| format!("{number} | \"a\" | \"duplicate_key\""));
        assert_eq!(rejected(&run), expected);
    }
    write_rows(&run, &[("a", 1, "u"), ("b", 5, "u")]);
    synced(&run, &arguments, &[]);
    assert_eq!(accepted(&run), ["a", "b"]);
}

#[test]
fn a_row_that_changed_after_it_was_sent_is_listed_by_every_run() {
    let (run, arguments) = (place(), by(&["--id", "id", "--cursor", "at"]));
    write_rows(&run, &[("a", 1, "u")]);
    synced(&run, &arguments, &[]);
    write_rows(&run, &[("a", 1, "other"), ("b", 5, "u")]);
    for _ in 0..3 {
        sync(&run, &arguments, &[]).failed(11, "rows_rejected");
        assert_eq!(rejected(&run), ["1 | \"a\" | \"changed_after_sent\""]);
    }
    assert_eq!(accepted(&run), ["a", "b"]);
}

#[test]
fn rows_of_unknown_delivery_are_listed_by_every_run_until_they_are_settled() {
    for (identity, key) in
        [(&["--cursor", "at"][..], "NULL"), (&["--id", "id", "--cursor", "at"], "\"b\"")]
    {
        let (run, arguments) = (place(), by(identity));
        write_rows(&run, &[("a", 1, "u"), ("b", 2, "u"), ("c", 3, "u")]);
        script(&run, EVENTS, 1, Answer::Hang);
        kill_when_held(&run, &arguments, &["--batch-size", "1"]);
        let sql = "UPDATE sync_batches SET created_at = '2024-01-01T00:00:00.000Z'";
        state(&run).execute(sql, []).unwrap();
        for _ in 0..3 {
            let ended = sync(&run, &arguments, &[]);
            ended.failed(11, "rows_rejected");
            assert_eq!(counts(&summary(&ended), ["read", "rejected"]), [3, 1]);
            assert_eq!(rejected(&run), [format!("2 | {key} | \"unknown_delivery\"")]);
        }
        let summary = synced(&run, &arguments, &["--unknown", "resend"]);
        assert_eq!(counts(&summary, ["created", "unchanged"]), [1, 2]);
        assert_eq!(accepted(&run), ["a", "b", "c"]);
    }
}

#[test]
fn a_limit_forgets_no_rejected_row() {
    for identity in [&["--cursor", "at"][..], &["--id", "id", "--cursor", "at"]] {
        let (run, arguments) = (place(), by(identity));
        let rows = |key| [("c", 3, "u"), ("a", 1, "u"), ("b", 2, key)];
        write_rows(&run, &rows(""));
        sync(&run, &arguments, &[]).failed(11, "rows_rejected");
        write_rows(&run, &rows("u"));
        synced(&run, &arguments, &["--limit", "1"]);
        synced(&run, &arguments, &[]);
        assert_eq!(accepted(&run), ["a", "b", "c"]);
        sync_without_writes(&run, &arguments, &[]).succeeded();
    }
}

#[test]
fn an_id_is_never_taken_for_a_cursor() {
    let (run, arguments) = (place(), by(&["--id", "id", "--cursor", "at"]));
    let prefixed = "!flaglake:rejected-cursor:5";
    let rows = |key| [("!5", 1, "u"), (prefixed, 2, "u"), ("x", 5, key), ("y", 9, "u")];
    write_rows(&run, &rows(""));
    for _ in 0..3 {
        sync(&run, &arguments, &[]).failed(11, "rows_rejected");
        let expected = ["2 | NULL | \"bad_type\"", "3 | \"x\" | \"missing_field:context_key\""];
        assert_eq!(rejected(&run), expected);
        assert_eq!(accepted(&run), ["!5", "y"]);
    }
    write_rows(&run, &rows("u"));
    sync(&run, &arguments, &[]).failed(11, "rows_rejected");
    assert_eq!(accepted(&run), ["!5", "x", "y"]);
}

#[test]
fn rows_that_are_sent_again_count_as_created() {
    for identity in [&["--cursor", "at"][..], &["--id", "id", "--cursor", "at"]] {
        let (run, arguments) = (place(), by(identity));
        write_rows(&run, &[("a", 1, "u"), ("b", 2, "u"), ("c", 3, "u")]);
        script(&run, EVENTS, 0, Answer::Hold);
        kill_when_held(&run, &arguments, &["--batch-size", "2"]);
        let summary = synced(&run, &arguments, &[]);
        assert_eq!(counts(&summary, ["created", "unchanged"]), [3, 0]);
        assert_eq!(accepted(&run), ["a", "b", "c"]);
    }
}

#[test]
fn rows_that_are_sent_again_do_not_move_the_cursor_past_a_limit() {
    let (run, arguments) = (place(), by(&["--cursor", "at"]));
    write_rows(&run, &[("a", 1, "u"), ("c", 3, "u")]);
    script(&run, EVENTS, 0, Answer::Hold);
    kill_when_held(&run, &arguments, &[]);
    write_rows(&run, &[("a", 1, "u"), ("b", 2, "u"), ("c", 3, "u")]);
    synced(&run, &arguments, &["--limit", "1"]);
    synced(&run, &arguments, &[]);
    assert_eq!(accepted(&run), ["a", "b", "c"]);
    sync_without_writes(&run, &arguments, &[]).succeeded();
}

#[test]
fn a_dry_run_after_a_kill_knows_what_was_sent() {
    let (run, arguments) = (place(), by(&["--id", "id"]));
    write_rows(&run, &[("a", 1, "u"), ("b", 2, "u"), ("c", 3, "u"), ("d", 4, "u")]);
    script(&run, EVENTS, 2, Answer::Hold);
    kill_when_held(&run, &arguments, &["--batch-size", "1"]);
    write_rows(&run, &[("a", 1, "other"), ("b", 2, "u"), ("c", 3, "u"), ("d", 4, "u")]);
    let ended = sync_without_writes(&run, &arguments, &["--dry-run"]);
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["invalid", "unchanged", "created"]), [1, 1, 2]);
}

#[test]
fn keys_are_kept_for_rejected_rows_only() {
    let (run, arguments) = (place(), by(&["--cursor", "at"]));
    let ids: Vec<_> = (0..4_000).map(|number| format!("e{number}")).collect();
    let row = |(number, id)| {
        let key = if number % 4 == 1 { "" } else { "u" };
        (id, number as u64 / 4, key)
    };
    let rows: Vec<_> = ids.iter().map(String::as_str).enumerate().map(row).collect();
    write_rows(&run, &rows);
    let ended = sync(&run, &arguments, &[]);
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["created", "invalid"]), [3_000, 1_000]);
    let again = summary(&sync_without_writes(&run, &arguments, &[]));
    assert_eq!(counts(&again, ["invalid", "unchanged"]), [1_000, 3_000]);
    let corrected: Vec<_> = rows.iter().map(|(id, at, _)| (*id, *at, "u")).collect();
    write_rows(&run, &corrected);
    assert_eq!(count(&synced(&run, &arguments, &[]), "created"), 1_000);
    let held = crate::support::rows(&state(&run), "SELECT count(*) FROM sync_rows");
    assert_eq!(held, ["4"], "those at the position");
}
