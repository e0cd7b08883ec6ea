//! The account changes between two requests of a run. Objects that existed throughout are
//! published, and published rows are consistent.

mod deletions;
mod flags;
mod matching;
mod pages;

use crate::support::{Run, rows};
use fake_launchdarkly::account::Account;
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Family, Scripted};

fn size() -> Size {
    let size = Size { projects: 1, environments: 5, flags: 130, archived: 20, ..Size::default() };
    Size { deprecated: 3, tags: 40, teams: 3, ..size }
}

/// A run in which `change` takes place right before the answer to the `number`th request to
/// `path`.
fn changed(
    size: Size,
    path: &str,
    number: usize,
    change: impl Fn(&mut Account) + Send + Sync + 'static,
) -> Run {
    let mut script = vec![];
    if number > 1 {
        // The requests before it are answered as they are, by the same means.
        script.push(Scripted::once(path, Answer::change(|_| ())).times(number - 1));
    }
    script.push(Scripted::once(path, Answer::change(change)));
    let maximum = [(Family::Tags, 10), (Family::Projects, 2)].into();
    let run =
        Run::new(generated::account(size), Behaviour { script, maximum, ..Behaviour::default() });
    run.extract(&[]);
    assert!(rows(&run.database(), "PRAGMA foreign_key_check").is_empty());
    run
}

/// The account's flags as it is now.
fn flags(run: &Run) -> Vec<String> {
    let mut flags = run.server.read(|account| {
        let flags = account.projects.iter().flat_map(|project| &project.flags);
        flags.map(|flag| format!("{:?}", flag.key)).collect::<Vec<_>>()
    });
    flags.sort();
    flags
}

const FLAGS: &str = "SELECT flag_key FROM flags ORDER BY flag_key";

const STRAYS: &str =
    "SELECT flag_key FROM flag_environments JOIN flags USING (project_key, flag_key)
                      WHERE state = 'archived'";

/// The row of `extraction_resources` for a resource in a scope.
fn detail(run: &Run, resource: &str, scope: &str) -> String {
    let sql = format!(
        "SELECT coalesce(group_concat(detail), '') FROM extraction_resources
         WHERE resource = '{resource}' AND scope = '{scope}'"
    );
    run.value(&sql)
}
