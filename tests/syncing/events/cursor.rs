//! `--cursor`: rows up to the largest value that was sent are not looked at again.

use super::accepted;
use crate::setup::{
    EVENTS, SYNC_EVENTS, counts, kill_when_held, place, script, summary, sync, sync_without_writes,
    synced, write,
};
use crate::support::Run;
use fake_launchdarkly::Answer;

/// Rows as `id@time`, at a minute of an hour.
fn write_rows(run: &Run, rows: &[(&str, u32)]) {
    let line = |(id, minute): &(&str, u32)| {
        format!("{id},{id},u,2024-01-01T10:{minute:02}:00Z,2024-01-01T10:{minute:02}:00Z\n")
    };
    let lines: String = rows.iter().map(line).collect();
    write(run, "events.csv", format!("id,event_key,context_key,occurred_at,at\n{lines}"));
}

fn by(more: &'static [&'static str]) -> Vec<&'static str> {
    [&SYNC_EVENTS[..7], more].concat()
}

#[test]
fn rows_behind_the_cursor_are_not_sent_again() {
    let run = place();
    let arguments = by(&["--cursor", "at"]);
    write_rows(&run, &[("a", 1), ("b", 2)]);
    synced(&run, &arguments, &[]);
    write_rows(&run, &[("a", 1), ("b", 2), ("c", 3)]);
    let summary = synced(&run, &arguments, &[]);
    assert_eq!(counts(&summary, ["created", "unchanged"]), [1, 2]);
    assert_eq!(accepted(&run), ["a", "b", "c"]);
    sync_without_writes(&run, &arguments, &[]).succeeded();
}

#[test]
fn late_rows_within_the_lag_are_sent_once() {
    let run = place();
    let arguments = by(&["--cursor", "at", "--id", "id", "--lag", "10m"]);
    write_rows(&run, &[("a", 20), ("b", 30)]);
    synced(&run, &arguments, &[]);
    write_rows(&run, &[("too-late", 19), ("a", 20), ("late", 25), ("b", 30), ("c", 31)]);
    synced(&run, &arguments, &[]);
    assert_eq!(accepted(&run), ["a", "b", "c", "late"]);
    sync_without_writes(&run, &arguments, &[]).succeeded();
}

#[test]
fn a_start_excludes_what_is_before_it() {
    let run = place();
    let arguments = by(&["--cursor", "at", "--cursor-from", "2024-01-01T10:02:00Z"]);
    write_rows(&run, &[("a", 1), ("b", 2), ("c", 3)]);
    synced(&run, &arguments, &[]);
    assert_eq!(accepted(&run), ["b", "c"]);
}

#[test]
fn the_cursor_moves_with_each_batch() {
    let run = place();
    let arguments = by(&["--cursor", "at"]);
    write_rows(&run, &[("c", 3), ("a", 1), ("d", 4), ("b", 2)]);
    script(&run, EVENTS, 1, Answer::Hold);
    kill_when_held(&run, &arguments, &["--batch-size", "1"]);
    assert_eq!(accepted(&run), ["a", "b"]);
    let summary = synced(&run, &arguments, &[]);
    assert_eq!(counts(&summary, ["created", "unchanged"]), [3, 1], "the second is sent again");
    assert_eq!(accepted(&run), ["a", "b", "c", "d"]);
}

#[test]
fn a_limit_does_not_move_the_cursor_past_what_was_not_sent() {
    let run = place();
    let arguments = by(&["--cursor", "at"]);
    write_rows(&run, &[("c", 3), ("a", 1), ("b", 2)]);
    for _ in 0..2 {
        sync(&run, &arguments, &["--limit", "1"]).succeeded();
    }
    for _ in 0..2 {
        synced(&run, &arguments, &[]);
    }
    assert_eq!(accepted(&run), ["a", "b", "c"]);
}

#[test]
fn a_row_that_was_rejected_is_tried_again_behind_the_cursor() {
    let run = place();
    for arguments in [by(&["--cursor", "at", "--id", "id"]), by(&["--cursor", "at"])] {
        let name = format!("{}", arguments.len());
        let more = ["--sync-name", name.as_str()];
        write(
            &run,
            "events.csv",
            "id,event_key,context_key,occurred_at,at\nx,,u,2024-01-01T10:01:00Z,1\n\
             y,y,u,2024-01-01T10:01:00Z,2\n",
        );
        let ended = sync(&run, &arguments, &more);
        ended.failed(11, "rows_rejected");
        assert_eq!(counts(&summary(&ended), ["created", "invalid"]), [1, 1]);
        let text = std::fs::read_to_string(run.path("events.csv")).unwrap();
        write(&run, "events.csv", text.replace("x,,", "x,x,"));
        synced(&run, &arguments, &more);
    }
    assert_eq!(accepted(&run), ["x", "x", "y", "y"]);
}
