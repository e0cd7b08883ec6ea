//! Reports on outputs other than SQLite, through the binary.

mod accounts;
mod accounts_page;
mod damage;
mod equal;
mod older;
mod postgres;
mod trend;
mod verdicts;

use fake_launchdarkly::{Behaviour, company};
use serde_json::Value;

use crate::support::{Ended, Run, ended};

const LAKE: &str = "parquet:lake";

fn company() -> Run {
    Run::new(company::account(jiff::Timestamp::now().as_millisecond()), Behaviour::default())
}

/// Extracts to the lake.
fn extract(run: &Run, arguments: &[&str]) {
    run.extract(&[&["--output", LAKE], arguments].concat());
}

/// Reports on an input; without a page, to standard output.
fn report(run: &Run, input: &str, arguments: &[&str]) -> Ended {
    let mut command = run.command(&["report", "--error-format", "json", "--input", input]);
    ended(command.args(arguments).output().unwrap())
}

fn json(run: &Run, input: &str, arguments: &[&str]) -> Value {
    let ended = report(run, input, &[&["--format", "json"], arguments].concat()).succeeded();
    assert_eq!(ended.stderr, "", "no warning");
    serde_json::from_str(&ended.stdout).unwrap()
}

/// The message and the hint of a report that fails.
#[track_caller]
fn refusal(run: &Run, arguments: &[&str], status: i32, code: &str) -> String {
    let error =
        report(run, LAKE, &[&["--format", "json"], arguments].concat()).failed(status, code);
    format!("{} ({})", error["message"].as_str().unwrap(), error["hint"])
}

/// The figure with this ID.
fn figure<'v>(report: &'v Value, id: &str) -> &'v Value {
    let figures = report["headline"].as_array().unwrap();
    figures.iter().find(|figure| figure["id"] == id).unwrap()
}
