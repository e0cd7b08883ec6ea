//! Writing big and synced segments.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::account::READER_TOKEN;

const LIST: &str = "/api/v2/segments/storefront/test";

fn serve_big() -> Server {
    let server = serve_company();
    assert_eq!(create(&server, "big"), 201);
    server
}

fn create(server: &Server, key: &str) -> u16 {
    let segment =
        json!({"key": key, "name": "Big", "unbounded": true, "unboundedContextKind": "account"});
    written(server, &format!("POST {LIST}"), JSON, segment)
}

fn update(server: &Server, segment: &str, add: &[&str], remove: &[&str]) -> u16 {
    let body = json!({"included": {"add": add, "remove": remove}});
    written(server, &format!("POST {LIST}/{segment}/contexts"), JSON, body)
}

fn members(server: &Server) -> Vec<String> {
    server.big_segment_members("storefront", "test", "big").into_iter().collect()
}

fn one(server: &Server) -> Value {
    json(server, &format!("{LIST}/big"))
}

fn count(server: &Server) -> i64 {
    one(server)["_unboundedMetadata"]["includedCount"].as_i64().unwrap()
}

/// Starts an import, and returns its status and the path of its progress.
fn import(server: &Server, mode: &str, file: &str) -> (u16, Option<String>) {
    import_form(server, &[("mode", mode)], file)
}

fn import_form(server: &Server, fields: &[(&str, &str)], file: &str) -> (u16, Option<String>) {
    let mut body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"keys.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{file}\r\n"
    );
    for (name, value) in fields {
        let _ = write!(
            body,
            "--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    body.push_str("--cut--\r\n");
    let headers = "Content-Type: multipart/form-data; boundary=cut\r\n";
    let got = write(server, &format!("POST {LIST}/big/imports"), headers, body).unwrap();
    (got.status, got.header("location").map(str::to_owned))
}

fn status(server: &Server, path: &str) -> String {
    json(server, path)["status"].as_str().unwrap().to_owned()
}

#[test]
fn members_are_written_but_not_listed() {
    let server = serve_big();
    assert_eq!(update(&server, "big", &["a", "b"], &[]), 204);
    assert_eq!(update(&server, "big", &["c", "b"], &["a", "x"]), 204);
    assert_eq!((members(&server), count(&server)), (vec!["b".to_owned(), "c".to_owned()], 2));
    assert_eq!(server.count_big_segment_members("storefront", "test", "big"), 2);
    let segment = one(&server);
    assert_eq!(segment["included"], json!([]));
    assert_eq!(segment["unboundedContextKind"], "account");
    assert!(walk(&server, LIST).contains(&segment));
    let membership = |key: &str| json(&server, &format!("{LIST}/big/contexts/{key}"));
    assert_eq!(membership("b"), json!({"userKey": "b", "included": true, "excluded": false}));
    assert_eq!(membership("a")["included"], false);
}

#[test]
fn counts_start_with_the_members_that_were_there() {
    let server = serve_company();
    let metadata = || json(&server, &format!("{LIST}/newsletter"))["_unboundedMetadata"].clone();
    let before = metadata();
    assert_eq!(update(&server, "newsletter", &["a"], &[]), 204);
    let counts = [before, metadata()].map(|one| one["includedCount"].as_i64().unwrap());
    assert_eq!(counts[0] + 1, counts[1]);
}

#[test]
fn standard_segments_and_bad_keys_are_refused() {
    let server = serve_big();
    assert_eq!(update(&server, "staff", &["a"], &[]), 400);
    assert_eq!(update(&server, "big", &[""], &[]), 400);
    assert_eq!(update(&server, "none", &["a"], &[]), 404);
    assert_eq!(get(&server, &format!("{LIST}/staff/contexts/a")).status, 400);
    let instruction = json!({"kind": "addIncludedTargets", "values": ["a"]});
    let body = json!({"instructions": [instruction]});
    assert_eq!(written(&server, &format!("PATCH {LIST}/big"), SEMANTIC, body), 400);
}

#[test]
fn a_plan_can_be_without_big_segments() {
    let server = serve_company();
    for status in [400, 403, 404] {
        server.behave(|behaviour| behaviour.writes.big_segments_refused = Some(status));
        assert_eq!(create(&server, "big"), status);
    }
    let standard = json!({"key": "s", "name": "S"});
    assert_eq!(written(&server, &format!("POST {LIST}"), JSON, standard), 201);
}

#[test]
fn a_request_for_members_can_have_a_limit_or_need_approval() {
    let server = serve_big();
    server.behave(|behaviour| behaviour.writes.most_contexts = Some(2));
    assert_eq!(update(&server, "big", &["a", "b"], &["c"]), 400);
    assert_eq!(update(&server, "big", &["a"], &["c"]), 204);
    server.behave(|behaviour| behaviour.writes.contexts_approvals = true);
    assert_eq!(update(&server, "big", &["b"], &[]), 403);
    assert_eq!(members(&server), ["a"]);
}

#[test]
fn counts_can_be_late() {
    let server = serve_big();
    server.behave(|behaviour| behaviour.writes.counts_late = Duration::from_secs(3600));
    update(&server, "big", &["a"], &[]);
    assert_eq!((count(&server), members(&server).len()), (0, 1));
    server.change(|account| account.now_ms += 3_600_000);
    assert_eq!(count(&server), 1);
}

#[test]
fn an_import_merges_or_replaces_once_it_is_complete() {
    let server = serve_big();
    update(&server, "big", &["old"], &[]);
    let (code, path) = import(&server, "merge", "a,x\r\n\"b,c\"\r\n");
    let path = path.unwrap();
    assert_eq!((code, members(&server)), (204, vec!["old".to_owned()]));
    assert_eq!(status(&server, &path), "in_progress");
    assert_eq!(import(&server, "merge", "z").0, 409);
    assert_eq!(status(&server, &path), "complete");
    assert_eq!(members(&server), ["a", "b,c", "old"]);
    let (_, path) = import(&server, "replace", "new");
    assert_eq!(one(&server)["_importInProgress"], true);
    assert_eq!(one(&server)["_importInProgress"], true);
    assert_eq!(one(&server)["_importInProgress"], false);
    assert_eq!((status(&server, &path.unwrap()), count(&server)), ("complete".to_owned(), 1));
    assert_eq!(members(&server), ["new"]);
}

#[test]
fn an_import_can_stop_or_be_over_at_once() {
    let server = serve_big();
    server.behave(|behaviour| {
        behaviour.writes.import_polls = 0;
        behaviour.writes.stopped_imports = Some(2);
    });
    let statuses = ["a", "b", "c"].map(|key| {
        let (_, path) = import(&server, "merge", key);
        status(&server, &path.unwrap())
    });
    assert_eq!(statuses, ["complete", "stopped", "complete"]);
    assert_eq!(members(&server), ["a", "c"]);
}

#[test]
fn an_import_can_wait_for_approval() {
    let server = serve_big();
    let (_, path) = import_form(&server, &[("mode", "merge"), ("waitOnApprovals", "true")], "a");
    let path = path.unwrap();
    assert_eq!([0; 3].map(|_| status(&server, &path)), ["pending_approval"; 3]);
    let id = path.rsplit('/').next().unwrap();
    let process = |id: &str| {
        let body = json!({"instructions": [{"kind": "processBigSegmentImport", "importId": id}]});
        written(&server, &format!("PATCH {LIST}/big"), SEMANTIC, body)
    };
    assert_eq!((process("other"), process(id), process(id)), (400, 200, 400));
    assert_eq!([0; 2].map(|_| status(&server, &path)), ["in_progress", "complete"]);
    server.behave(|behaviour| behaviour.writes.imports_need_approval = true);
    let (_, path) = import(&server, "merge", "b");
    assert_eq!(status(&server, &path.unwrap()), "pending_approval");
}

#[test]
fn a_form_without_file_or_mode_is_refused() {
    let server = serve_big();
    assert_eq!(import(&server, "add", "a").0, 400);
    assert_eq!(import_form(&server, &[], "a").0, 400);
    let path = format!("POST {LIST}/big/imports");
    assert_eq!(written(&server, &path, JSON, json!({})), 400);
    let reader = write_as(&server, &path, READER_TOKEN, JSON, b"{}").unwrap();
    assert_eq!(reader.status, 403);
    assert_eq!(get(&server, &format!("{LIST}/big/imports/none")).status, 404);
}

#[test]
fn an_import_takes_a_hundred_thousand_keys() {
    let server = serve_big();
    server.behave(|behaviour| behaviour.writes.import_polls = 0);
    let keys: Vec<String> = (0..100_000).map(|number| format!("key-{number:06}")).collect();
    assert_eq!(import(&server, "replace", &keys.join("\n")).0, 204);
    assert_eq!(count(&server), 100_000);
}

#[test]
fn a_cohort_becomes_a_synced_segment() {
    let server = serve_company();
    let environment = json(&server, "/api/v2/projects/storefront/environments/test");
    let sync = |id: &Value, add: Value, remove: Value| {
        let body = json!({
            "environmentId": id, "cohortId": "c1", "cohortName": "Cohort",
            "listData": {"add": add, "remove": remove},
        });
        written(&server, "POST /api/v2/segment-targets/own", JSON, body)
    };
    let id = &environment["_id"];
    assert_eq!(sync(id, json!([{"id": "a"}, {"id": "b"}]), json!([])), 204);
    assert_eq!(sync(id, json!([]), json!([{"id": "a"}])), 204);
    assert_eq!(sync(&json!("none"), json!([]), json!([])), 400);
    assert_eq!(sync(id, json!(["a"]), json!([])), 400);
    let segment = json(&server, &format!("{LIST}/own-c1"));
    assert_eq!((&segment["_external"], &segment["name"]), (&json!("own"), &json!("Cohort")));
    assert_eq!(segment["_unboundedMetadata"]["includedCount"], 1);
    let members = server.big_segment_members("storefront", "test", "own-c1");
    assert_eq!(members.into_iter().collect::<Vec<_>>(), ["b"]);
    server.behave(|behaviour| {
        behaviour.refused.insert(crate::Family::SegmentTargets, 404);
    });
    assert_eq!(sync(id, json!([]), json!([])), 404);
}
