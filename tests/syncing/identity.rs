//! A sync stays the same sync: its rows are told from those of earlier runs in the same way.

use crate::setup::{SYNC_EVENTS, count, place, state, sync_without_writes, synced, write_events};
use crate::support::Run;

/// The sync of events, with other options than `--id id`.
fn told_by<'o>(options: &[&'o str]) -> Vec<&'o str> {
    let end = SYNC_EVENTS.len() - 2;
    [&SYNC_EVENTS[..end], options].concat()
}

fn filled() -> Run {
    let run = place();
    write_events(&run, ["a", "b"]);
    run
}

#[test]
fn rows_are_told_by_the_same_columns_in_every_run() {
    let ways = [
        &["--id", "id"][..],
        &["--id", "event_key"],
        &["--cursor", "id"],
        &["--id", "id", "--cursor", "id"],
        &["--append-all"],
    ];
    for before in ways {
        let run = filled();
        synced(&run, &told_by(before), &[]);
        for now in ways.into_iter().filter(|now| *now != before) {
            // A first cursor beside the same ID loses nothing.
            if before == ways[0] && now == ways[3] {
                continue;
            }
            let error = sync_without_writes(&run, &told_by(now), &[]).failed(12, "guarded");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(&format!("`{}`", before.join(" "))), "{message}");
            assert!(error["hint"].as_str().unwrap().contains("sync forget"), "{error}");
        }
        assert_eq!(run.server.count_events(), 2);
    }
}

#[test]
fn a_first_cursor_beside_the_same_id_sends_nothing_again() {
    let run = filled();
    synced(&run, SYNC_EVENTS, &[]);
    let summary = synced(&run, &told_by(&["--id", "id", "--cursor", "id"]), &[]);
    assert_eq!((count(&summary, "unchanged"), run.server.count_events()), (2, 2));
    sync_without_writes(&run, &told_by(&["--id", "id"]), &[]).failed(12, "guarded");
}

#[test]
fn a_sync_that_has_sent_nothing_may_still_become_another() {
    let run = filled();
    let name = ["--sync-name", "orders"];
    let mistyped = crate::setup::SYNC_SEGMENT;
    sync_without_writes(&run, mistyped, &name).failed(2, "usage");
    synced(&run, &told_by(&["--cursor", "id"]), &name);
    assert_eq!(run.server.count_events(), 2);
}

#[test]
fn a_state_file_of_an_earlier_version_gets_the_new_column() {
    let run = filled();
    synced(&run, SYNC_EVENTS, &[]);
    let old = "ALTER TABLE syncs DROP COLUMN identity; PRAGMA user_version = 1";
    state(&run).execute_batch(old).unwrap();
    run.run(&["sync", "status"]).succeeded();
    sync_without_writes(&run, SYNC_EVENTS, &["--dry-run"]).succeeded();
    assert_eq!(count(&synced(&run, SYNC_EVENTS, &[]), "unchanged"), 2);
    sync_without_writes(&run, &told_by(&["--append-all"]), &[]).failed(12, "guarded");
}
