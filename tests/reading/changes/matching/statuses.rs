//! Flags that are archived, restored or without a status.

use fake_launchdarkly::Answer;
use fake_launchdarkly::Behaviour;
use fake_launchdarkly::Scripted;
use fake_launchdarkly::account::Flag;

use super::{CREATED, KEY, STATUSES, account, nth, published, remake, run};
use crate::support::Run;

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
