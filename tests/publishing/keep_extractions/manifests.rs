//! Manifests that a run cannot interpret, and manifests that are truncated.

use std::collections::BTreeSet;
use std::fs;

use super::{LAKE, account, extractions, manifest, newest, part};

#[test]
fn an_extraction_of_another_version_stays_and_blocks_views() {
    let run = account();
    for _ in 0..3 {
        run.extract(&["--output", LAKE, "--resources", "core,audit_log"]);
    }
    let second = extractions(&run).1.into_iter().nth(1).unwrap();
    fs::write(manifest(&run, &second), "{\"format\": 2}").unwrap();
    let arguments = ["--output", LAKE, "--keep-extractions", "1"];
    let ended = run.extract(&[&arguments[..], &["--resources", "core,audit_log"]].concat());
    assert!(ended.stderr.contains(&second), "{}", ended.stderr);
    assert!(ended.stderr.contains("change_actors"), "{}", ended.stderr);
    let (files, manifests) = extractions(&run);
    let expected = BTreeSet::from([second, newest(&run)]);
    assert_eq!(
        (&files, &manifests),
        (&expected, &expected),
        "its contents are unknown, so it is kept"
    );
    assert!(!part(&run, "change_actors").exists() && part(&run, "stale_percentages").exists());
}

#[test]
fn an_empty_or_torn_manifest_is_removed_and_the_pointer_fixed() {
    for torn in ["", "{\"extraction_id\": \"x20"] {
        let run = account();
        run.extract(&["--output", LAKE]);
        let kept = newest(&run);
        run.extract(&["--output", LAKE]);
        let lost = newest(&run);
        fs::write(manifest(&run, &lost), torn).unwrap();
        fs::write(run.path(&format!("lake/_latest/{}.json", account_folder())), torn).unwrap();
        let ended = run.extract(&["--output", LAKE]);
        assert!(ended.stderr.contains(&lost), "{}", ended.stderr);
        let (files, complete) = extractions(&run);
        assert_eq!(files, complete, "its files are removed");
        assert_eq!(complete, BTreeSet::from([kept, newest(&run)]));
    }
}

fn account_folder() -> String {
    format!("account_id={}", fake_launchdarkly::account::account_id())
}
