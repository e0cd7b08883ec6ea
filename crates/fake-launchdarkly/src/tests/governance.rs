//! The audit log, approvals and other lists about governance; LaunchDarkly's verdict on flags.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::account::AuditEntry;
use crate::{Boundary, Family, OverLimit};

const LOG: &str = "/api/v2/auditlog";

/// A log of entries at these moments, each named after its position.
fn serve_log(dates: &[i64]) -> Server {
    let mut account = Account::new(NOW_MS);
    let entries = dates.iter().enumerate();
    account.audit_log =
        entries.map(|(number, date)| AuditEntry::new(number.to_string(), *date)).collect();
    serve(account)
}

fn ids(server: &Server, query: &str) -> String {
    let page = json(server, &format!("{LOG}?{query}"));
    items(&page).iter().filter_map(|entry| entry["_id"].as_str()).collect()
}

fn next(server: &Server, query: &str) -> Option<String> {
    let page = json(server, &format!("{LOG}?{query}"));
    assert!(page.get("totalCount").is_none());
    page["_links"]["next"]["href"].as_str().map(str::to_owned)
}

#[test]
fn entries_come_newest_first_and_lead_to_older_ones() {
    let server = serve_log(&[10, 30, 20, 40]);
    assert_eq!(ids(&server, ""), "3120");
    assert_eq!(next(&server, "limit=2").as_deref(), Some("/api/v2/auditlog?before=30&limit=2"));
    assert_eq!(ids(&server, "before=30&limit=2"), "20");
    assert_eq!(next(&server, "before=30&limit=2"), None);
    let limited = next(&server, "limit=1&after=10");
    assert_eq!(limited.as_deref(), Some("/api/v2/auditlog?after=10&before=40&limit=1"));
    assert_eq!(ids(&server, "after=10"), "312");
    assert_eq!(walk(&server, &format!("{LOG}?limit=1&after=10")).len(), 3);
}

#[test]
fn the_next_page_skips_entries_of_the_last_millisecond() {
    let server = serve_log(&[5, 5, 5, 4]);
    assert_eq!(walk(&server, &format!("{LOG}?limit=2")).len(), 3);
    server.behave(|behaviour| behaviour.audit_before = Boundary::Inclusive);
    assert_eq!(ids(&server, "before=5&limit=2"), "01");
    assert_eq!(ids(&server, "before=5"), "0123");
}

#[test]
fn a_page_has_ten_entries_or_up_to_twenty() {
    let dates: Vec<i64> = (0..50).collect();
    let server = serve_log(&dates);
    let count = |query: &str| items(&json(&server, &format!("{LOG}?{query}"))).len();
    assert_eq!((count(""), count("limit=20"), count("limit=21")), (10, 20, 20));
    let status = |query: &str| get(&server, &format!("{LOG}?{query}")).status;
    assert_eq!((status("limit=0"), status("before=noon"), status("after=1.5")), (400, 400, 400));
    server.behave(|behaviour| behaviour.over_limit = OverLimit::Reject);
    assert_eq!((status("limit=21"), status("limit=20")), (400, 200));
    server.behave(|behaviour| behaviour.maximum.insert(Family::AuditLog, 7));
    assert_eq!(count(""), 7);
}

#[test]
fn an_entry_says_who_did_what_to_what() {
    let mut account = company::account(NOW_MS);
    let mut entry = AuditEntry::new("e", NOW_MS).by(account.members[0].id.clone());
    entry.accesses.clear();
    entry.token_name = Some("laptop".to_owned());
    let entry = entry.with_access("updateOn", "proj/payments;pci:env/production;guarded:flag/f;x");
    account.audit_log = vec![entry];
    let entry = &json(&serve(account), LOG)["items"][0];
    assert_eq!(
        entry["title"],
        "[Noor Haddad](mailto:noor.haddad@harbourlane.example) turned on the flag [e](https://app.launchdarkly.com/flags/e) in `Production`"
    );
    assert_eq!(entry["parent"]["resource"], "proj/payments;pci:env/production;guarded");
    assert_eq!(entry["target"]["resources"][0], entry["accesses"][0]["resource"]);
    assert_eq!(entry["token"]["ending"], "fake-secret-audit-token");
    assert_eq!(entry["token"]["serviceToken"], false);
}

#[test]
fn the_demo_account_has_a_log_of_four_months() {
    let account = company::account(NOW_MS);
    let log = &account.audit_log;
    assert!((250..=350).contains(&log.len()), "{}", log.len());
    assert!(log.windows(2).all(|pair| pair[0].date_ms >= pair[1].date_ms));
    let age = |entry: &AuditEntry| (NOW_MS - entry.date_ms) / 86_400_000;
    assert!(log.iter().all(|entry| (0..=120).contains(&age(entry))));
    let ids: BTreeSet<_> = log.iter().map(|entry| &entry.id).collect();
    assert_eq!(ids.len(), log.len());
    let mut shared: BTreeMap<i64, usize> = BTreeMap::new();
    log.iter().for_each(|entry| *shared.entry(entry.date_ms).or_default() += 1);
    assert!(shared.values().any(|count| *count > 3), "{shared:?}");
    let verbs: BTreeSet<_> = log.iter().map(|entry| &*entry.title_verb).collect();
    assert!(verbs.len() > 7, "{verbs:?}");
    let has = |is: &dyn Fn(&AuditEntry) -> bool| log.iter().any(is);
    assert!(has(&|entry| entry.comment.as_deref() == Some("")));
    assert!(has(&|entry| entry.comment.is_none()));
    assert!(has(&|entry| entry.app.is_some()) && has(&|entry| entry.token_name.is_some()));
    assert!(has(&|entry| entry.accesses.len() > 1));
    let departed = |entry: &AuditEntry| {
        entry.member_id.as_ref().is_some_and(|id| account.member(id).is_none())
    };
    assert!(has(&departed));
}

#[test]
fn the_lists_of_the_demo_account() {
    let server = serve_company();
    let beta = |path: &str| get_as(&server, path, DEMO_TOKEN, "LD-API-Version: beta\r\n").json();
    let lists = [
        ("/api/v2/approval-requests?limit=200", 8),
        ("/api/v2/projects/storefront/context-kinds", 3),
        ("/api/v2/projects/storefront/ai-configs", 2),
    ];
    for (path, count) in lists {
        assert_eq!(items(&json(&server, path)).len(), count, "{path}");
    }
    let pipelines = beta("/api/v2/projects/storefront/release-pipelines");
    assert_eq!((items(&pipelines).len(), &pipelines["totalCount"]), (2, &Value::from(2)));
    assert!(pipelines.get("_links").is_none());
    assert_eq!(items(&beta("/api/v2/projects/payments/release-pipelines")).len(), 0);
    let views = beta("/api/v2/projects/storefront/views");
    assert!(items(&views).len() > 2 && views["_links"].is_object());
    assert_eq!(get(&server, "/api/v2/projects/storefront/views").status, 403);
    assert_eq!(get(&server, "/api/v2/projects/nowhere/ai-configs").status, 404);
}

#[test]
fn launchdarkly_tells_its_verdict_where_it_is_asked_and_has_one() {
    let server = serve_company();
    let verdicts = |project: &str, query: &str| {
        let flags = walk(&server, &format!("/api/v2/flags/{project}?limit=100{query}"));
        flags.into_iter().map(|flag| flag["stale"].clone()).collect::<Vec<_>>()
    };
    let count = |verdicts: &[Value], name: &str| {
        verdicts.iter().filter(|verdict| verdict[name] == true).count()
    };
    assert!(verdicts("storefront", "").iter().all(Value::is_null));
    let asked = verdicts("storefront", "&expand=evaluation,archiveChecks");
    assert!(asked.iter().all(Value::is_object));
    assert!(count(&asked, "readyForCodeRemoval") > 2 && count(&asked, "readyToArchive") > 2);
    assert!(verdicts("internal-tools", "&expand=archiveChecks").iter().all(Value::is_null));
    let archived = verdicts("storefront", "&expand=archiveChecks&filter=state%3Aarchived");
    assert!(archived.iter().all(Value::is_null));
}
