//! A flag is published with all its statuses and configurations, also if it changes between the
//! list of flags and the lists of statuses.

mod deleted;
mod statuses;
mod successors;

use fake_launchdarkly::Answer;
use fake_launchdarkly::Behaviour;
use fake_launchdarkly::Scripted;
use fake_launchdarkly::account::Account;
use fake_launchdarkly::account::Flag;
use fake_launchdarkly::account::{FlagEnvironment, FlagStatus};
use fake_launchdarkly::generated::{self, Size};

use crate::support::Run;
use crate::support::rows;

/// The flag that the tests change.
const KEY: &str = "the-one";

/// When it was created, and its successor.
const CREATED: [i64; 2] = [1_600_000_000_000, 1_700_000_000_000];

/// The flag, with this status everywhere.
fn the_one(created_ms: i64, status: &str) -> Flag {
    ["development", "production", "staging", "test"].iter().fold(
        Flag::new(KEY, created_ms),
        |flag, environment| {
            let state = flag.environment(environment).into_owned();
            let status = Some(FlagStatus::requested(status, created_ms));
            flag.in_environment(environment, FlagEnvironment { status, ..state })
        },
    )
}

fn account(environments: usize) -> Account {
    let size = Size { projects: 1, environments, flags: 12, archived: 4, ..Size::default() };
    let mut account = generated::account(Size { deprecated: 1, teams: 3, ..size });
    let keys: Vec<_> = account.projects[0].environments.iter().map(|one| one.key.clone()).collect();
    let mut flag = the_one(CREATED[0], "launched");
    let state = flag.environments.values().next().unwrap().clone();
    flag.environments = keys.into_iter().map(|key| (key, state.clone())).collect();
    account.projects[0].flags.insert(5, flag);
    account
}

/// The flag after `change`; `None` if it is deleted.
fn remake(change: fn(Flag) -> Option<Flag>) -> Answer {
    Answer::change(move |account| {
        let flags = &mut account.projects[0].flags;
        let Some(place) = flags.iter().position(|flag| flag.key == KEY) else { return };
        let flag = flags.remove(place);
        flags.extend(change(flag));
    })
}

/// `answer` to the `number`th request to a path that has `path` in it.
fn nth(path: &str, number: usize, answer: Answer) -> Vec<Scripted> {
    let before = Scripted::once(path, Answer::change(|_| ())).times(number - 1);
    let mut script = vec![before];
    script.retain(|_| number > 1);
    script.push(Scripted::once(path, answer));
    script
}

fn run(environments: usize, script: Vec<Scripted>) -> Run {
    let run = Run::new(account(environments), Behaviour { script, ..Behaviour::default() });
    run.extract(&[]);
    assert!(rows(&run.database(), "PRAGMA foreign_key_check").is_empty());
    run
}

/// The published rows of the flag: state, configurations and statuses.
fn published(run: &Run) -> Vec<String> {
    let count = |table| format!("(SELECT count(*) FROM {table} WHERE flag_key = flags.flag_key)");
    let (configurations, statuses) = (count("flag_environments"), count("flag_statuses"));
    let sql =
        format!("SELECT state, {configurations}, {statuses} FROM flags WHERE flag_key = '{KEY}'");
    rows(&run.database(), &sql)
}

const STATUSES: &str = "/api/v2/flag-statuses/";
