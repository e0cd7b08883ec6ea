//! Versions of rows over several runs, while the account changes.

mod baseline;
mod clocks;
mod code;
mod databases;
mod migration;
mod proofs;
mod shrinking;
mod statuses;
mod unread;
mod versions;

use crate::support::{Run, rows};
use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::{Account, Flag, Project};
use fake_launchdarkly::generated::{self, Size};
use flaglake::catalog::history;
use flaglake::model::history::History;

const PROJECT: &str = "project-000";

fn account() -> Run {
    let size = Size {
        projects: 2,
        environments: 2,
        flags: 6,
        archived: 2,
        deprecated: 1,
        ..Size::default()
    };
    let size = Size { teams: 2, members: 6, maintainers: 2, tags: 4, ..size };
    Run::new(generated::account(size), Behaviour::default())
}

/// Changes the account.
fn change(run: &Run, change: impl FnOnce(&mut Account)) {
    run.server.change(change);
}

fn project(account: &mut Account) -> &mut Project {
    account.project_mut(PROJECT).unwrap()
}

/// The key of the first flag of the first project, which is live.
fn flag(account: &mut Account) -> &mut Flag {
    &mut project(account).flags[0]
}

fn flag_key(run: &Run) -> String {
    run.server.read(|account| account.projects[0].flags[0].key.clone())
}

/// When each run started, oldest first.
fn starts(run: &Run) -> Vec<String> {
    rows(&run.database(), "SELECT started_at FROM extractions ORDER BY started_at")
}

/// The number of versions in each table, and how many of them are current.
fn counts(run: &Run) -> Vec<(&'static str, i64, i64)> {
    let count = |History { versions, .. }: &History| {
        let sql = |what| format!("SELECT count({what}) FROM {}", versions.name);
        let all: i64 = run.value(&sql("*"));
        (versions.name, all, all - run.value::<i64>(&sql("valid_to")))
    };
    history::all().iter().map(count).collect()
}

/// The number of versions that were opened and closed since `before`, by table.
fn difference(run: &Run, before: &[(&str, i64, i64)]) -> Vec<String> {
    let now = counts(run);
    let changes = now.iter().zip(before).filter(|(now, before)| now != before);
    let text = changes.map(|((name, all, held), (_, before_all, before_held))| {
        format!("{name} {:+} {:+}", all - before_all, held - before_held)
    });
    text.collect()
}

/// Checks that current versions equal the rows of the tables.
#[track_caller]
fn agrees(run: &Run) {
    let database = run.database();
    for History { of, versions } in history::all() {
        let stable = of.columns.iter().filter(|column| !column.volatile).map(|column| column.name);
        let (stable, key) = (stable.collect::<Vec<_>>().join(", "), of.key.join(", "));
        let table = format!("SELECT {stable} FROM {} ORDER BY {key}", of.name);
        let held =
            format!("SELECT {stable} FROM {} WHERE valid_to IS NULL ORDER BY {key}", versions.name);
        assert_eq!(rows(&database, &table), rows(&database, &held), "{}", of.name);
        let overlap = format!(
            "SELECT * FROM (SELECT valid_from, valid_to, lead(valid_from) OVER (PARTITION BY {key}
             ORDER BY valid_from) AS next FROM {}) WHERE next < coalesce(valid_to, '9999')",
            versions.name
        );
        assert!(rows(&database, &overlap).is_empty(), "{}", versions.name);
    }
}
