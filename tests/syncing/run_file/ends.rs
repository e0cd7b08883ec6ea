//! How several syncs end: the worst exit status, and which of them run again.

use std::process::Stdio;

use super::{FILE, RUN, all, filled, outcomes};
use crate::setup::{
    METRICS, SEGMENT, command, run_until_held, script, sync, sync_without_writes, unscript, write,
    write_users, writes,
};
use crate::support::ended;
use fake_launchdarkly::Answer;

#[test]
fn a_sync_that_fails_does_not_keep_the_others_from_running() {
    let run = filled(FILE);
    write_users(&run, [""; 0]);
    let ended = sync(&run, &RUN, &[]);
    let error = ended.failed(12, "guarded");
    assert!(error["message"].as_str().unwrap().starts_with("users: "), "{error}");
    let summary = all(&ended);
    assert_eq!(
        outcomes(&summary),
        ["users: guarded", "definitions: succeeded", "orders: succeeded"]
    );
    assert_eq!(summary["exit_status"], 12);
    assert_eq!(run.server.count_events(), 1);
}

#[test]
fn the_worst_exit_status_ends_the_run() {
    // Guarded is worse than rejected rows, a conflict worse than both, and a missing permission
    // worse still.
    let run = filled(FILE);
    write_users(&run, [""; 0]);
    write(&run, "events.csv", "id,event_key,context_key,occurred_at\nx,x,u,never\n");
    let ended = sync(&run, &RUN, &[]);
    ended.failed(12, "guarded");
    assert_eq!(outcomes(&all(&ended))[2], "orders: rows_rejected");
    write(&run, "metrics.csv", "key,event_key\nfresh,x\n");
    script(&run, METRICS, 0, Answer::refusal(403));
    let ended = sync(&run, &RUN, &[]);
    let error = ended.failed(4, "invalid_permissions");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.starts_with("3 of 3 syncs did not succeed; the worst is definitions:"),
        "{error}"
    );
    assert_eq!(all(&ended)["exit_status"], 4);
}

#[test]
fn failed_ones_run_again_alone() {
    let run = filled(FILE);
    script(&run, METRICS, 0, Answer::refusal(403));
    sync(&run, &RUN, &[]).failed(4, "invalid_permissions");
    unscript(&run);
    run.server.forget_requests();
    let summary = all(&sync(&run, &RUN, &["--failed"]).succeeded());
    assert_eq!(outcomes(&summary), ["definitions: succeeded"]);
    assert_eq!(writes(&run).len(), 1);
    let summary = all(&sync_without_writes(&run, &RUN, &["--failed"]).succeeded());
    assert!(outcomes(&summary).is_empty());
}

#[test]
fn a_sync_that_failed_before_it_began_runs_again() {
    let run = filled(FILE);
    sync(&run, &RUN, &[]).succeeded();
    let require = |required| {
        run.server.change(|account| {
            account.projects[0].environments[0].require_comments = required;
        });
    };
    require(true);
    sync_without_writes(&run, &RUN, &["--dry-run"]).failed(12, "guarded");
    assert!(outcomes(&all(&sync(&run, &RUN, &["--failed"]))).is_empty(), "a dry run is no run");
    sync_without_writes(&run, &RUN, &[]).failed(12, "guarded");
    require(false);
    let summary = all(&sync(&run, &RUN, &["--failed"]).succeeded());
    assert_eq!(outcomes(&summary), ["users: succeeded"]);
}

#[test]
fn an_interrupt_ends_all_syncs() {
    use rustix::process::{Pid, Signal, kill_process};
    let run = filled(FILE);
    script(&run, SEGMENT, 0, Answer::Hold);
    let mut command = command(&run, &RUN, &[]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    assert!(run_until_held(&run, &mut child));
    let pid = i32::try_from(child.id()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
    let ended = ended(child.wait_with_output().unwrap());
    ended.failed(130, "interrupted");
    assert_eq!(outcomes(&all(&ended)), ["users: interrupted"]);
    assert_eq!(all(&ended)["exit_status"], 130);
    assert_eq!(run.requests(METRICS) + run.server.count_events(), 0);
}
