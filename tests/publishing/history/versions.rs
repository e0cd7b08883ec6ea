//! The start and end of versions.

use fake_launchdarkly::account::Flag;

use crate::history::{
    PROJECT, account, agrees, change, counts, difference, flag, flag_key, project, starts,
};
use crate::support::rows;

#[test]
fn a_run_without_changes_adds_no_version() {
    let run = account();
    let resources = ["--resources", "core,code_references"];
    run.extract(&resources);
    let before = counts(&run);
    assert!(before.iter().all(|(_, all, held)| all == held && *all > 0), "{before:?}");
    run.extract(&resources);
    assert_eq!(counts(&run), before);
    agrees(&run);
}

#[test]
fn a_change_closes_a_version_and_opens_one_at_the_runs_start() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    change(&run, |account| {
        flag(account).name = "renamed".into();
        let state = flag(account).environments.get_mut("production").unwrap();
        state.config.on = !state.config.on;
        project(account).environments[0].critical = false;
        account.teams[0].maintainer_ids.remove(0);
    });
    run.extract(&[]);
    let expected = [
        "environments_history +1 +0",
        "team_maintainers_history +0 -1",
        "flags_history +1 +0",
        "flag_environments_history +1 +0",
    ];
    assert_eq!(difference(&run, &before), expected);
    agrees(&run);
    let starts = starts(&run);
    let sql = format!(
        "SELECT valid_from, valid_to, name = 'renamed' FROM flags_history
         WHERE project_key = '{PROJECT}' AND flag_key = '{}' ORDER BY valid_from",
        flag_key(&run)
    );
    let versions =
        [format!("{} | {} | 0", starts[0], starts[1]), format!("{} | NULL | 1", starts[1])];
    assert_eq!(rows(&run.database(), &sql), versions);
    let sql = "SELECT count(*) FROM flags_history JOIN extractions USING (extraction_id) WHERE started_at <> valid_from";
    assert_eq!(run.value::<i64>(sql), 0);
}

#[test]
fn what_is_volatile_alone_makes_no_version() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    change(&run, |account| {
        let now = account.now_ms;
        account
            .members
            .iter_mut()
            .for_each(|member| member.email = format!("new-{}", member.email));
        flag(account).version += 1;
        let state = flag(account).environments.get_mut("production").unwrap();
        state.config.version += 1;
        state.config.last_modified_ms = now;
        state.config.context_kinds.push("device".into());
        state.status.as_mut().unwrap().last_requested_ms = Some(now);
    });
    run.extract(&[]);
    // The address of a maintainer makes a version of a team's row, but not of a flag's: there, it
    // is a volatile column.
    assert_eq!(difference(&run, &before), ["team_maintainers_history +4 +0"]);
}

#[test]
fn deletions_close_versions_and_new_objects_open_them() {
    let run = account();
    run.extract(&[]);
    let before = counts(&run);
    let (old, key) =
        (run.server.read(|account| account.projects[0].flags[0].clone()), flag_key(&run));
    change(&run, |account| drop(project(account).flags.remove(0)));
    run.extract(&[]);
    let gone =
        ["flags_history +0 -1", "flag_environments_history +0 -2", "flag_statuses_history +0 -2"];
    assert_eq!(difference(&run, &before), gone);
    agrees(&run);
    change(&run, |account| {
        let created_ms = account.now_ms;
        project(account).flags.insert(0, Flag { created_ms, ..old.clone() });
    });
    run.extract(&[]);
    let again =
        ["flags_history +1 +0", "flag_environments_history +2 +0", "flag_statuses_history +2 +0"];
    assert_eq!(difference(&run, &before), again);
    agrees(&run);
    // Deleted and created again between two runs.
    change(&run, |account| flag(account).created_ms += 1);
    run.extract(&[]);
    let sql =
        format!("SELECT count(DISTINCT created_at) FROM flags_history WHERE flag_key = '{key}'");
    assert_eq!(run.value::<i64>(&sql), 3);
    change(&run, |account| drop(account.projects.remove(0)));
    run.extract(&["--max-removals", "100%"]);
    let sql = format!(
        "SELECT count(*) FROM environments_history WHERE project_key = '{PROJECT}' AND valid_to IS NULL"
    );
    assert_eq!(run.value::<i64>(&sql), 0, "the versions of its environments are closed, too");
    agrees(&run);
}

#[test]
fn versions_that_ended_longer_ago_than_the_retention_go() {
    let run = account();
    run.extract(&[]);
    change(&run, |account| flag(account).name = "renamed".into());
    run.extract(&["--history-retention", "1d"]);
    let closed = "SELECT count(*) FROM flags_history WHERE valid_to IS NOT NULL";
    assert_eq!(run.value::<i64>(closed), 1, "younger than the retention");
    let sql =
        "UPDATE flags_history SET valid_to = strftime('%Y-%m-%dT%H:%M:%fZ', valid_to, '-366 days')";
    run.database().execute_batch(sql).unwrap();
    run.extract(&[]);
    assert_eq!(run.value::<i64>(closed), 1, "without the option, all versions are kept");
    run.extract(&["--history-retention", "365d"]);
    assert_eq!(run.value::<i64>(closed), 0);
    agrees(&run);
    assert_eq!(starts(&run).len(), 4, "the record of the runs is kept");
}
