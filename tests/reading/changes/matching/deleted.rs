//! Flags, environments and teams that are deleted during a run.

use std::collections::BTreeMap;

use fake_launchdarkly::Answer;
use fake_launchdarkly::Behaviour;
use fake_launchdarkly::Scripted;

use super::{KEY, STATUSES, account, nth, published, remake, run};
use crate::changes::detail;
use crate::support::Run;

/// Rows of deleted flags would be orphan rows.
fn all_rows(run: &Run) -> BTreeMap<String, i64> {
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table} WHERE flag_key = '{KEY}'");
        (table.to_owned(), run.value::<i64>(&sql))
    };
    ["flags", "flag_environments", "flag_statuses", "flag_variations"].map(count).into()
}

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
fn a_flag_deleted_after_its_statuses_were_read_is_whole_or_absent() {
    for number in [3, 4] {
        let run = run(2, nth("/api/v2/flags/", number, remake(|_| None)));
        // The third request sees current flags again; the fourth is not sent where nothing moved.
        let expected = if number == 3 { vec![] } else { vec!["\"live\" | 2 | 2"] };
        assert_eq!(published(&run), expected, "{number}");
        let rows = if number == 3 { 0 } else { 1 };
        assert_eq!(all_rows(&run)["flags"], rows, "{number}");
    }
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
