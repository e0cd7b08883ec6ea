//! Parquet in a bucket, against an emulator of S3 (`pip install 'moto[server]'`).
#![cfg(feature = "cloud")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::cloud::{CREDENTIALS, Cloud};
use crate::support::lake;
use crate::support::lake::json;
use crate::support::{Ended, Run, ended};
use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};
use serde_json::Value;

const OUTPUT: &str = "parquet:s3://lake/nightly/flags";

fn extract(cloud: &Cloud, run: &Run, output: &str, arguments: &[&str]) -> Ended {
    let mut command = run.command(&["extract", "--output", output]);
    command.args(arguments);
    cloud.lend(run, &mut command);
    ended(command.output().unwrap())
}

/// The objects under the prefix.
fn download(cloud: &Cloud, folder: &Path) -> PathBuf {
    cloud.download(folder);
    folder.join("nightly/flags")
}

fn generated_run() -> Run {
    Run::new(generated::account(Size::default()), Behaviour::default())
}

/// The manifest that the pointer of the only account names.
fn latest(lake: &Path) -> Value {
    let latest = lake::pointer(lake, &lake::account(lake));
    let manifest = json(&lake.join(latest["manifest"].as_str().unwrap()));
    assert_eq!(manifest["extraction_id"], latest["extraction_id"]);
    manifest
}

/// Each table of a manifest: name, rows, and the bytes of its files, whose sizes must match it.
fn tables(lake: &Path) -> Vec<(String, Value, Vec<u8>)> {
    let manifest = latest(lake);
    let table = |table: &Value| {
        let files = table["files"].as_array().unwrap().iter();
        let bytes: Vec<u8> =
            files.flat_map(|file| fs::read(lake.join(file.as_str().unwrap())).unwrap()).collect();
        assert_eq!(table["bytes"], bytes.len(), "{table}");
        (table["name"].as_str().unwrap().to_owned(), table["rows"].clone(), bytes)
    };
    manifest["tables"].as_array().unwrap().iter().map(table).collect()
}

fn assert_no_credentials(run: &Ended) {
    for (name, secret) in CREDENTIALS {
        assert!(!run.stdout.contains(secret), "{name} is in the output");
        assert!(!run.stderr.contains(secret), "{name} is in the log");
    }
}

#[test]
fn a_bucket_holds_the_same_tables_as_a_folder() {
    let Some(cloud) = Cloud::start() else { return };
    let run = generated_run();
    assert_no_credentials(&extract(&cloud, &run, OUTPUT, &[]).succeeded());
    run.extract(&["--output", "parquet:local"]);
    let bucket = tables(&download(&cloud, &run.path("bucket")));
    let folder = tables(&run.path("local"));
    assert_eq!(bucket.len(), folder.len());
    assert!(bucket.iter().any(|(name, rows, _)| name == "flags" && *rows == 320), "flags");
    for (one, other) in bucket.iter().zip(&folder) {
        assert_eq!((&one.0, &one.1), (&other.0, &other.1), "name and rows");
        // Tables about the run contain its time, and so does `status_since`.
        let has_time = lake::tells_time(&one.0) || one.0 == "flag_statuses";
        assert!(one.2 == other.2 || has_time, "{}", one.0);
    }
}

#[test]
fn a_second_run_adds_an_extraction_and_the_latest_follows() {
    let Some(cloud) = Cloud::start() else { return };
    let run = generated_run();
    let id = |folder: &str| {
        extract(&cloud, &run, OUTPUT, &[]).succeeded();
        let lake = download(&cloud, &run.path(folder));
        latest(&lake)["extraction_id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (id("first"), id("second"));
    assert!(first < second, "{first} {second}");
    let lake = run.path("second/nightly/flags");
    let statuses =
        [&first, &second].map(|id| fs::read(lake::part(&lake, "flag_statuses", id)).unwrap());
    assert!(statuses[0] == statuses[1], "`status_since` is kept from the first run");
    for id in [first, second] {
        let manifest = json(&lake::manifest(&lake, &id));
        for table in manifest["tables"].as_array().unwrap() {
            assert!(lake::part(&lake, table["name"].as_str().unwrap(), &id).is_file());
        }
    }
}

#[test]
fn older_extractions_are_removed_from_a_bucket_whole() {
    let Some(cloud) = Cloud::start() else { return };
    let run = generated_run();
    extract(&cloud, &run, OUTPUT, &[]).succeeded();
    extract(&cloud, &run, OUTPUT, &["--keep-extractions", "1"]).succeeded();
    let lake = download(&cloud, &run.path("bucket"));
    let id = latest(&lake)["extraction_id"].as_str().unwrap().to_owned();
    let manifests = fs::read_dir(lake.join("_extractions").join(lake::account(&lake))).unwrap();
    let names = manifests.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), [format!("{id}.json")]);
    let others = lake::files(&lake).into_keys().filter(|(_, one)| !one.ends_with(&id));
    assert_eq!(others.collect::<Vec<_>>(), []);
}

#[test]
fn a_report_is_made_from_a_bucket() {
    let Some(cloud) = Cloud::start() else { return };
    let run = generated_run();
    extract(&cloud, &run, OUTPUT, &["--keep-extractions", "2"]).succeeded();
    extract(&cloud, &run, OUTPUT, &["--keep-extractions", "2"]).succeeded();
    let lake = download(&cloud, &run.path("bucket"));
    let report = |input: &str| {
        let mut command = run.command(&["report", "--format", "json", "--input", input]);
        cloud.lend(&run, &mut command);
        ended(command.output().unwrap())
    };
    let from_bucket = report(OUTPUT).succeeded().stdout;
    assert_eq!(from_bucket, report(&format!("parquet:{}", lake.display())).succeeded().stdout);
    assert!(from_bucket.contains("live_flags"));
    let missing = report("parquet:s3://lake/elsewhere");
    assert_eq!(missing.status, 8, "{}", missing.stderr);
    assert_no_credentials(&missing);
}

#[test]
fn credentials_are_never_written_even_at_trace_level() {
    let Some(cloud) = Cloud::start() else { return };
    let run = generated_run();
    let traced = extract(&cloud, &run, OUTPUT, &["-vv"]).succeeded();
    assert!(traced.stderr.contains("TRACE"), "the log is not at trace level");
    assert_no_credentials(&traced);
    let missing = ["-vv", "--error-format", "json"];
    let refused = extract(&cloud, &run, "parquet:s3://no-such-bucket/lake", &missing);
    refused.failed(8, "output_failed");
    assert_no_credentials(&refused);
}
