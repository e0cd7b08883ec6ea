//! A flag is published with all its statuses and configurations, also if it changes between the
//! list of flags and the lists of statuses.

use std::collections::BTreeMap;

use fake_launchdarkly::account::{Account, Flag, FlagEnvironment, FlagStatus};
use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Scripted};

use crate::changes::detail;
use crate::support::{Run, rows};

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

/// Rows of deleted flags would be orphan rows.
fn all_rows(run: &Run) -> BTreeMap<String, i64> {
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table} WHERE flag_key = '{KEY}'");
        (table.to_owned(), run.value::<i64>(&sql))
    };
    ["flags", "flag_environments", "flag_statuses", "flag_variations"].map(count).into()
}

const STATUSES: &str = "/api/v2/flag-statuses/";

#[test]
fn a_flag_deleted_while_statuses_are_read_is_whole_or_absent() {
    for environments in [2, 5] {
        for number in 1..=environments {
            let run = run(environments, nth(STATUSES, number, remake(|_| None)));
            assert!(published(&run).is_empty(), "{environments} {number}");
            assert!(all_rows(&run).values().all(|rows| *rows == 0), "{environments} {number}");
            let noted = detail(&run, "flags", "project-000");
            assert!(noted.contains("1 flags"), "{environments} {number}: {noted}");
            assert!(noted.contains("deleted during the run"), "{environments} {number}: {noted}");
            let without = "SELECT count(*) FROM extraction_resources
                           WHERE detail LIKE '%no status%' OR outcome NOT IN ('complete', 'skipped')";
            assert_eq!(run.value::<i64>(without), 0, "{environments} {number}");
        }
    }
}

#[test]
fn a_flag_deleted_after_its_statuses_were_read_is_whole() {
    let run = run(2, nth("/api/v2/flags/", 3, remake(|_| None)));
    assert_eq!(published(&run), ["\"live\" | 2 | 2"]);
}

#[test]
fn a_flag_archived_while_statuses_are_read_has_none() {
    for number in 1..=5 {
        let archive = remake(|flag| {
            Some(Flag { archived_ms: Some(CREATED[1]), version: flag.version + 1, ..flag })
        });
        let run = run(5, nth(STATUSES, number, archive));
        assert_eq!(published(&run), ["\"archived\" | 0 | 0"], "{number}");
    }
}

#[test]
fn a_flag_restored_while_statuses_are_read_has_all_of_them() {
    for number in 1..=5 {
        let restore =
            remake(|flag| Some(Flag { archived_ms: None, version: flag.version + 1, ..flag }));
        let mut account = account(5);
        account.projects[0].flags[5].archived_ms = Some(CREATED[1]);
        let script = nth(STATUSES, number, restore);
        let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
        run.extract(&[]);
        assert_eq!(published(&run), ["\"live\" | 5 | 5"], "{number}");
    }
}

/// Version and status of one flag only, be it the old or the new one.
#[track_caller]
fn assert_unmixed(run: &Run, environments: usize, place: &str) {
    let sql = format!(
        "SELECT strftime('%s', flags.created_at) || '000', status,
                strftime('%s', last_requested_at) || '000', count(*)
         FROM flags JOIN flag_statuses USING (project_key, flag_key) WHERE flag_key = '{KEY}'
         GROUP BY 1, 2, 3"
    );
    let old = format!("\"{0}\" | \"launched\" | \"{0}\" | {environments}", CREATED[0]);
    let new = format!("\"{0}\" | \"active\" | \"{0}\" | {environments}", CREATED[1]);
    let found = rows(&run.database(), &sql);
    assert!(found == [old] || found == [new], "{place}: {found:?}");
    assert_eq!(published(run), [format!("\"live\" | {environments} | {environments}")], "{place}");
}

fn recreate() -> Answer {
    remake(|_| Some(the_one(CREATED[1], "active")))
}

#[test]
fn statuses_of_a_flag_and_of_its_successor_do_not_mix() {
    for environments in [2, 4] {
        for number in 1..=environments {
            let run = run(environments, nth(STATUSES, number, recreate()));
            assert_unmixed(&run, environments, &format!("{environments} {number}"));
        }
    }
}

#[test]
fn a_successor_created_after_the_last_walk_has_its_own_statuses() {
    for environments in [2, 3] {
        // Deleted ahead of a list of statuses; created again when the status is asked for.
        let mut script = nth(STATUSES, environments, remake(|_| None));
        let again = Answer::change(|account| {
            let flags = &mut account.projects[0].flags;
            if !flags.iter().any(|flag| flag.key == KEY) {
                flags.push(the_one(CREATED[1], "active"));
            }
        });
        let asked = ["development", "production", "staging", "test"].map(|environment| {
            let path = format!("/api/v2/flag-statuses/project-000/{environment}/{KEY}");
            Scripted::once(path, again.clone())
        });
        script.splice(0..0, asked);
        let run = run(environments, script);
        assert_unmixed(&run, environments, &environments.to_string());
    }
}

#[test]
fn a_flag_that_is_there_but_has_no_status_is_published_without() {
    let mut account = account(2);
    let flags = &mut account.projects[0].flags;
    flags[5].environments.values_mut().for_each(|state| state.status = None);
    let run = Run::new(account, Behaviour::default());
    run.extract(&[]);
    assert_eq!(published(&run), ["\"live\" | 2 | 0"]);
    let noted = "SELECT count(*) FROM extraction_resources
                 WHERE resource = 'flag_statuses' AND detail = '1 flags have no status'";
    assert_eq!(run.value::<i64>(noted), 2);
}

#[test]
fn a_flag_whose_own_endpoint_is_refused_stays() {
    let mut account = account(2);
    account.projects[0].flags[5].environments.values_mut().for_each(|state| state.status = None);
    let path = format!("/api/v2/flags/project-000/{KEY}");
    let script = vec![Scripted::once(path, Answer::refusal(403)).times(99)];
    let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
    run.extract(&[]);
    assert_eq!(published(&run), ["\"live\" | 2 | 0"]);
}

#[test]
fn flags_deleted_while_each_status_is_asked_for_are_left_out() {
    for number in [1, 3, 14, 20] {
        let script = nth(STATUSES, number, remake(|_| None));
        let run = Run::new(account(2), Behaviour { script, ..Behaviour::default() });
        run.extract(&["--flag-status", "per-flag"]);
        let found = published(&run);
        assert!(found.is_empty() || found == ["\"live\" | 2 | 2"], "{number}: {found:?}");
    }
}

#[test]
fn a_successor_without_status_at_first_is_asked_for_again() {
    for number in [1, 3, 14, 20, 28] {
        let mut account = account(2);
        let flag = &mut account.projects[0].flags[5];
        flag.environments.values_mut().for_each(|state| state.status = None);
        let script = nth(STATUSES, number, recreate());
        let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
        run.extract(&["--flag-status", "per-flag"]);
        assert_unmixed(&run, 2, &number.to_string());
    }
}

#[test]
fn archived_flags_keep_the_statuses_that_lists_have_of_them() {
    for number in 1..=5 {
        let archive = remake(|flag| {
            Some(Flag { archived_ms: Some(CREATED[1]), version: flag.version + 1, ..flag })
        });
        let behaviour = Behaviour {
            script: nth(STATUSES, number, archive),
            statuses_include_archived: true,
            ..Behaviour::default()
        };
        let run = Run::new(account(5), behaviour);
        run.extract(&[]);
        let archived = "SELECT count(*) FROM flag_statuses JOIN flags USING (project_key, flag_key)
                        WHERE state = 'archived'";
        assert_eq!(run.value::<i64>(archived), 5 * 5, "{number}");
    }
}

#[test]
fn an_environment_deleted_while_one_status_is_read_is_left_out() {
    let mut account = account(2);
    let environment = account.projects[0].environments[0].key.clone();
    let path = format!("/api/v2/flag-statuses/project-000/{environment}/{KEY}");
    let gone = environment.clone();
    let change = Answer::change(move |account| {
        account.projects[0].environments.retain(|one| one.key != gone);
    });
    account.projects[0].flags[5].environments.values_mut().for_each(|state| state.status = None);
    let script = vec![Scripted::once(path, change)];
    let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
    run.extract(&[]);
    for table in ["environments", "flag_environments", "flag_statuses"] {
        let sql = format!("SELECT count(*) FROM {table} WHERE environment_key = '{environment}'");
        assert_eq!(run.value::<i64>(&sql), 0, "{table}");
    }
}

#[test]
fn nothing_is_asked_of_an_environment_deleted_after_its_list() {
    let mut account = account(4);
    let environment = account.projects[0].environments[3].key.clone();
    account.projects[0].flags[5].environments.values_mut().for_each(|state| state.status = None);
    let gone = environment.clone();
    let change = Answer::change(move |account| {
        account.projects[0].environments.retain(|one| one.key != gone);
    });
    // The third request for flags is the last walk, of the fourth environment alone.
    let script = nth("/api/v2/flags/", 3, change);
    let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
    run.extract(&[]);
    for table in ["environments", "flag_environments", "flag_statuses"] {
        let sql = format!("SELECT count(*) FROM {table} WHERE environment_key = '{environment}'");
        assert_eq!(run.value::<i64>(&sql), 0, "{table}");
    }
    let asked = format!("/flag-statuses/project-000/{environment}/");
    assert_eq!(run.requests(&asked), 0, "nothing is asked of an environment that is deleted");
}

#[test]
fn a_team_deleted_while_its_roles_are_read_is_left_out() {
    let mut account = account(2);
    let key = account.teams[1].key.clone();
    account.teams[1].maintainer_ids = account.members.iter().map(|one| one.id.clone()).collect();
    let gone = key.clone();
    let change = Answer::change(move |account| account.teams.retain(|team| team.key != gone));
    let script = vec![Scripted::once(format!("/api/v2/teams/{key}/roles"), change)];
    let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
    run.extract(&["--resources", "core,team_roles"]);
    for table in ["teams", "team_maintainers", "team_roles", "team_role_attributes"] {
        let sql = format!("SELECT count(*) FROM {table} WHERE team_key = '{key}'");
        assert_eq!(run.value::<i64>(&sql), 0, "{table}");
    }
    assert_eq!(run.value::<i64>("SELECT count(*) FROM teams"), 2);
    assert!(detail(&run, "teams", "").contains(&format!("team {key} was deleted")));
}
