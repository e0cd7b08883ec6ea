//! The requests of a run, and their number.

use std::collections::BTreeMap;

use fake_launchdarkly::{Answer, Behaviour, Family, Scripted};
use flaglake::model::resource::Paging;
use flaglake::model::scope::Level;
use flaglake::resources::LISTS;

use crate::resources::{all, company};

#[test]
fn only_endpoints_in_beta_are_asked_for_their_beta() {
    let run = company();
    run.extract(&["--resources", "all"]);
    let mut versions = BTreeMap::<bool, usize>::new();
    for request in run.server.requests() {
        let path = request.path.trim_start_matches("/api/v2");
        let is_beta = ["/applications", "/metric-groups", "/release-pipelines", "/views"]
            .iter()
            .any(|part| path.contains(part))
            || path.starts_with("/integration-capabilities/");
        let version = request.api_version.as_deref();
        assert_eq!(version == Some("beta"), is_beta, "{path}");
        assert!(is_beta || version == Some("20240415"), "{path}");
        *versions.entry(is_beta).or_default() += 1;
    }
    assert_eq!(versions.len(), 2);
}

#[test]
fn every_list_takes_one_request_a_scope_and_page() {
    let run = company();
    run.extract(&["--resources", "all"]);
    let sql = "SELECT (SELECT count(*) FROM teams), (SELECT count(*) FROM projects),
               (SELECT count(*) FROM environments)";
    let scopes: [i64; 3] = run
        .database()
        .query_row(sql, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .unwrap();
    for list in LISTS {
        let requests: i64 = run.value(&format!(
            "SELECT sum(requests) FROM extraction_resources WHERE resource = '{}'",
            list.name()
        ));
        let expected = match list.level() {
            Level::Account => 1,
            Level::Team => scopes[0],
            Level::Project => scopes[1],
            Level::Environment => scopes[2],
        };
        assert_eq!(requests, expected, "{}", list.name());
    }
}

#[test]
fn launchdarklys_own_verdict_is_asked_for_and_kept() {
    let run = company();
    run.extract(&["--resources", "flags"]);
    let verdicts = "SELECT sum(ld_ready_for_code_removal), sum(ld_ready_to_archive),
                           sum(ld_ready_to_archive IS NULL) FROM flags";
    let row = |row: &rusqlite::Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?]);
    let counts: [i64; 3] = run.database().query_row(verdicts, [], row).unwrap();
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
}

#[test]
fn lists_are_complete_with_every_form_of_paging() {
    let run = company();
    run.extract(&["--resources", "all", "--skip", "audit_log"]);
    let wanted = all(&run.database());
    let paged = LISTS.iter().filter(|list| matches!(list.paging(), Paging::Offset(_)));
    assert!(paged.count() > 5);
    let behaviours: [fn(&mut Behaviour); 4] = [
        |behaviour| behaviour.omit_total_count = true,
        |behaviour| behaviour.omit_page_links = true,
        |behaviour| behaviour.ignore_limit = true,
        |behaviour| behaviour.over_limit = fake_launchdarkly::OverLimit::Reject,
    ];
    for (index, change) in behaviours.iter().enumerate() {
        run.server.behave(|behaviour| {
            *behaviour = Behaviour::default();
            for family in [Family::Members, Family::Segments, Family::Metrics, Family::Roles] {
                behaviour.maximum.insert(family, 10);
            }
            change(behaviour);
        });
        run.extract(&["--resources", "all", "--skip", "audit_log"]);
        assert!(all(&run.database()) == wanted, "behaviour {index}");
    }
}

#[test]
fn a_list_documented_without_pages_may_come_in_pages() {
    let run = company();
    let webhook = |id: usize| format!(r#"{{"_id":"{id}","on":true,"url":"https://x.example"}}"#);
    let page = |ids: [usize; 2], next: &str| {
        let items = ids.map(webhook).join(",");
        Answer::json(200, format!(r#"{{"_links":{{{next}}},"items":[{items}]}}"#))
    };
    let next = r#""next":{"href":"/api/v2/webhooks?offset=2"}"#;
    let script = vec![
        Scripted::once("/api/v2/webhooks", page([3, 4], "")).query("offset=2").times(9),
        Scripted::once("/api/v2/webhooks", page([1, 2], next)).times(9),
    ];
    run.server.behave(|behaviour| behaviour.script = script);
    run.extract(&["--resources", "webhooks"]);
    assert_eq!(run.value::<i64>("SELECT count(*) FROM webhooks"), 4);
}
