//! Google Cloud Storage and Azure, against small servers of their interfaces.
#![cfg(feature = "cloud")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::delta::log;
use crate::delta::tables::account;
use crate::support::{Ended, Run, ended, lake, python};

/// A server with one bucket, whose objects are files of a folder.
struct Bucket {
    kind: &'static str,
    process: Child,
    /// The server ends when this pipe is closed, even if the test is killed.
    lifeline: Option<ChildStdin>,
    address: String,
    folder: PathBuf,
}

impl Bucket {
    /// `None` where Python is not installed. `honours` says whether it looks at conditions of
    /// writes.
    fn start(kind: &'static str, run: &Run, honours: &str) -> Option<Self> {
        if !python::has(&["http.server"]) {
            return None;
        }
        let folder = run.path(&format!("{kind}-{honours}"));
        let mut script = python::script(include_str!("../python/serve_bucket.py"));
        script.args([kind, "lake"]).arg(&folder).arg(honours);
        let mut process = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let (lifeline, address) = (process.stdin.take(), address.trim().to_owned());
        Some(Bucket { kind, process, lifeline, address, folder })
    }

    /// An extraction to the prefix `nightly`.
    fn command(&self, run: &Run, output: &str, more: &[&str]) -> Command {
        let output = format!("{output}:{}://lake/nightly", self.kind);
        let mut command = run.command(&["extract", "--error-format", "json", "--output", &output]);
        command.args(more).env("FLAGLAKE_RESOURCES", "projects,environments,teams");
        command.env("TMPDIR", run.folder.path());
        command.env("GOOGLE_SERVICE_ACCOUNT", self.service_account(run));
        command.env("AZURITE_BLOB_STORAGE_URL", &self.address);
        command.env("AZURE_STORAGE_USE_EMULATOR", "true");
        command
    }

    /// A file with an account of Google that needs no token.
    fn service_account(&self, run: &Run) -> PathBuf {
        let file = run.path("service-account.json");
        let account = serde_json::json!({
            "client_email": "email", "private_key": "key", "private_key_id": "id",
            "disable_oauth": true, "gcs_base_url": self.address,
        });
        std::fs::write(&file, account.to_string()).unwrap();
        file
    }

    fn extract(&self, run: &Run, output: &str, more: &[&str]) -> Ended {
        ended(self.command(run, output, more).output().unwrap())
    }

    fn lake(&self) -> PathBuf {
        self.folder.join("nightly")
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.process.wait();
    }
}

/// Two hosts that publish at once: of the commits to a table, one comes second, and is repeated.
#[track_caller]
fn takes_two_hosts_at_once(kind: &'static str) {
    let hosts = ["one", "two"].map(|id| {
        let run = account();
        run.server.change(|account| account.account_id = id.into());
        run
    });
    let Some(bucket) = Bucket::start(kind, &hosts[0], "yes") else { return };
    let start = |run: &Run| {
        let mut command = bucket.command(run, "delta", &[]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for run in hosts.each_ref().map(start) {
        ended(run.wait_with_output().unwrap()).succeeded();
    }
    let objects = log::objects(&bucket.lake());
    log::assert_readable(&objects);
    let tables = log::tables(&objects);
    assert!(tables.len() > 10, "{}", tables.len());
    for (name, table) in tables {
        let accounts: Vec<_> = table.newest().iter().map(|live| live.account.as_str()).collect();
        assert_eq!(accounts, ["one", "two"], "{name}");
        assert_eq!(table.versions.len(), 2, "{name}");
    }
}

/// A second run replaces and removes objects, and reads what the first one wrote.
#[track_caller]
fn keeps_one_extraction(kind: &'static str) {
    let run = account();
    let Some(bucket) = Bucket::start(kind, &run, "yes") else { return };
    let keep = ["--keep-extractions", "1"];
    bucket.extract(&run, "parquet", &keep).succeeded();
    let first = lake::newest(&bucket.lake());
    bucket.extract(&run, "parquet", &keep).succeeded();
    let second = lake::newest(&bucket.lake());
    assert!(first < second, "{first} {second}");
    let left = lake::complete(&bucket.lake(), &lake::account(&bucket.lake()));
    assert_eq!(left.into_iter().collect::<Vec<_>>(), [second.as_str()]);
    let objects = log::objects(&bucket.lake());
    assert!(objects.keys().all(|name| !name.contains(&first)), "{:?}", objects.keys());
    run.extract(&["--output", "parquet:local", "--resources", "projects,environments,teams"]);
    let tables = lake::tables(&run.path("local"));
    assert_eq!(lake::tables(&bucket.lake()), tables);
    assert!(tables.len() > 2, "{:?}", tables.keys());
}

/// A store that ignores conditions of writes would let two runs overwrite each other's commits.
#[track_caller]
fn is_refused_without_conditions(kind: &'static str) {
    let run = account();
    let Some(bucket) = Bucket::start(kind, &run, "no") else { return };
    let error = bucket.extract(&run, "delta", &[]).failed(8, "output_failed");
    assert!(error["message"].as_str().unwrap().contains("no conditional writes"), "{error}");
}

#[test]
fn google_cloud_storage_takes_two_hosts_at_once() {
    takes_two_hosts_at_once("gs");
}

#[test]
fn google_cloud_storage_keeps_one_extraction() {
    keeps_one_extraction("gs");
}

#[test]
fn google_cloud_storage_needs_conditional_writes_for_delta() {
    is_refused_without_conditions("gs");
}

#[test]
fn azure_takes_two_hosts_at_once() {
    takes_two_hosts_at_once("az");
}

#[test]
fn azure_keeps_one_extraction() {
    keeps_one_extraction("az");
}

#[test]
fn azure_needs_conditional_writes_for_delta() {
    is_refused_without_conditions("az");
}
