//! Outputs that cannot be written. The error names the path and a remedy, and the previous data
//! stays.

mod access;
mod full;
mod locks;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::company;
use serde_json::Value;

use crate::support::Run;

const NOW: i64 = 1_790_000_000_000;

fn company() -> Run {
    Run::new(company::account(NOW), Behaviour::default())
}

#[track_caller]
fn fails(run: &Run, arguments: &[&str]) -> Value {
    let fixed = ["extract", "--error-format", "json"];
    let all: Vec<_> = fixed.iter().chain(arguments).copied().collect();
    run.run(&all).failed(8, "output_failed")
}

fn text<'v>(error: &'v Value, field: &str) -> &'v str {
    error[field].as_str().unwrap_or_default()
}
