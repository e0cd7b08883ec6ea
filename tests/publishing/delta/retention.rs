//! Files that are removed: by `--keep-extractions`, by `VACUUM`, and by hand.

use std::fs;

use fake_launchdarkly::account::AuditEntry;
use fake_launchdarkly::generated::NOW_MS;
use serde_json::Value;

use super::log::{self, Objects};
use super::tables::{account, extract, table};
use crate::support::{Run, lake, python};

/// The program that removes files as `VACUUM` does.
const VACUUM: &str = include_str!("../../python/vacuum_delta.py");

const WITH_LOG: [&str; 2] = ["--resources", "core,audit_log"];

fn objects(run: &Run) -> Objects {
    log::objects(&run.path("lake"))
}

fn vacuum(run: &Run) -> u64 {
    python::run(VACUUM, [run.path("lake")]).as_u64().unwrap()
}

/// The manifests of the account, oldest first.
fn manifests(run: &Run) -> Vec<Value> {
    let root = run.path("lake");
    let ids = lake::complete(&root, &lake::account(&root)).into_iter();
    ids.map(|id| lake::json(&lake::manifest(&root, &id))).collect()
}

fn names(manifest: &Value) -> Vec<&str> {
    manifest["tables"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

/// Adds an entry to the audit log.
fn happen(run: &Run, number: i64) {
    let entry = AuditEntry::new(format!("entry-{number}"), NOW_MS + number);
    run.server.change(|account| account.audit_log.push(entry));
}

#[test]
fn removed_extractions_keep_what_tables_refer_to() {
    let run = account();
    let keep = ["--keep-extractions", "1"];
    for number in 0..3 {
        happen(&run, number);
        extract(&run, &[WITH_LOG, keep].concat());
        log::assert_readable(&objects(&run));
    }
    let (flags, entries) = (table(&run, "flags"), table(&run, "audit_log_entries"));
    let flag_files = objects(&run).into_keys().filter(|name| name.starts_with("flags/account"));
    assert_eq!(flag_files.count(), 1);
    assert_eq!((flags.newest().len(), entries.newest().len()), (1, 3));
    let manifests = manifests(&run);
    assert_eq!(manifests.len(), 3);
    for removed in &manifests[..2] {
        assert_eq!(removed["removed"], true);
        assert!(
            names(removed)
                .iter()
                .all(|name| name.starts_with("extraction") || name.starts_with("audit_"))
        );
    }
    assert_eq!(manifests[2]["removed"], Value::Null);
    // Views over the audit log still read the entries of removed extractions.
    let entry = |number: i64| {
        entries.newest().iter().any(|live| {
            lake::rows(&run.path("lake").join(&live.file))
                .join("")
                .contains(&format!("entry-{number}"))
        })
    };
    assert!((0..3).all(entry));
}

#[test]
fn a_table_that_was_not_read_again_outlives_its_extraction() {
    let run = account();
    let keep = ["--keep-extractions", "1"];
    extract(&run, &[["--resources", "core,members"], keep].concat());
    extract(&run, &keep);
    log::assert_readable(&objects(&run));
    assert!(names(&manifests(&run)[0]).contains(&"members"));
    extract(&run, &[["--resources", "core,members"], keep].concat());
    log::assert_readable(&objects(&run));
    assert!(!names(&manifests(&run)[0]).contains(&"members"));
    let files = objects(&run).into_keys().filter(|name| name.starts_with("members/account_id"));
    assert_eq!(files.count(), 1);
}

#[test]
fn a_run_after_vacuum_works_and_removes_nothing_that_is_read() {
    if !python::has(&["deltalake"]) {
        return;
    }
    let run = account();
    for number in 0..2 {
        happen(&run, number);
        extract(&run, &WITH_LOG);
    }
    assert!(vacuum(&run) > 20);
    // It reads what the newest extraction lacks from older ones, whose files are gone.
    let project = run.server.change(|account| account.projects[0].key.clone());
    extract(&run, &["--project", &project]);
    vacuum(&run);
    extract(&run, &[&WITH_LOG[..], &["--keep-extractions", "2"]].concat());
    vacuum(&run);
    log::assert_readable(&objects(&run));
    assert_eq!(table(&run, "audit_log_entries").newest().len(), 3);
}

#[test]
fn a_manifest_removed_by_hand_takes_no_file_that_is_read() {
    let run = account();
    extract(&run, &["--resources", "core,members"]);
    extract(&run, &[]);
    let root = run.path("lake");
    for id in lake::complete(&root, &lake::account(&root)) {
        fs::remove_file(lake::manifest(&root, &id)).unwrap();
        extract(&run, &[]);
        log::assert_readable(&objects(&run));
    }
}

#[test]
fn an_unchanged_run_is_only_recorded() {
    let run = account();
    let skip = ["--skip-unchanged"];
    extract(&run, &skip);
    extract(&run, &skip);
    let (flags, runs) = (table(&run, "flags"), table(&run, "extractions"));
    assert_eq!((flags.versions.len(), runs.versions.len()), (1, 2));
    assert_eq!(table(&run, "latest_extraction").extractions(), flags.extractions());
    let [first, second] = &manifests(&run)[..] else { panic!("not two runs") };
    assert_eq!(second["same_as"], first["extraction_id"]);
    run.server.change(|account| account.projects[0].name = "changed".into());
    extract(&run, &skip);
    assert_eq!(table(&run, "flags").versions.len(), 2);
}
