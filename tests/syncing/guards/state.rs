//! Guards about what the state file remembers, and about what the token may read.

use fake_launchdarkly::Family;

use crate::setup::{
    SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT, create_segment, place, state, sync_without_writes,
    synced, write, write_events, write_users,
};
use crate::shared::guards;
use crate::support::Run;

fn filled() -> Run {
    let run = place();
    write_users(&run, ["a"]);
    write_events(&run, ["a"]);
    write(&run, "metrics.csv", "key,event_key\nsignup,x\n");
    write(&run, "key", "0123456789abcdef0123456789abcdef");
    run
}

#[test]
fn a_sync_to_another_account_stops() {
    let run = filled();
    for sync in [SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT] {
        synced(&run, sync, &[]);
    }
    write_users(&run, ["a", "b"]);
    write_events(&run, ["a", "b"]);
    write(&run, "metrics.csv", "key,event_key\nlogin,x\n");
    run.server.change(|account| account.account_id = "0123456789abcdef01234567".to_owned());
    for sync in [SYNC_EVENTS, SYNC_METRICS, SYNC_SEGMENT] {
        guards(&run, sync, &[], "and this is 0123456789abcdef01234567");
    }
}

#[test]
fn another_context_kind_stops_since_the_former_members_would_stay() {
    let run = filled();
    let account = ["--context-kind", "account"];
    synced(&run, SYNC_SEGMENT, &[]);
    guards(&run, SYNC_SEGMENT, &account, "are of the context kind `user`, not `account`");
    synced(&run, SYNC_SEGMENT, &[&account[..], &["--sync-name", "accounts"]].concat());
    // A run that a guard stopped has added nothing.
    write_users(&run, [""; 0]);
    let fresh = ["--sync-name", "fresh"];
    guards(&run, SYNC_SEGMENT, &fresh, "no rows");
    write_users(&run, ["a"]);
    synced(&run, SYNC_SEGMENT, &[&account[..], &fresh].concat());
}

#[test]
fn a_state_file_without_a_column_gets_it() {
    let run = filled();
    synced(&run, SYNC_SEGMENT, &[]);
    state(&run).execute_batch("ALTER TABLE syncs DROP COLUMN context_kind").unwrap();
    sync_without_writes(&run, SYNC_SEGMENT, &["--dry-run"]).succeeded();
    synced(&run, SYNC_SEGMENT, &[]);
    let kind: String =
        state(&run).query_row("SELECT context_kind FROM syncs", [], |row| row.get(0)).unwrap();
    assert_eq!(kind, "user");
}

#[test]
fn keys_in_another_form_stop() {
    let run = filled();
    let hash = ["--personal-data", "hash", "--personal-data-key-file", "key"];
    synced(&run, SYNC_SEGMENT, &[]);
    synced(&run, SYNC_EVENTS, &hash);
    write_users(&run, ["a", "b"]);
    write_events(&run, ["a", "b"]);
    guards(&run, SYNC_SEGMENT, &hash, "in another form");
    guards(&run, SYNC_EVENTS, &[], "in another form");
    write(&run, "key", "another key, which is as long as it");
    guards(&run, SYNC_EVENTS, &hash, "in another form");
}

#[test]
fn what_needs_the_list_of_members_stops_where_it_may_not_be_read() {
    let run = filled();
    create_segment(&run, serde_json::json!({}));
    run.server.behave(|behaviour| behaviour.refused.extend([(Family::Segments, 403)]));
    let hash = ["--personal-data", "hash", "--personal-data-key-file", "key"];
    guards(&run, SYNC_SEGMENT, &hash, "cannot be listed");
    guards(&run, SYNC_SEGMENT, &["--exclusive"], "needs the list of members");
}
