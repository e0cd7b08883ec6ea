//! Published rows match the account's contents.

use std::collections::BTreeSet;

use fake_launchdarkly::generated::{self, Size};
use fake_launchdarkly::{Answer, Behaviour, Scripted};

use crate::extract::{NOW, company};
use crate::support::{Run, rows};

#[test]
fn what_is_published_is_what_the_account_holds() {
    let run = company();
    run.extract(&[]);
    let expected: BTreeSet<String> = run.server.read(|account| {
        let flags = account.projects.iter().flat_map(|project| {
            project.flags.iter().map(|flag| format!("{:?} | {:?}", project.key, flag.key))
        });
        flags.collect()
    });
    let found = rows(&run.database(), "SELECT project_key, flag_key FROM flags");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    let pairs: i64 = run.value("SELECT count(*) FROM flags JOIN environments USING (project_key) WHERE state <> 'archived'");
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_environments"), pairs);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_statuses"), pairs);
    assert!(rows(&run.database(), "PRAGMA foreign_key_check").is_empty());
    assert_eq!(run.value::<String>("PRAGMA integrity_check"), "ok");
}

#[test]
fn two_runs_on_an_unchanged_account_give_the_same_tables() {
    let run = company();
    run.extract(&[]);
    let first = run.tables();
    run.extract(&[]);
    assert_eq!(run.tables(), first);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 2);
}

#[test]
fn rows_deleted_in_the_account_are_deleted_in_the_database() {
    let run = company();
    run.extract(&[]);
    let (before, key) = run.server.change(|account| {
        let project = &mut account.projects[0];
        (project.flags.len(), project.flags.remove(0).key)
    });
    run.extract(&[]);
    let project: String = run.server.read(|account| account.projects[0].key.clone());
    let left: i64 =
        run.value(&format!("SELECT count(*) FROM flags WHERE project_key = '{project}'"));
    assert_eq!(left, i64::try_from(before).unwrap() - 1);
    for table in ["flags", "flag_tags", "flag_variations", "flag_environments", "flag_statuses"] {
        let sql = format!(
            "SELECT count(*) FROM {table} WHERE project_key = '{project}' AND flag_key = '{key}'"
        );
        assert_eq!(run.value::<i64>(&sql), 0, "{table}");
    }
}

#[test]
fn statuses_flag_by_flag_are_the_same_rows() {
    let run = company();
    run.extract(&[]);
    let bulk = run.tables();
    run.extract(&["--flag-status", "per-flag"]);
    assert_eq!(run.tables(), bulk);
}

#[test]
fn a_flag_that_only_some_walks_saw_is_completed() {
    let run = company();
    run.extract(&[]);
    let whole = run.tables();
    // The first walk's page lacks all flags: it looks as if none existed then.
    let empty = Answer::json(200, r#"{"items":[],"totalCount":0,"_links":{}}"#);
    run.server.behave(|behaviour| {
        behaviour.script = vec![Scripted::once("/api/v2/flags/storefront?", empty)]
    });
    run.extract(&[]);
    assert_eq!(run.tables(), whole);
}

#[test]
fn hundreds_of_environments_are_walked_three_at_a_time() {
    let size = Size { projects: 1, environments: 200, flags: 3, ..Size::default() };
    let run = Run::new(generated::account(size), Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM environments"), 200);
    let pairs: i64 = run.value("SELECT count(*) * 200 FROM flags WHERE state <> 'archived'");
    assert_eq!(run.value::<i64>("SELECT count(*) FROM flag_environments"), pairs);
}

#[test]
fn an_empty_account_is_published_as_such() {
    let mut account = company::account(NOW);
    (account.projects, account.teams, account.tags) = (Vec::new(), Vec::new(), Vec::new());
    let run = Run::new(account, Behaviour::default());
    run.extract(&[]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM projects"), 0);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM extractions"), 1);
}
