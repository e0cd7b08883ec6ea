//! A run starts over if it cannot use the stage of the interrupted run.

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::SERVICE_TOKEN;
use fake_launchdarkly::generated;
use rustix::process::Signal;

use crate::resume::{hanging, size, stopped};
use crate::support::{Run, ended};

/// After a killed run and `prepare`, a run with `arguments` repeats all requests.
#[track_caller]
fn starts_over(prepare: impl Fn(&Run), arguments: &[&str]) {
    let run = hanging("/api/v2/flags/", 6);
    let (_, [kept, _]) = stopped(&run, &[], Signal::KILL);
    assert!(kept > 5);
    prepare(&run);
    run.extract(arguments);
    let paths = ["/api/v2/projects", "/api/v2/flags/project-000"];
    for path in paths {
        assert!(run.requests(path) > 0, "{path}");
    }
    let lost = "SELECT count(*) FROM flag_environments";
    assert!(run.value::<i64>(lost) > 0);
}

#[test]
fn a_run_starts_over_when_told_to_or_when_the_other_is_too_old() {
    starts_over(|_| (), &["--no-resume"]);
    starts_over(|_| (), &["--resume-within", "0s"]);
}

#[test]
fn a_run_does_not_go_on_with_another_selection() {
    starts_over(|_| (), &["--skip", "tags"]);
    starts_over(|_| (), &["--project", "project-000"]);
    starts_over(|_| (), &["--target-values"]);
}

#[test]
fn a_run_does_not_go_on_with_another_account() {
    let other = |run: &Run| run.server.change(|account| account.account_id = "other".into());
    starts_over(other, &[]);
}

#[test]
fn a_run_does_not_go_on_with_what_another_token_saw() {
    let run = hanging("/api/v2/flags/", 6);
    stopped(&run, &[], Signal::KILL);
    let mut other = run.command(&["extract"]);
    ended(other.env("LAUNCHDARKLY_ACCESS_TOKEN", SERVICE_TOKEN).output().unwrap()).succeeded();
    assert_eq!(run.requests("/api/v2/projects"), 1, "it starts over");
}

#[test]
fn a_stage_that_was_published_is_not_published_again() {
    let run = Run::new(generated::account(size()), Behaviour::default());
    run.extract(&[]);
    let database = run.database();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    let arguments = ["extract", "--busy-timeout", "0s", "--error-format", "json"];
    run.run(&arguments).failed(8, "output_failed");
    // As if the run had ended right after its data became visible.
    let stage = rusqlite::Connection::open(run.path(".launchdarkly.db.stage")).unwrap();
    let id: String =
        stage.query_row("SELECT extraction_id FROM extractions", [], |row| row.get(0)).unwrap();
    drop(stage);
    database
        .execute_batch(&format!(
            "CREATE TEMP TABLE other AS SELECT * FROM extractions;
             UPDATE other SET extraction_id = '{id}';
             INSERT INTO extractions SELECT * FROM other; COMMIT"
        ))
        .unwrap();
    run.server.forget_requests();
    run.extract(&[]);
    assert!(run.server.requests().len() > 20, "everything is read again");
}

#[test]
fn an_argument_beats_the_variable() {
    let run = hanging("/api/v2/flags/", 6);
    stopped(&run, &[], Signal::KILL);
    let mut command = run.command(&["extract", "--resume"]);
    ended(command.env("FLAGLAKE_NO_RESUME", "1").output().unwrap()).succeeded();
    assert_eq!(run.requests("/api/v2/projects"), 0, "it goes on");
}

#[test]
fn a_stage_of_another_version_is_not_resumed() {
    let stage = ".launchdarkly.db.stage";
    let other = |sql: &'static str| {
        move |run: &Run| {
            let stage = rusqlite::Connection::open(run.path(stage)).unwrap();
            stage.execute_batch(sql).unwrap();
        }
    };
    starts_over(other("UPDATE checkpoint SET fingerprint = 'another'"), &[]);
    starts_over(other("UPDATE checkpoint SET boot = 'another'"), &[]);
    starts_over(other("DROP TABLE answers"), &[]);
    starts_over(other("DROP TABLE runs"), &[]);
    starts_over(|run| std::fs::write(run.path(stage), "no database").unwrap(), &[]);
    let rows = ".launchdarkly.db.stage-rows";
    starts_over(|run| std::fs::write(run.path(rows), "").unwrap(), &[]);
    starts_over(|run| std::fs::remove_file(run.path(rows)).unwrap(), &[]);
    starts_over(|run| std::fs::remove_file(run.path(stage)).unwrap(), &[]);
}
