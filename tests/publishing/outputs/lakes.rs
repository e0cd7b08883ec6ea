//! A lake that holds more than one account, the demo's data, or another layout.

use std::fs;
use std::path::Path;

use crate::outputs::company;
use crate::support::{Run, lake};

const LAKE: &str = "parquet:lake";

fn set_account(run: &Run, id: &str) {
    run.server.change(|account| account.account_id = id.to_owned());
}

fn refused(run: &Run, arguments: &[&str]) -> serde_json::Value {
    let arguments = [&["extract", "--output", LAKE, "--error-format", "json"], arguments].concat();
    run.run(&arguments).failed(8, "output_failed")
}

/// Every file of a lake with its contents.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut contents = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let name = entry.path().display().to_string();
                contents.push((name, fs::read(entry.path()).unwrap()));
            }
        }
    }
    contents.sort();
    contents
}

#[test]
fn accounts_stand_side_by_side_each_with_its_own_pointer() {
    let run = company();
    set_account(&run, "first");
    run.extract(&["--output", LAKE]);
    let (lake, first) = (run.path("lake"), "account_id=first");
    let of_first = lake::pointer(&lake, first);
    let files_of_first = |run: &Run| {
        let files = contents(&run.path("lake")).into_iter();
        files.filter(|(name, _)| name.contains(first)).collect::<Vec<_>>()
    };
    let before = files_of_first(&run);
    set_account(&run, "second/../x");
    for _ in 0..2 {
        run.extract(&["--output", LAKE, "--keep-extractions", "1"]);
    }
    let second = "account_id=second%2F..%2Fx";
    assert_eq!(lake::complete(&lake, first).len(), 1);
    assert_eq!(lake::complete(&lake, second).len(), 1);
    assert_eq!(lake::pointer(&lake, first), of_first, "no run moves another account's pointer");
    assert!(files_of_first(&run) == before, "no run changes another account's files");
    let id = lake::pointer(&lake, second)["extraction_id"].as_str().unwrap().to_owned();
    assert!(lake.join(format!("flags/{second}/extraction_id={id}/part-0.parquet")).is_file());
}

#[test]
fn latest_extraction_has_one_row_for_each_account() {
    let run = company();
    for _ in 0..2 {
        run.extract(&["--output", LAKE]);
    }
    let lake = run.path("lake");
    let file = lake.join("latest_extraction").join(lake::account(&lake)).join("part-0.parquet");
    let rows = lake::rows(&file);
    assert_eq!(rows.len(), 1);
    assert!(rows[0].starts_with(&format!("{:?} | ", lake::newest(&lake))), "{}", rows[0]);
}

#[test]
fn an_account_whose_id_is_unknown_is_named_by_address_and_token() {
    let run = company();
    set_account(&run, "");
    for _ in 0..2 {
        run.extract(&["--output", LAKE]);
    }
    let name = lake::account(&run.path("lake"));
    let digits = name.strip_prefix("account_id=unknown-").unwrap();
    assert!(digits.len() == 16 && digits.bytes().all(|one| one.is_ascii_hexdigit()), "{name}");
    assert_eq!(lake::complete(&run.path("lake"), &name).len(), 2, "every run uses the same name");
}

#[test]
fn files_have_no_column_that_their_folders_name() {
    let run = company();
    run.extract(&["--output", LAKE, "--resources", "all"]);
    let files = contents(&run.path("lake")).into_iter().map(|(name, _)| name);
    let mut seen = 0;
    for name in files.filter(|name| name.ends_with(".parquet")) {
        let columns = lake::columns(Path::new(&name));
        seen += columns.len();
        assert!(!columns.contains(&"account_id".to_owned()), "{name}");
        let is_newest = name.contains("/latest_extraction/");
        assert_eq!(columns.contains(&"extraction_id".to_owned()), is_newest, "{name}");
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn the_demos_data_and_a_real_accounts_do_not_mix() {
    let run = company();
    set_account(&run, "real");
    run.extract(&["--output", LAKE]);
    let before = contents(&run.path("lake"));
    let error = refused(&run, &["--demo"]);
    assert!(error["message"].as_str().unwrap().contains("real account"), "{error}");
    assert!(contents(&run.path("lake")) == before);
    fs::remove_dir_all(run.path("lake")).unwrap();
    for _ in 0..2 {
        run.extract(&["--output", LAKE, "--demo"]);
    }
    let before = contents(&run.path("lake"));
    let error = refused(&run, &[]);
    assert!(error["message"].as_str().unwrap().contains("demo"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("another folder"), "{error}");
    assert!(contents(&run.path("lake")) == before);
}

#[test]
fn a_lake_of_an_earlier_layout_is_refused_before_requests() {
    let id = "20261120T020000Z";
    for (name, body) in [
        ("_latest.json".to_owned(), format!("{{\"extraction_id\": \"{id}\"}}")),
        (format!("_extractions/{id}.json"), "{}".to_owned()),
        (format!("_extractions/{id}.claim"), String::new()),
    ] {
        let run = company();
        let path = run.path("lake").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, body).unwrap();
        let before = contents(&run.path("lake"));
        let error = refused(&run, &[]);
        assert!(error["message"].as_str().unwrap().contains("layout"), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("new folder"), "{error}");
        assert!(contents(&run.path("lake")) == before);
        assert!(run.server.requests().is_empty(), "the output is checked first");
    }
}

#[test]
fn a_run_that_cannot_publish_leaves_no_files_behind() {
    let run = company();
    run.extract(&["--output", LAKE]);
    let lake = run.path("lake");
    let before = contents(&lake);
    // A file has the name of one of the folders that are written last.
    let folder = lake.join("webhooks");
    fs::write(&folder, "mine").unwrap();
    refused(&run, &["--resources", "core,webhooks", "--no-resume"]);
    fs::remove_file(&folder).unwrap();
    let left = contents(&lake).into_iter().filter(|(name, _)| !name.contains(".flaglake."));
    assert!(left.collect::<Vec<_>>() == before);
}
