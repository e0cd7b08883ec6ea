//! How the rows change the members: `--mode`, `--exclusive`, and other context kinds.

use serde_json::json;

use crate::setup::{
    SYNC_SEGMENT, count, counts, create_segment, members, place, segment, set, summary,
    sync_without_writes, synced, write, write_users,
};

#[test]
fn the_mode_add_removes_nothing() {
    let run = place();
    for keys in [["a", "b"], ["b", "c"]] {
        write_users(&run, keys);
        synced(&run, SYNC_SEGMENT, &["--mode", "add"]);
    }
    assert_eq!(members(&run), set(["a", "b", "c"]));
}

#[test]
fn the_mode_remove_removes_the_rows_that_are_members() {
    let run = place();
    create_segment(&run, json!({"included": ["a", "b", "other"]}));
    write_users(&run, ["a", "b", "none"]);
    let remove = ["--mode", "remove"];
    let planned = sync_without_writes(&run, SYNC_SEGMENT, &[&remove[..], &["--dry-run"]].concat());
    let planned = summary(&planned.succeeded());
    let summary = synced(&run, SYNC_SEGMENT, &remove);
    for summary in [&planned, &summary] {
        assert_eq!(counts(summary, ["removed", "updated", "unchanged"]), [2, 2, 1]);
    }
    assert_eq!(members(&run), set(["other"]));
    // `changed` and `unchanged` of the log.
    let log = run.run(&["sync", "log"]).succeeded().stdout;
    let line = log.lines().nth(1).unwrap();
    assert!(line.trim_end().ends_with("3     2        1          0"), "{log}");
    sync_without_writes(&run, SYNC_SEGMENT, &remove).succeeded();
}

#[test]
fn an_exclusive_mirror_removes_the_members_of_others() {
    let run = place();
    create_segment(&run, json!({"included": ["other", "a"]}));
    write_users(&run, ["a", "b"]);
    let summary = synced(&run, SYNC_SEGMENT, &["--exclusive"]);
    assert_eq!(counts(&summary, ["added", "removed", "foreign"]), [1, 1, 0]);
    assert_eq!(members(&run), set(["a", "b"]));
}

#[test]
fn keys_of_another_context_kind_are_apart() {
    let run = place();
    let others = json!([{"contextKind": "account", "values": ["old"]}]);
    create_segment(&run, json!({"included": ["a"], "includedContexts": others}));
    write_users(&run, ["a", "b"]);
    let account = ["--context-kind", "account"];
    let summary = synced(&run, SYNC_SEGMENT, &account);
    assert_eq!(counts(&summary, ["added", "foreign"]), [2, 1]);
    assert_eq!(members(&run), set(["a"]));
    let members = run.server.segment_members("web", "production", "beta", "account");
    assert_eq!(members, set(["a", "b", "old"]));
    sync_without_writes(&run, SYNC_SEGMENT, &account).succeeded();
}

#[test]
fn equal_rows_fold_and_blanks_are_kept() {
    let run = place();
    write(&run, "users.csv", "context_key\na\n\" a\"\na\n");
    let summary = synced(&run, SYNC_SEGMENT, &[]);
    assert_eq!(counts(&summary, ["read", "added", "duplicates"]), [3, 2, 1]);
    assert_eq!(members(&run), set([" a", "a"]));
}

#[test]
fn two_syncs_of_one_segment_do_not_remove_each_others_keys() {
    let run = place();
    for (name, keys) in [("one", ["a", "b"]), ("two", ["c", "d"]), ("one", ["a", "e"])] {
        write_users(&run, keys);
        synced(&run, SYNC_SEGMENT, &["--sync-name", name]);
    }
    assert_eq!(members(&run), set(["a", "c", "d", "e"]));
}

#[test]
fn hashed_keys_are_mirrored_as_others_are() {
    let run = place();
    let hash = ["--personal-data", "hash", "--personal-data-key-file", "key"];
    write(&run, "key", "0123456789abcdef0123456789abcdef");
    create_segment(&run, json!({"included": ["other"]}));
    for keys in [["ada", "bob"], ["bob", "cy"]] {
        write_users(&run, keys);
        synced(&run, SYNC_SEGMENT, &hash);
    }
    assert_eq!(members(&run), set(["bob", "cy", "other"]));
    let again = summary(&sync_without_writes(&run, SYNC_SEGMENT, &hash).succeeded());
    assert_eq!(counts(&again, ["unchanged", "foreign"]), [2, 1]);
    let bytes = std::fs::read(run.path("flaglake-sync.db")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains("bob") && !text.contains("ada"), "a key is in the state file");
}

#[test]
fn an_empty_source_empties_the_segment_only_if_meant() {
    let run = place();
    write_users(&run, ["a"]);
    synced(&run, SYNC_SEGMENT, &[]);
    write_users(&run, [""; 0]);
    sync_without_writes(&run, SYNC_SEGMENT, &[]).failed(12, "guarded");
    let summary = synced(&run, SYNC_SEGMENT, &["--allow-empty"]);
    assert_eq!(count(&summary, "removed"), 1);
    assert_eq!(segment(&run)["included"], json!([]));
}
