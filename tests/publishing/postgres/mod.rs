//! Publishing to a PostgreSQL server.

mod access;
mod equal;
mod full;
mod guards;
mod log;
mod readers;
mod secrets;
mod users;

use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Behaviour, company};

use crate::support::postgres::{Database, server};
use crate::support::{Ended, Run};

/// A moment at which the demo account is as it is in the tests.
const NOW_MS: i64 = generated::NOW_MS;

/// An account and a database; `None` where there is no server.
fn demo() -> Option<(Run, Database)> {
    let database = server()?.database();
    Some((Run::new(company::account(NOW_MS), Behaviour::default()), database))
}

/// The same with a small account.
fn small() -> Option<(Run, Database)> {
    let database = server()?.database();
    let size = Size { projects: 2, environments: 2, flags: 8, ..Size::default() };
    Some((Run::new(generated::account(size), Behaviour::default()), database))
}

/// Extracts everything.
fn extract(run: &Run, output: &str, more: &[&str]) -> Ended {
    let first = ["extract", "--resources", "all", "--error-format", "json", "--output", output];
    let arguments: Vec<_> = first.into_iter().chain(more.iter().copied()).collect();
    // Its temporary files are in the folder, so that a test can look at them.
    let mut command = run.command(&arguments);
    crate::support::ended(command.env("TMPDIR", run.folder.path()).output().unwrap())
}
