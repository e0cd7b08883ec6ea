//! Approval is asked for once.

use super::*;

const ASK: &str = "flags on beta --project web --environment guarded --request-approval";

const LIST: &str = "/api/v2/projects/web/flags/beta/environments/guarded/approval-requests";

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

#[test]
fn a_lost_request_is_found_in_whatever_form_its_text_is_stored() {
    let run = run();
    let stored = serde_json::json!({
        "_id": "r1", "status": "pending", "reviewStatus": "pending", "description": "why",
        "instructions": [{"kind": "turnFlagOn"}],
    });
    answer(&run, "POST", "/api/v2/projects", 1, Answer::Lost);
    answer(&run, "GET", LIST, 1, Answer::json(200, r#"{"items":[]}"#));
    let found = serde_json::json!({ "items": [stored] });
    answer(&run, "GET", LIST, 1, Answer::json(200, found.to_string()));
    let made = json(&run, ASK, &["--comment", " <b>why</b>"]);
    assert_eq!((&made["approval_request_id"], writes(&run).len()), (&"r1".into(), 1));
}

#[test]
fn a_second_request_is_warned_of_where_pending_ones_are_not_known() {
    let run = run();
    answer(&run, "GET", LIST, 9, refusal(403, "no"));
    let ended = ask(&run, ASK, &[]).succeeded();
    assert!(ended.stderr.contains("there may be one for this change"), "{}", ended.stderr);
    assert_eq!(writes(&run).len(), 1);
}

#[test]
fn a_new_request_without_an_id_is_not_taken() {
    let run = run();
    answer(&run, "POST", "/api/v2/projects", 1, Answer::json(201, "{}"));
    ask(&run, ASK, &[]).failed(7, "unexpected_response");
    assert_eq!(writes(&run).len(), 1);
}
