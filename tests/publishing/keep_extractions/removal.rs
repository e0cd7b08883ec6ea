//! `--keep-extractions`: which extractions are removed, and which files.

use std::collections::BTreeSet;
use std::fs;

use super::{LAKE, account, date_ahead, extractions, manifest, newest, newest_of, part};

#[test]
fn the_newest_extractions_stay_and_older_ones_go_whole() {
    let run = account();
    for _ in 0..3 {
        run.extract(&["--output", LAKE]);
    }
    let before = extractions(&run).1;
    assert_eq!(before.len(), 3, "without the option, all extractions are kept");
    run.extract(&["--output", LAKE, "--keep-extractions", "2"]);
    let (files, manifests) = extractions(&run);
    let expected = BTreeSet::from([before.last().unwrap().clone(), newest(&run)]);
    assert_eq!((&files, &manifests), (&expected, &expected));
    run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    assert_eq!(extractions(&run).1, BTreeSet::from([newest(&run)]));
}

#[test]
fn an_extraction_dated_ahead_does_not_remove_earlier_ones() {
    let run = account();
    for _ in 0..3 {
        run.extract(&["--output", LAKE]);
    }
    let before: Vec<_> = extractions(&run).1.into_iter().collect();
    date_ahead(&run, &before[1]);
    run.extract(&["--output", LAKE, "--keep-extractions", "3"]);
    let expected = BTreeSet::from([before[0].clone(), before[2].clone(), newest(&run)]);
    assert_eq!(extractions(&run).1, expected);
}

#[test]
fn extractions_of_another_account_are_not_counted_and_stay() {
    let run = account();
    run.server.change(|account| account.account_id = "one".into());
    run.extract(&["--output", LAKE]);
    let first = newest_of(&run, "one");
    run.server.change(|account| account.account_id = "another".into());
    for _ in 0..2 {
        run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    }
    let (files, manifests) = extractions(&run);
    let expected = BTreeSet::from([first.clone(), newest_of(&run, "another")]);
    assert_eq!((&files, &manifests), (&expected, &expected));
    assert_eq!(newest_of(&run, "one"), first, "each account has a pointer of its own");
}

#[test]
fn what_is_left_of_a_removed_extraction_goes_with_the_next_run() {
    let run = account();
    for _ in 0..2 {
        run.extract(&["--output", LAKE]);
    }
    let (before, complete) = extractions(&run);
    let first = before.first().unwrap().clone();
    assert_eq!(before, complete);
    // As if a run had been killed after it removed the manifest.
    fs::remove_file(manifest(&run, &first)).unwrap();
    run.extract(&["--output", LAKE]);
    let (files, complete) = extractions(&run);
    assert_eq!(files, complete);
    assert!(!files.contains(&first) && files.len() == 2, "{files:?}");
}

#[test]
fn a_file_of_somebody_else_stays_where_an_extraction_is_removed() {
    let run = account();
    run.extract(&["--output", LAKE]);
    let folder = part(&run, "projects").parent().unwrap().to_owned();
    let others = ["notes.txt", "part-0.parquet.bak", "part-a.parquet"];
    others.iter().for_each(|name| fs::write(folder.join(name), "mine").unwrap());
    run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    run.extract(&["--output", LAKE]);
    let left = fs::read_dir(&folder).unwrap().map(|one| one.unwrap().file_name());
    let left: BTreeSet<_> = left.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(left, others.map(str::to_owned).into());
}

#[test]
fn each_output_forgets_in_its_own_way_and_says_so() {
    let run = account();
    let error = run.run(&["extract", "--keep-extractions", "3", "--error-format", "json"]);
    let error = error.failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("--history-retention"), "{error}");
    let arguments = ["extract", "-o", LAKE, "--history-retention", "9d", "--error-format", "json"];
    let error = run.run(&arguments).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("--keep-extractions"), "{error}");
    let none = ["extract", "-o", LAKE, "--keep-extractions", "0", "--error-format", "json"];
    run.run(&none).failed(2, "usage");
    assert!(run.server.requests().is_empty());
}
