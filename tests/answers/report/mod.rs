//! `flaglake report` through the binary, and its page in a headless Chromium.

mod charts;
mod errors;
mod files;
mod forms;
mod message;
mod names;
mod page;
mod targets;
mod trend;
mod unknown;
mod work;

use std::fs;
use std::path::Path;

use crate::support::{Ended, binary, ended};
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

/// A folder with the sample as `launchdarkly.db`.
fn place() -> TempDir {
    let folder = TempDir::new().unwrap();
    crate::support::sample::make(&folder.path().join("launchdarkly.db"), 600);
    folder
}

fn report(folder: &TempDir, arguments: &[&str]) -> Ended {
    let mut command = binary(folder.path());
    ended(command.arg("report").args(arguments).output().unwrap())
}

fn page(folder: &TempDir) -> String {
    report(folder, &[]).succeeded();
    fs::read_to_string(folder.path().join("report.html")).unwrap()
}

fn json(folder: &TempDir) -> Value {
    serde_json::from_str(&report(folder, &["--format", "json"]).succeeded().stdout).unwrap()
}

/// Changes the sample.
fn change(folder: &TempDir, sql: &str) {
    let connection = Connection::open(folder.path().join("launchdarkly.db")).unwrap();
    connection.execute_batch(sql).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
