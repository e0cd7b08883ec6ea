//! Approval is asked for once.

use super::*;

const ASK: &str = "flags on beta --project web --environment guarded --request-approval";

#[test]
fn one_request_is_made_and_found_again() {
    let run = run();
    let made = json(&run, ASK, &[]);
    assert_eq!((&made["outcome"], &made["is_on"]), (&"requested".into(), &false.into()));
    let [request] = &requests(&run)[..] else { panic!("one request") };
    assert_eq!(made["approval_request_id"], request["_id"]);
    assert_eq!(request["instructions"], serde_json::json!([{"kind": "turnFlagOn"}]));
    assert_eq!(request["description"], "Turn on beta in guarded");
    let url = made["url"].as_str().unwrap();
    assert_eq!(url, "https://app.launchdarkly.com/projects/web/flags/beta?env=guarded");
    let found = json(&run, ASK, &["--comment", "again"]);
    assert_eq!(found["outcome"], "pending");
    assert_eq!(found["approval_request_id"], made["approval_request_id"]);
    assert_eq!((requests(&run).len(), writes(&run).len()), (1, 1));
    assert!(!is_on(&run, "guarded"));
}

#[test]
fn the_text_has_the_id_and_the_address() {
    let run = run();
    let text = ask(&run, ASK, &["--comment", "please"]).succeeded().stdout;
    let [request] = &requests(&run)[..] else { panic!("one request") };
    assert_eq!(request["description"], "please");
    assert!(text.contains(request["_id"].as_str().unwrap()), "{text}");
    assert!(text.contains("/projects/web/flags/beta"), "{text}");
}

#[test]
fn a_request_whose_answer_is_lost_is_not_repeated() {
    let run = run();
    run.server.behave(|behaviour| behaviour.writes.fail_after = Some((1, 500)));
    let made = json(&run, ASK, &[]);
    let [request] = &requests(&run)[..] else { panic!("one request") };
    assert_eq!(made["approval_request_id"], request["_id"]);
    assert_eq!(writes(&run).len(), 1);
}

#[test]
fn a_request_that_was_not_made_is_sent_again() {
    let run = run();
    json(&run, "flags on beta --project web --environment test --yes", &[]);
    run.server.behave(|behaviour| behaviour.writes.fail_before = Some((2, 500)));
    json(&run, ASK, &[]);
    assert_eq!((requests(&run).len(), writes(&run).len()), (1, 3));
}

#[test]
fn a_request_for_another_change_is_not_taken() {
    let run = run();
    json(&run, ASK, &[]);
    run.server.change(|account| {
        let key = (Family::ApprovalRequests, Vec::new());
        let items = account.lists.get_mut(&key).unwrap();
        items[0] = items[0].replace("turnFlagOn", "turnFlagOff");
    });
    assert_eq!(json(&run, ASK, &[])["outcome"], "requested");
    assert_eq!(requests(&run).len(), 2);
}
