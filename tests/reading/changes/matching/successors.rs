//! A flag that is deleted and created again with its key during a run.

use fake_launchdarkly::Answer;
use fake_launchdarkly::Behaviour;
use fake_launchdarkly::Scripted;

use super::{CREATED, KEY, STATUSES, account, nth, published, remake, run, the_one};
use crate::support::Run;
use crate::support::rows;

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
        // Deleted ahead of a list of statuses; created again when the flag or its status is asked for.
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
        let own = format!("/api/v2/flags/project-000/{KEY}");
        script.insert(0, Scripted::once(&own, again));
        let run = run(environments, script);
        assert_unmixed(&run, environments, &environments.to_string());
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
fn a_flag_that_only_statuses_saw_does_not_lend_them_to_its_successor() {
    for environments in [2, 4] {
        let mut account = account(environments);
        account.projects[0].flags.retain(|flag| flag.key != KEY);
        // Created after the flags were walked, and again after its statuses were listed.
        let create = |later: i64, status: &'static str| {
            Answer::change(move |account| {
                let created_ms = account.now_ms + later;
                let flags = &mut account.projects[0].flags;
                flags.retain(|flag| flag.key != KEY);
                flags.push(the_one(created_ms, status));
            })
        };
        let mut script = nth(STATUSES, 1, create(1, "launched"));
        script.extend(nth("/api/v2/flags/project-000", 3, create(2, "active")));
        let run = Run::new(account, Behaviour { script, ..Behaviour::default() });
        run.extract(&[]);
        let sql = format!("SELECT DISTINCT status FROM flag_statuses WHERE flag_key = '{KEY}'");
        assert_eq!(rows(&run.database(), &sql), ["\"active\""], "{environments}");
        assert_eq!(published(&run), [format!("\"live\" | {environments} | {environments}")]);
    }
}

#[test]
fn a_flag_whose_successor_is_deleted_as_well_is_left_out() {
    for environments in [2, 4] {
        // Created again after the flags were walked, and deleted after its statuses were listed.
        let mut script = nth("/api/v2/flags/project-000", 2, recreate());
        script.extend(nth(STATUSES, 1, Answer::change(|_| ())));
        script.push(Scripted::once("/api/v2/flags/project-000", remake(|_| None)));
        let run = Run::new(account(environments), Behaviour { script, ..Behaviour::default() });
        run.extract(&[]);
        assert_eq!(published(&run), Vec::<String>::new(), "{environments}");
    }
}
