//! Batches of which it is not known whether LaunchDarkly has them: the user is asked.

use std::io::Write;
use std::process::Stdio;

use fake_launchdarkly::{Answer, PayloadMemory};

use super::accepted;
use crate::setup::{
    EVENTS, SYNC_EVENTS, command, count, counts, kill_when_held, now_ms, place, rejected, script,
    state, summary, sync, sync_without_writes, synced, write_events, writes,
};
use crate::support::{Run, ended, rows};

/// Three batches of one row each: the first is accepted, the second was sent two hours ago and its
/// answer is missing, the third was not sent.
fn interrupted(answer: Answer) -> Run {
    let run = place();
    write_events(&run, ["a", "b", "c"]);
    script(&run, EVENTS, 1, answer);
    kill_when_held(&run, SYNC_EVENTS, &["--batch-size", "1"]);
    let sql = "UPDATE sync_batches SET created_at = strftime('%Y-%m-%dT%H:%M:%fZ',
               created_at, '-2 hours')";
    state(&run).execute(sql, []).unwrap();
    // By now, LaunchDarkly has forgotten the payload ID.
    run.server.behave(|behaviour| behaviour.writes.payload_memory = PayloadMemory::Never);
    run.server.forget_requests();
    run
}

#[test]
fn a_killed_batch_is_sent_again_with_the_same_id_and_bytes() {
    for (answer, sent) in [(Answer::Hold, 1), (Answer::Hang, 0)] {
        let run = place();
        write_events(&run, ["a", "b"]);
        script(&run, EVENTS, 0, answer);
        kill_when_held(&run, SYNC_EVENTS, &["--batch-size", "1"]);
        assert_eq!(run.server.count_events(), sent);
        // The source has changed since: what was sent counts.
        write_events(&run, ["b", "c"]);
        synced(&run, SYNC_EVENTS, &["--batch-size", "1"]);
        let writes = writes(&run);
        assert_eq!(writes[0].payload_id, writes[1].payload_id);
        assert_eq!(writes[0].body_bytes, writes[1].body_bytes);
        assert_eq!(accepted(&run), ["a", "b", "c"]);
    }
}

#[test]
fn an_old_batch_is_set_aside_and_the_rest_is_sent() {
    let run = interrupted(Answer::Hold);
    let ended = sync(&run, SYNC_EVENTS, &[]);
    let error = ended.failed(11, "rows_rejected");
    assert_eq!(error["exit_status"], 11);
    assert_eq!(counts(&summary(&ended), ["created", "rejected", "unchanged"]), [1, 1, 1]);
    assert_eq!(rejected(&run), ["2 | \"b\" | \"unknown_delivery\""]);
    assert_eq!(accepted(&run), ["a", "b", "c"]);
    let states = "SELECT DISTINCT state FROM sync_batches WHERE state <> 'acknowledged'";
    assert!(rows(&state(&run), states).contains(&"\"unknown\"".to_owned()));
    // It stays so, and nothing is sent.
    sync_without_writes(&run, SYNC_EVENTS, &[]).failed(11, "rows_rejected");
    assert_eq!(rejected(&run), ["2 | \"b\" | \"unknown_delivery\""]);
}

#[test]
fn unknown_rows_that_left_the_source_are_listed_too() {
    let run = interrupted(Answer::Hold);
    write_events(&run, ["a", "c"]);
    let error = sync(&run, SYNC_EVENTS, &[]).failed(11, "rows_rejected");
    let message = error["message"].as_str().unwrap();
    let words = ": 1 (invalid: 0, rejected: 0, sent earlier and no longer in the source: 1;";
    assert!(message.contains(words), "{message}");
    assert_eq!(rejected(&run), ["-1 | \"b\" | \"unknown_delivery\""]);
}

#[test]
fn an_unknown_batch_is_sent_again_if_that_is_asked_for() {
    for (answer, count_of_b) in [(Answer::Hold, 2), (Answer::Hang, 1)] {
        let run = interrupted(answer);
        synced(&run, SYNC_EVENTS, &["--unknown", "resend"]);
        assert_eq!(accepted(&run).iter().filter(|key| *key == "b").count(), count_of_b);
        sync_without_writes(&run, SYNC_EVENTS, &[]).succeeded();
    }
}

#[test]
fn an_unknown_batch_counts_as_sent_if_that_is_asked_for() {
    let run = interrupted(Answer::Hold);
    sync(&run, SYNC_EVENTS, &[]).failed(11, "rows_rejected");
    run.server.forget_requests();
    let summary = synced(&run, SYNC_EVENTS, &["--unknown", "skip"]);
    assert_eq!(counts(&summary, ["created", "unchanged"]), [0, 3]);
    assert!(writes(&run).is_empty());
    assert_eq!(accepted(&run), ["a", "b", "c"]);
    assert_eq!(count(&synced(&run, SYNC_EVENTS, &[]), "unchanged"), 3);
}

/// One batch that was sent at a time, in milliseconds, and whose answer is missing.
fn sent_at(time_ms: i64) -> Run {
    let run = place();
    write_events(&run, ["a"]);
    script(&run, EVENTS, 0, Answer::Hang);
    kill_when_held(&run, SYNC_EVENTS, &[]);
    let sql = "UPDATE sync_batches SET created_at =
               strftime('%Y-%m-%dT%H:%M:%fZ', ?1 / 1000.0, 'unixepoch')";
    state(&run).execute(sql, [time_ms]).unwrap();
    run.server.forget_requests();
    run
}

#[test]
fn a_batch_from_the_future_may_be_of_any_age() {
    for (ahead_ms, is_sent) in [(5_000, true), (7_200_000, false)] {
        let run = sent_at(now_ms() + ahead_ms);
        let ended = sync(&run, SYNC_EVENTS, &[]);
        assert_eq!((ended.status == 0, run.server.count_events() == 1), (is_sent, is_sent));
    }
}

#[test]
fn a_batch_that_becomes_too_old_while_the_source_is_read_is_set_aside() {
    let sent_ms = now_ms() - 3_600_000 + 700;
    let run = sent_at(sent_ms);
    let lines = std::fs::read_to_string(run.path("events.csv")).unwrap();
    let (head, rows) = lines.split_at(lines.find('\n').unwrap() + 1);
    let arguments = [&SYNC_EVENTS[..5], &["--from", "csv:-", "--id", "id"]].concat();
    let mut command = command(&run, &arguments, &[]);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(head.as_bytes()).unwrap();
    while now_ms() <= sent_ms + 3_600_000 {
        std::thread::yield_now();
    }
    input.write_all(rows.as_bytes()).unwrap();
    drop(input);
    let ended = ended(child.wait_with_output().unwrap());
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["created", "rejected"]), [0, 1]);
    assert_eq!(rejected(&run), ["1 | \"a\" | \"unknown_delivery\""]);
    assert!(writes(&run).is_empty());
    synced(&run, SYNC_EVENTS, &["--unknown", "resend"]);
    assert_eq!(accepted(&run), ["a"]);
}
