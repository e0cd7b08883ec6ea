//! Parquet in a bucket, against an emulator of S3 (`pip install 'moto[server]'`).
#![cfg(feature = "cloud")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};

use crate::support::lake;
use crate::support::lake::json;
use crate::support::{Ended, Run, ended};
use fake_launchdarkly::Behaviour;
use fake_launchdarkly::generated::{self, Size};
use serde_json::Value;

const BUCKET: &str = "lake";
const OUTPUT: &str = "parquet:s3://lake/nightly/flags";
const CREDENTIALS: [(&str, &str); 3] = [
    ("AWS_ACCESS_KEY_ID", "AKIAFAKEFORTESTS0001"),
    ("AWS_SECRET_ACCESS_KEY", "fake/secret+of+the+tests+0123456789abcdef"),
    ("AWS_SESSION_TOKEN", "fake-session-token-of-the-tests"),
];

/// A running emulator with an empty bucket.
struct Cloud {
    process: Child,
    /// The emulator ends when this pipe is closed, even if the test is killed.
    lifeline: Option<ChildStdin>,
    address: String,
}

impl Cloud {
    /// `None` where the emulator is not installed.
    fn start() -> Option<Self> {
        if !crate::support::python::has(&["moto.server", "boto3"]) {
            return None;
        }
        let mut script = crate::support::python::script(include_str!("../python/serve_s3.py"));
        script.arg(BUCKET).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = script.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let lifeline = process.stdin.take();
        Some(Cloud { process, lifeline, address: address.trim().to_owned() })
    }

    fn extract(&self, run: &Run, output: &str, arguments: &[&str]) -> Ended {
        let mut command = run.command(&["extract", "--output", output]);
        command.args(arguments).envs(CREDENTIALS);
        command.env("AWS_ENDPOINT_URL", &self.address).env("AWS_REGION", "us-east-1");
        // The stage and the lock of a bucket are in this folder. Each test needs its own, because
        // all buckets have the same name.
        command.env("TMPDIR", run.folder.path());
        ended(command.output().unwrap())
    }

    /// The objects under the prefix, read by a client other than flaglake's.
    fn download(&self, folder: &Path) -> PathBuf {
        let script = include_str!("../python/download_s3.py");
        crate::support::python::run(
            script,
            [self.address.as_str(), BUCKET, &folder.to_string_lossy()],
        );
        folder.join("nightly/flags")
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.process.wait();
    }
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
    assert_no_credentials(&cloud.extract(&run, OUTPUT, &[]).succeeded());
    run.extract(&["--output", "parquet:local"]);
    let bucket = tables(&cloud.download(&run.path("bucket")));
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
        cloud.extract(&run, OUTPUT, &[]).succeeded();
        let lake = cloud.download(&run.path(folder));
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
    cloud.extract(&run, OUTPUT, &[]).succeeded();
    cloud.extract(&run, OUTPUT, &["--keep-extractions", "1"]).succeeded();
    let lake = cloud.download(&run.path("bucket"));
    let id = latest(&lake)["extraction_id"].as_str().unwrap().to_owned();
    let manifests = fs::read_dir(lake.join("_extractions").join(lake::account(&lake))).unwrap();
    let names = manifests.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), [format!("{id}.json")]);
    let others = lake::files(&lake).into_keys().filter(|(_, one)| !one.ends_with(&id));
    assert_eq!(others.collect::<Vec<_>>(), []);
}

#[test]
fn credentials_are_never_written_even_at_trace_level() {
    let Some(cloud) = Cloud::start() else { return };
    let run = generated_run();
    let traced = cloud.extract(&run, OUTPUT, &["-vv"]).succeeded();
    assert!(traced.stderr.contains("TRACE"), "the log is not at trace level");
    assert_no_credentials(&traced);
    let missing = ["-vv", "--error-format", "json"];
    let refused = cloud.extract(&run, "parquet:s3://no-such-bucket/lake", &missing);
    refused.failed(8, "output_failed");
    assert_no_credentials(&refused);
}
