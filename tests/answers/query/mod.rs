//! `flaglake query`, through the binary.

mod forms;
mod outputs;
mod postgres;
mod refused;
mod terminal;

use fake_launchdarkly::{Behaviour, company};

use crate::support::{Ended, Run, ended};

fn company() -> Run {
    Run::new(company::account(jiff::Timestamp::now().as_millisecond()), Behaviour::default())
}

/// The demo account in `launchdarkly.db`.
fn extracted() -> Run {
    let run = company();
    run.extract(&[]);
    run
}

fn query(run: &Run, arguments: &[&str]) -> Ended {
    let mut command = run.command(&["query", "--error-format", "json"]);
    ended(command.args(arguments).output().unwrap())
}

/// The rows as CSV, without the header.
#[track_caller]
fn rows(run: &Run, arguments: &[&str]) -> Vec<String> {
    let ended = query(run, &[&["--format", "csv"], arguments].concat()).succeeded();
    ended.stdout.lines().skip(1).map(str::to_owned).collect()
}
