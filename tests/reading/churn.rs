//! Flags are archived, restored, created and deleted between two requests of a run. Objects that
//! existed throughout are published, and published rows are consistent.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Run, rows};
use fake_launchdarkly::account::{Account, Flag, State};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Behaviour, Churn, Family};
use rusqlite::Connection;
use rusqlite::types::Value;

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

/// Flags by the fields that never change.
fn flags(account: &Account) -> BTreeSet<(String, String, i64)> {
    let of_project = |project: &fake_launchdarkly::account::Project| {
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
    let keys = |project: &fake_launchdarkly::account::Project| {
        let keys = project.environments.iter().map(|one| (project.key.clone(), one.key.clone()));
        keys.collect::<Vec<_>>()
    };
    account.projects.iter().flat_map(keys).collect()
}

/// Queries for inconsistent rows; each must return none.
const WRONG: [&str; 4] = [
    "PRAGMA foreign_key_check",
    // A flag in use has a configuration in every environment, an archived one in none.
    "SELECT project_key, flag_key, environment_key FROM flags JOIN environments USING (project_key)
     LEFT JOIN flag_environments USING (project_key, flag_key, environment_key)
     WHERE (state <> 'archived') <> (is_on IS NOT NULL)",
    // The same holds for its statuses: each flag of these accounts has one everywhere.
    "SELECT project_key, flag_key, environment_key FROM flags JOIN environments USING (project_key)
     LEFT JOIN flag_statuses USING (project_key, flag_key, environment_key)
     WHERE (state <> 'archived') <> (status IS NOT NULL)",
    "SELECT resource, scope FROM extraction_resources WHERE passes = 0 AND outcome = 'complete'",
];

/// Every state that a flag was in during a run, by project and key.
type States = BTreeMap<(String, String), Vec<Flag>>;

fn states(first: &Account, changes: Vec<(String, Flag)>) -> States {
    let flags = first
        .projects
        .iter()
        .flat_map(|project| project.flags.iter().map(|flag| (project.key.clone(), flag.clone())));
    let mut states = States::new();
    for (project, flag) in flags.chain(changes) {
        states.entry((project, flag.key.clone())).or_default().push(flag);
    }
    states
}

/// A query for rows of flags, and whether a state of the flag explains a row of it.
type Look = (String, fn(&Flag, &[Value]) -> bool);

/// A column of time as milliseconds since 1970.
fn milliseconds(column: &str) -> String {
    format!(
        "CAST(strftime('%s', {column}) AS INTEGER) * 1000 + CAST(substr({column}, 21, 3) AS INTEGER)"
    )
}

fn looks() -> [Look; 3] {
    let (created, requested) = (milliseconds("created_at"), milliseconds("last_requested_at"));
    let flags = format!("SELECT project_key, flag_key, {created}, version, name, state FROM flags");
    let configurations = format!(
        "SELECT project_key, flag_key, {created}, environment_key, own.version, is_on
         FROM flag_environments AS own JOIN flags USING (project_key, flag_key)"
    );
    let statuses = format!(
        "SELECT project_key, flag_key, {created}, environment_key, status, {requested}
         FROM flag_statuses JOIN flags USING (project_key, flag_key)"
    );
    [(flags, explains_flag), (configurations, explains_configuration), (statuses, explains_status)]
}

fn explains_flag(flag: &Flag, row: &[Value]) -> bool {
    let state = match flag.state() {
        State::Live => "live",
        State::Deprecated => "deprecated",
        State::Archived => "archived",
    };
    row == [flag.version.into(), flag.name.clone().into(), state.to_owned().into()]
}

fn explains_configuration(flag: &Flag, row: &[Value]) -> bool {
    let config = flag.environment(&text(&row[0])).config.clone();
    row[1..] == [config.version.into(), i64::from(config.on).into()]
}

fn explains_status(flag: &Flag, row: &[Value]) -> bool {
    let status = flag.environment(&text(&row[0])).status.clone().unwrap();
    row[1..] == [status.name.into(), status.last_requested_ms.into()]
}

fn text(cell: &Value) -> String {
    match cell {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    }
}

/// Published rows that no state of their flag explains. All rows of a flag must be of one flag: of
/// one that was deleted, and of another that was created under its key, the time of creation
/// differs.
fn unexplained(database: &Connection, states: &States) -> Vec<Vec<Value>> {
    let mut wrong = Vec::new();
    for (sql, explains) in looks() {
        let mut statement = database.prepare(&sql).unwrap();
        let cells = statement.query_map([], |row| (0..6).map(|cell| row.get(cell)).collect());
        for row in cells.unwrap().map(Result::<Vec<Value>, _>::unwrap) {
            let known = states.get(&(text(&row[0]), text(&row[1]))).map_or(&[][..], Vec::as_slice);
            let mut own = known.iter().filter(|flag| Value::from(flag.created_ms) == row[2]);
            if !own.any(|flag| explains(flag, &row[3..])) {
                wrong.push(row);
            }
        }
    }
    wrong
}

#[track_caller]
fn check(run: &Run, place: &str) {
    let first = run.server.read(Account::clone);
    let before = (flags(&first), environments(&first), tags(&first));
    let ended = run.run(&["extract"]);
    let journal = || run.server.churn_journal();
    assert_eq!(ended.status, 0, "{place}: {}\n{:#?}", ended.stderr, journal());
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
    let mixed = unexplained(&database, &states(&first, run.server.flag_states()));
    assert!(mixed.is_empty(), "{place}: {mixed:#?}\n{:#?}", run.server.churn_journal());
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
    // The variable can reduce the number of cases.
    let count = std::env::var("CHURN_SEEDS").ok().and_then(|count| count.parse().ok());
    let last = 1000 + count.unwrap_or(150);
    seeds(1000..last, LOW);
    seeds(1000..last, HIGH);
}
