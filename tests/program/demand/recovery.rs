//! Conflicts and lost answers: what LaunchDarkly holds is read before anything is sent again.

use super::*;

const ON: &str = "flags on beta --project web --environment test --yes";

#[test]
fn a_change_whose_answer_is_lost_is_not_repeated() {
    let run = run();
    run.server.behave(|behaviour| behaviour.writes.fail_after = Some((1, 500)));
    let found = json(&run, ON, &[]);
    assert_eq!((&found["outcome"], &found["version"]), (&"changed".into(), &2.into()));
    assert_eq!(writes(&run), [PATCH]);
}

#[test]
fn a_change_that_was_not_made_is_sent_again() {
    let run = run();
    // The counter begins with the first write.
    json(&run, "flags on beta --project web --environment live --yes", &[]);
    run.server.behave(|behaviour| behaviour.writes.fail_before = Some((2, 503)));
    json(&run, ON, &[]);
    json(&run, "flags off beta --project web --environment test --yes", &[]);
    assert_eq!(writes(&run), [PATCH, PATCH, PATCH]);
    assert!(!is_on(&run, "test"));
}

#[test]
fn a_conflict_is_tried_again() {
    let run = run();
    run.server.behave(|behaviour| behaviour.writes.conflicts = Some(2));
    json(&run, ON, &[]);
    json(&run, "flags off beta --project web --environment test --yes", &[]);
    assert_eq!(writes(&run), [PATCH, PATCH, PATCH]);
}

#[test]
fn a_conflict_that_stays_ends_after_three_repetitions() {
    let run = run();
    run.server.behave(|behaviour| behaviour.writes.conflicts = Some(1));
    ask(&run, ON, &[]).failed(13, "conflict");
    assert_eq!((writes(&run).len(), is_on(&run, "test")), (4, false));
}

#[test]
fn an_outcome_that_stays_unknown_is_told() {
    let run = run();
    run.server.behave(|behaviour| behaviour.writes.fail_before = Some((1, 500)));
    let error = ask(&run, ON, &[]).failed(6, "unavailable");
    assert!(error["message"].as_str().unwrap().contains("is unknown"), "{error}");
    assert_eq!(writes(&run).len(), 4);
}

#[test]
fn a_conflict_with_a_pending_change_names_it() {
    let run = run();
    let asked = "flags on beta --project web --environment test --request-approval";
    let asked = json(&run, asked, &[]);
    let error = ask(&run, ON, &[]).failed(13, "conflict");
    let id = asked["approval_request_id"].as_str().unwrap();
    assert!(error["message"].as_str().unwrap().contains(id), "{error}");
    assert!(!is_on(&run, "test"));
}
