//! Approval requests are listed, shown, applied and withdrawn, and never approved.

use super::*;

#[test]
fn requests_are_listed_and_shown() {
    let (run, id) = asked("guarded", false);
    let listed = json(&run, "approvals list", &[]);
    let [item] = &listed["items"].as_array().unwrap()[..] else { panic!("{listed}") };
    assert_eq!(item["approval_request_id"], id.as_str());
    assert_eq!((&item["project_key"], &item["resource_key"]), (&"web".into(), &"beta".into()));
    let shown = json(&run, "approvals show", &[&id]);
    assert_eq!(shown["instruction_kinds"], serde_json::json!(["turnFlagOn"]));
    assert_eq!((&shown["status"], &shown["reviews"]), (&"pending".into(), &serde_json::json!([])));
    let text = ask(&run, "approvals show", &[&id]).succeeded().stdout;
    assert!(text.contains("please") && text.contains("turnFlagOn"), "{text}");
    assert_eq!(writes(&run), [""; 0]);
}

#[test]
fn an_approved_request_is_applied_once() {
    let (run, id) = asked("guarded", true);
    let applied = json(&run, "approvals apply", &[&id, "--yes"]);
    assert_eq!((&applied["outcome"], &applied["status"]), (&"changed".into(), &"completed".into()));
    assert_eq!(
        (&applied["is_on"], &applied["serves"]),
        (&true.into(), &"on: everybody gets `true`".into())
    );
    assert!(is_on(&run, "guarded"));
    let again = json(&run, "approvals apply", &[&id]);
    assert_eq!(again["outcome"], "unchanged");
    assert_eq!(writes(&run), [format!("POST /api/v2/approval-requests/{id}/apply")]);
}

#[test]
fn applying_needs_consent() {
    let (run, id) = asked("guarded", true);
    let ended = ask(&run, "approvals apply", &[&id]);
    ended.failed(10, "approval_required");
    assert!(ended.stderr.contains("on: everybody gets `true`"), "{}", ended.stderr);
    assert_eq!((writes(&run), is_on(&run, "guarded")), (vec![], false));
}

#[test]
fn what_nobody_approved_is_not_applied() {
    let (run, id) = asked("guarded", false);
    let error = ask(&run, "approvals apply", &[&id, "--yes"]).failed(10, "approval_required");
    assert!(error["message"].as_str().unwrap().contains("not approved"), "{error}");
    assert_eq!(writes(&run), [""; 0]);
}

#[test]
fn applying_has_the_guards_of_a_toggle() {
    let (run, id) = asked("strict", true);
    ask(&run, "approvals apply", &[&id, "--yes"]).failed(12, "guarded");
    run.server.change(|account| {
        let flag = account.project_mut("web").unwrap().flag_mut("beta").unwrap();
        flag.archived_ms = Some(NOW);
    });
    let more = [&id, "--yes", "--comment", "now"];
    ask(&run, "approvals apply", &more).failed(12, "guarded");
    assert_eq!(writes(&run), [""; 0]);
}

#[test]
fn a_request_that_was_overtaken_is_a_conflict() {
    let (run, id) = asked("guarded", true);
    run.server.change(|account| {
        let flag = account.project_mut("web").unwrap().flag_mut("beta").unwrap();
        let mut state = flag.environment("guarded").into_owned();
        state.config.version += 1;
        flag.environments.insert("guarded".to_owned(), state);
    });
    ask(&run, "approvals apply", &[&id, "--yes"]).failed(13, "conflict");
    assert!(!is_on(&run, "guarded"));
}

#[test]
fn an_application_whose_answer_is_lost_is_not_repeated() {
    let (run, id) = asked("guarded", true);
    run.server.behave(|behaviour| behaviour.writes.fail_after = Some((1, 502)));
    assert_eq!(json(&run, "approvals apply", &[&id, "--yes"])["status"], "completed");
    assert_eq!(writes(&run).len(), 1);
}

#[test]
fn a_request_is_withdrawn_once() {
    let (run, id) = asked("guarded", false);
    run.server.behave(|behaviour| behaviour.writes.fail_after = Some((1, 500)));
    assert_eq!(json(&run, "approvals withdraw", &[&id, "--yes"])["status"], "withdrawn");
    assert_eq!((requests(&run).len(), writes(&run).len()), (0, 1));
    let error = ask(&run, "approvals withdraw", &[&id, "--yes"]).failed(2, "usage");
    assert!(error["hint"].as_str().unwrap().contains("approvals list"), "{error}");
}

#[test]
fn a_request_that_was_applied_cannot_be_withdrawn() {
    let (run, id) = asked("guarded", true);
    json(&run, "approvals apply", &[&id, "--yes"]);
    ask(&run, "approvals withdraw", &[&id, "--yes"]).failed(12, "guarded");
    assert_eq!(writes(&run).len(), 1);
}

#[test]
fn withdrawing_changes_no_flag_and_asks_only_a_terminal() {
    let (run, id) = asked("guarded", false);
    ask(&run, "approvals withdraw", &[&id]).succeeded();
    assert_eq!((requests(&run).len(), writes(&run).len()), (0, 1));
}

#[test]
fn no_command_approves() {
    let help = run().run(&["approvals", "--help"]).succeeded().stdout;
    let commands = help.lines().filter_map(|line| line.strip_prefix("  "));
    let names: Vec<_> = commands.filter_map(|line| line.split(' ').next()).collect();
    assert!(!names.iter().any(|name| name.starts_with("approve")), "{help}");
}
