//! People work while a run reads: what existed all through is there, and what is published fits
//! together, whatever they archive, restore, create and delete between two requests.

mod support;

use std::collections::BTreeSet;

use flaglake::demo::account::Account;
use flaglake::demo::generated::{self, Size};
use flaglake::demo::{Behaviour, Churn, Family};
use support::{Run, rows};

const LOW: f64 = 0.1;
const HIGH: f64 = 2.0;

/// Small pages make many requests, between which much can happen.
fn run(churn: Churn) -> Run {
    let size = Size {
        projects: 3,
        environments: 5,
        flags: 110,
        archived: 30,
        deprecated: 4,
        ..Size::default()
    };
    let maximum = [(Family::Flags, 20), (Family::Tags, 20), (Family::Projects, 2)].into();
    let behaviour = Behaviour {
        churn: Some(churn),
        maximum,
        nested_environments: 2,
        nested_maintainers: 1,
        ..Behaviour::default()
    };
    Run::new(generated::account(size), behaviour)
}

/// Flags by what stays the same all through their life.
fn flags(account: &Account) -> BTreeSet<(String, String, i64)> {
    let of_project = |project: &flaglake::demo::account::Project| {
        let flags = project.flags.iter();
        let key = project.key.clone();
        flags.map(move |flag| (key.clone(), flag.key.clone(), flag.created_ms)).collect::<Vec<_>>()
    };
    account.projects.iter().flat_map(of_project).collect()
}

fn tags(account: &Account) -> BTreeSet<String> {
    account.tags.iter().cloned().collect()
}

fn environments(account: &Account) -> BTreeSet<(String, String)> {
    let keys = |project: &flaglake::demo::account::Project| {
        let keys = project.environments.iter().map(|one| (project.key.clone(), one.key.clone()));
        keys.collect::<Vec<_>>()
    };
    account.projects.iter().flat_map(keys).collect()
}

/// What is wrong with any published row; each gives none.
const WRONG: [&str; 3] = [
    "PRAGMA foreign_key_check",
    // A flag in use has a configuration in every environment, an archived one in none.
    "SELECT project_key, flag_key, environment_key FROM flags JOIN environments USING (project_key)
     LEFT JOIN flag_environments USING (project_key, flag_key, environment_key)
     WHERE (state <> 'archived') <> (is_on IS NOT NULL)",
    "SELECT resource, scope FROM extraction_resources WHERE passes = 0 AND outcome = 'complete'",
];

#[track_caller]
fn check(run: &Run, place: &str) {
    let before = run.server.read(|account| (flags(account), environments(account), tags(account)));
    run.extract(&[]);
    let after = run.server.read(|account| (flags(account), environments(account), tags(account)));
    let database = run.database();
    let found: BTreeSet<_> =
        rows(&database, "SELECT project_key, flag_key FROM flags").into_iter().collect();
    let lost: Vec<_> = before
        .0
        .intersection(&after.0)
        .filter(|(project, flag, _)| !found.contains(&format!("{project:?} | {flag:?}")))
        .collect();
    assert!(lost.is_empty(), "{place}: {lost:?} of\n{:#?}", run.server.churn_journal());
    let found: BTreeSet<_> =
        rows(&database, "SELECT project_key, environment_key FROM environments")
            .into_iter()
            .collect();
    for (project, environment) in before.1.intersection(&after.1) {
        assert!(
            found.contains(&format!("{project:?} | {environment:?}")),
            "{place}: {environment}"
        );
    }
    let found: BTreeSet<_> = rows(&database, "SELECT tag FROM tags").into_iter().collect();
    for tag in before.2.intersection(&after.2) {
        assert!(found.contains(&format!("{tag:?}")), "{place}: {tag}");
    }
    for sql in WRONG {
        let wrong = rows(&database, sql);
        assert!(wrong.is_empty(), "{place}: {sql}: {wrong:?}\n{:#?}", run.server.churn_journal());
    }
}

fn seeds(seeds: std::ops::Range<u64>, rate: f64) {
    for seed in seeds {
        check(&run(Churn::everything(seed, rate)), &format!("seed {seed}, rate {rate}"));
    }
}

#[test]
fn nothing_that_existed_all_through_is_missing_while_few_people_work() {
    seeds(0..5, LOW);
}

#[test]
fn nothing_that_existed_all_through_is_missing_while_many_people_work() {
    seeds(0..3, HIGH);
}

#[test]
#[ignore = "long: 300 runs"]
fn nothing_that_existed_all_through_is_missing_in_three_hundred_runs() {
    seeds(1000..1150, LOW);
    seeds(1000..1150, HIGH);
}
