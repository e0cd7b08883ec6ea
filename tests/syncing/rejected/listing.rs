//! Where rejected rows are listed, and what follows from their number.

use fake_launchdarkly::Answer;

use crate::setup::{
    EVENTS, SYNC_EVENTS, count, counts, place, rejected, script, state, summary, sync,
    sync_without_writes, synced, write, write_events,
};
use crate::support::{Run, rows};

/// Two rows without a time and two good ones.
fn mixed() -> Run {
    let run = place();
    let time = "2024-02-03T04:05:06Z";
    write(
        &run,
        "events.csv",
        format!(
            "id,event_key,context_key,occurred_at\na,a,u,{time}\nb,b,\"u, v\",\nc,c,u,{time}\nd,d,u,never\n"
        ),
    );
    run
}

#[test]
fn each_rejected_row_has_number_key_reason_and_message() {
    let run = mixed();
    let ended = sync(&run, SYNC_EVENTS, &[]);
    let error = ended.failed(11, "rows_rejected");
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("rows that did not reach LaunchDarkly: 2 "), "{error}");
    let summary = summary(&ended);
    assert_eq!(counts(&summary, ["read", "created", "invalid"]), [4, 2, 2]);
    assert_eq!(summary["outcome"], "rows_rejected");
    let sql = "SELECT row_number, row_key, reason, message FROM sync_rejected ORDER BY 1";
    let listed = rows(&state(&run), sql);
    assert!(listed[0].starts_with("2 | \"b\" | \"missing_field:occurred_at\" | \"`occurred_at`"));
    assert!(listed[1].starts_with("4 | \"d\" | \"bad_timestamp\" | \"occurred_at: "), "{listed:?}");
    let sql = "SELECT rows_read, rows_invalid, created, rejected, outcome FROM sync_runs";
    assert_eq!(rows(&state(&run), sql), ["4 | 2 | 2 | 0 | \"rows_rejected\""]);
}

#[test]
fn rejected_rows_are_tried_again_until_they_are_accepted() {
    let run = mixed();
    for _ in 0..2 {
        sync(&run, SYNC_EVENTS, &[]).failed(11, "rows_rejected");
        assert_eq!(rejected(&run).len(), 2);
    }
    write_events(&run, ["a", "b", "c", "d"]);
    let text = std::fs::read_to_string(run.path("events.csv")).unwrap();
    write(&run, "events.csv", text.replace("user-a", "u").replace("user-c", "u"));
    let summary = synced(&run, SYNC_EVENTS, &[]);
    assert_eq!(counts(&summary, ["created", "unchanged"]), [2, 2]);
    assert!(rejected(&run).is_empty());
    assert_eq!(run.server.count_events(), 4);
}

#[test]
fn the_file_of_rejected_rows_is_csv() {
    let run = mixed();
    let more = ["--rejected", "rejected.csv"];
    sync(&run, SYNC_EVENTS, &more).failed(11, "rows_rejected");
    let text = std::fs::read_to_string(run.path("rejected.csv")).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "row_number,row_key,reason,message");
    assert!(lines[1].starts_with("2,b,missing_field:occurred_at,"), "{text}");
    assert!(lines[2].starts_with("4,d,bad_timestamp,"), "{text}");
    // Without rejected rows, it has its head line only.
    write_events(&run, ["x"]);
    synced(&run, SYNC_EVENTS, &more);
    let text = std::fs::read_to_string(run.path("rejected.csv")).unwrap();
    assert_eq!(text, "row_number,row_key,reason,message\n");
}

#[test]
fn a_dry_run_lists_rejected_rows_in_the_file() {
    let run = mixed();
    sync_without_writes(&run, SYNC_EVENTS, &["--dry-run", "--rejected", "rejected.csv"])
        .failed(11, "rows_rejected");
    let text = std::fs::read_to_string(run.path("rejected.csv")).unwrap();
    assert_eq!(text.lines().count(), 3);
    assert!(!run.path("flaglake-sync.db").exists());
}

#[test]
fn a_file_that_cannot_be_written_is_found_before_anything_is_sent() {
    let run = mixed();
    for option in ["--rejected", "--plan"] {
        let more = [option, "no/such/folder.csv"];
        sync_without_writes(&run, SYNC_EVENTS, &more).failed(8, "output_failed");
    }
}

#[test]
fn tolerated_rows_leave_the_exit_status_0() {
    let run = mixed();
    for (limit, status) in [("2", 0), ("50%", 0), ("1", 11), ("49%", 11), ("0", 11)] {
        let ended = sync(&run, SYNC_EVENTS, &["--tolerate-rejected", limit]);
        assert_eq!(ended.status, status, "{limit}: {}", ended.stderr);
        assert_eq!(rejected(&run).len(), 2, "they are listed all the same");
    }
}

#[test]
fn a_refused_batch_of_events_is_not_halved() {
    let run = place();
    write_events(&run, ["a", "b", "c", "d"]);
    script(&run, EVENTS, 0, Answer::json(400, r#"{"code":"invalid_request","message":"no"}"#));
    let more = ["--batch-size", "2", "--rejected", "rejected.csv"];
    let ended = sync(&run, SYNC_EVENTS, &more);
    ended.failed(11, "rows_rejected");
    assert_eq!(counts(&summary(&ended), ["created", "rejected"]), [2, 2]);
    let expected =
        ["1 | \"a\" | ", "2 | \"b\" | "].map(|row| format!("{row}\"refused:invalid_request\""));
    assert_eq!(rejected(&run), expected);
    assert_eq!(crate::setup::rejected_in_file(&run), expected);
    assert_eq!(crate::setup::writes(&run).len(), 2);
    assert_eq!(count(&synced(&run, SYNC_EVENTS, &[]), "created"), 2);
}

#[test]
fn a_refusal_of_everything_is_an_error_and_no_fault_of_the_rows() {
    let run = place();
    write_events(&run, ["a"]);
    script(&run, EVENTS, 0, Answer::json(400, r#"{"code":"invalid_request","message":"no"}"#));
    let ended = sync(&run, SYNC_EVENTS, &[]);
    assert!(ended.status != 0 && ended.status != 11, "{}", ended.stderr);
    assert_eq!(rejected(&run), ["1 | \"a\" | \"refused:invalid_request\""]);
}
