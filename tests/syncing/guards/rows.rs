//! Guards about the rows of the source.

use serde_json::json;

use crate::setup::{
    SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT, create_segment, many, members, place, set,
    sync_without_writes, synced, write, write_events, write_users,
};
use crate::shared::guards;
use crate::support::Run;

fn mirrored(count: usize) -> Run {
    let run = place();
    write_users(&run, many(0..count));
    synced(&run, SYNC_SEGMENT, &[]);
    run
}

#[test]
fn an_empty_source_stops_every_sync() {
    let run = place();
    write_users(&run, [""; 0]);
    write_events(&run, [""; 0]);
    write(&run, "metrics.csv", "key,event_key\n");
    for sync in [SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT] {
        guards(&run, sync, &[], "no rows");
        sync_without_writes(&run, sync, &["--allow-empty"]).succeeded();
    }
}

#[test]
fn a_mirror_of_invalid_rows_only_counts_as_empty() {
    let run = mirrored(1);
    write(&run, "users.csv", "context_key\n\"\"\n");
    guards(&run, SYNC_SEGMENT, &[], "none of the 1 rows of the source is valid");
    let none = ["--allow-empty", "--max-removals", "1"];
    crate::setup::sync(&run, SYNC_SEGMENT, &none).failed(11, "rows_rejected");
    assert_eq!(members(&run), set([]));
}

#[test]
fn removals_above_a_fifth_and_ten_keys_stop() {
    let run = mirrored(60);
    write_users(&run, many(13..60));
    guards(&run, SYNC_SEGMENT, &[], "13 of 60 members would be removed");
    guards(&run, SYNC_SEGMENT, &["--max-removals", "12"], "13 of 60");
    guards(&run, SYNC_SEGMENT, &["--max-removals", "21%"], "13 of 60");
    write_users(&run, many(12..60));
    synced(&run, SYNC_SEGMENT, &[]);
    write_users(&run, many(24..60));
    synced(&run, SYNC_SEGMENT, &["--max-removals", "25%"]);
    assert_eq!(members(&run).len(), 36);
}

#[test]
fn ten_removals_pass_whatever_their_share() {
    let run = mirrored(12);
    write_users(&run, many(10..12));
    synced(&run, SYNC_SEGMENT, &[]);
    assert_eq!(members(&run).len(), 2);
}

#[test]
fn removals_above_a_thousand_stop_whatever_their_share() {
    let run = mirrored(6_000);
    write_users(&run, many(1_001..6_000));
    guards(&run, SYNC_SEGMENT, &[], "1001 of 6000");
    write_users(&run, many(1_000..6_000));
    synced(&run, SYNC_SEGMENT, &[]);
}

#[test]
fn in_a_first_run_removals_are_compared_with_the_members() {
    let run = place();
    let all: Vec<_> = many(0..60).collect();
    create_segment(&run, json!({"included": all}));
    write_users(&run, many(0..40));
    guards(&run, SYNC_SEGMENT, &["--exclusive"], "20 of 60");
}

#[test]
fn a_source_that_lost_half_its_rows_stops_a_mirror() {
    let run = mirrored(40);
    write_users(&run, many(0..19));
    let all = ["--max-removals", "100%"];
    guards(&run, SYNC_SEGMENT, &all, "has 19 rows, the last run read 40");
    synced(&run, SYNC_SEGMENT, &[&all[..], &["--max-drop", "60%"]].concat());
    // Other modes look only if they are told to.
    let run = place();
    write_events(&run, many(0..40));
    synced(&run, SYNC_EVENTS, &[]);
    write_events(&run, many(0..4));
    guards(&run, SYNC_EVENTS, &["--max-drop", "50%"], "has 4 rows");
    sync_without_writes(&run, SYNC_EVENTS, &[]).succeeded();
}

#[test]
fn a_number_of_rows_that_is_not_expected_stops() {
    let run = place();
    write_users(&run, ["a", "b"]);
    guards(&run, SYNC_SEGMENT, &["--expect-rows", "3"], "2 rows");
    synced(&run, SYNC_SEGMENT, &["--expect-rows", "2"]);
}

#[test]
fn too_many_invalid_rows_stop() {
    let run = place();
    write(&run, "users.csv", "context_key\na\n\"\"\nb\n\"\"\n");
    guards(&run, SYNC_SEGMENT, &["--max-rejected", "1"], "2 of 4 rows are invalid");
    guards(&run, SYNC_SEGMENT, &["--max-rejected", "49%"], "2 of 4 rows are invalid");
    crate::setup::sync(&run, SYNC_SEGMENT, &["--max-rejected", "50%"]).failed(11, "rows_rejected");
    assert_eq!(members(&run), set(["a", "b"]));
}

#[test]
fn a_missing_state_file_stops_where_it_is_required() {
    let run = place();
    write_users(&run, ["a"]);
    sync_without_writes(&run, SYNC_SEGMENT, &["--require-state"]).failed(12, "guarded");
    let ended = crate::setup::sync(&run, SYNC_SEGMENT, &[]).succeeded();
    assert!(ended.stderr.contains("is new"), "{}", ended.stderr);
    synced(&run, SYNC_SEGMENT, &["--require-state"]);
}

#[test]
fn a_source_that_breaks_off_sends_nothing() {
    let run = place();
    write(&run, "events.jsonl", "{\"id\":1,\"event_key\":\"e\",\"context_key\":\"u\",\"occ");
    let arguments = [&SYNC_EVENTS[..5], &["--from", "jsonl:events.jsonl", "--id", "id"]].concat();
    sync_without_writes(&run, &arguments, &[]).failed(2, "usage");
    write(&run, "users.csv", "context_key\na\nb,c\n");
    sync_without_writes(&run, SYNC_SEGMENT, &[]).failed(2, "usage");
}

#[test]
fn invalid_rows_alone_are_listed_where_nothing_would_be_removed() {
    let run = crate::setup::place();
    write(&run, "users.csv", "context_key\n\"\"\n");
    crate::setup::sync(&run, SYNC_SEGMENT, &[]).failed(11, "rows_rejected");
}
