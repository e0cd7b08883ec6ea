//! References in code: their versions, and the views of what was removed.

use fake_launchdarkly::Family;
use fake_launchdarkly::account::State;

use crate::history::{PROJECT, account, agrees, change, counts, difference, starts};
use crate::support::{Run, rows};

const RESOURCES: [&str; 2] = ["--resources", "core,code_references"];
const REMOVALS: &str =
    "SELECT project_key, flag_key, code_last_seen_at, code_removed_at, archived_at
                        FROM code_removal_to_archive ORDER BY 1, 2";

/// An account that one run has read, and whose first project then has no flag in code.
fn without_code() -> Run {
    let run = account();
    run.extract(&RESOURCES);
    change(&run, |account| {
        let place = (Family::CodeReferences, vec![PROJECT.to_owned()]);
        account.lists.insert(place, vec![r#"{"flags":{}}"#.to_owned()]);
    });
    run
}

/// The flags of the first project that its code mentioned at first, and that are not archived.
fn removed(run: &Run) -> Vec<String> {
    let mentioned = format!(
        "SELECT DISTINCT flag_key FROM code_references_history JOIN flags USING (project_key, flag_key)
         WHERE project_key = '{PROJECT}' AND state <> 'archived' ORDER BY 1"
    );
    rows(&run.database(), &mentioned)
}

#[test]
fn code_that_is_gone_ends_the_versions_of_its_project() {
    let run = without_code();
    let before = counts(&run);
    let sql = format!("SELECT count(*) FROM code_references WHERE project_key = '{PROJECT}'");
    let gone = run.value::<i64>(&sql);
    run.extract(&RESOURCES);
    assert!(gone > 2);
    assert_eq!(difference(&run, &before), [format!("code_references_history +0 -{gone}")]);
    agrees(&run);
    let (starts, removed) = (starts(&run), removed(&run));
    assert!(!removed.is_empty());
    let expected: Vec<_> = removed
        .iter()
        .map(|flag| format!("\"{PROJECT}\" | {flag} | {} | {} | NULL", starts[0], starts[1]))
        .collect();
    assert_eq!(rows(&run.database(), REMOVALS), expected);
}

#[test]
fn code_references_that_are_not_read_remove_nothing() {
    let run = without_code();
    let before = counts(&run);
    run.extract(&["--resources", "core"]);
    assert_eq!(difference(&run, &before), [""; 0]);
    assert_eq!(rows(&run.database(), REMOVALS), [""; 0]);
    run.extract(&RESOURCES);
    // The run in between has not found it.
    let seen = "SELECT DISTINCT code_last_seen_at FROM code_removal_to_archive";
    assert_eq!(rows(&run.database(), seen), [starts(&run)[0].clone()]);
}

#[test]
fn a_flag_that_is_archived_later_has_waited() {
    let run = without_code();
    run.extract(&RESOURCES);
    let flag = removed(&run).remove(0).trim_matches('"').to_owned();
    change(&run, |account| {
        let now = account.now_ms;
        let project = account.project_mut(PROJECT).unwrap();
        let flag = project.flags.iter_mut().find(|one| one.key == flag).unwrap();
        flag.archived_ms = Some(now + 100 * 86_400_000);
        assert_eq!(flag.state(), State::Archived);
    });
    run.extract(&RESOURCES);
    let sql = "SELECT flag_key, archive_days > 0, waiting_days FROM code_removal_to_archive
               WHERE archive_days IS NOT NULL";
    assert_eq!(rows(&run.database(), sql), [format!("\"{flag}\" | 1 | NULL")]);
}
