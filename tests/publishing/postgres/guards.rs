//! The guard on removals, what is refused later, and the plan.

use fake_launchdarkly::Family;
use fake_launchdarkly::account::DEMO_TOKEN;

use super::{demo, extract};
use crate::outputs::resumed::{failing, is_resumed};
use crate::support::postgres::server;

#[test]
fn too_many_removals_publish_nothing() {
    let Some((run, database)) = demo() else { return };
    extract(&run, &database.address(), &[]).succeeded();
    let count = "SELECT count(*) FROM launchdarkly.flags";
    let before = database.value(count);
    run.server.change(|account| account.projects[0].flags.truncate(1));
    extract(&run, &database.address(), &["--max-removals", "1"]).failed(12, "guarded");
    assert_eq!(database.value(count), before);
    assert_eq!(database.value("SELECT count(*) FROM launchdarkly.extractions"), "1");
}

#[test]
fn a_plan_knows_the_rows_of_the_last_extraction() {
    let Some((run, database)) = demo() else { return };
    let plan = |output: &str| extract(&run, output, &["--plan"]).succeeded().stdout;
    let unknown = plan(&database.address());
    extract(&run, &database.address(), &[]).succeeded();
    extract(&run, "sqlite:launchdarkly.db", &[]).succeeded();
    let known = plan(&database.address());
    assert_eq!(known, plan("sqlite:launchdarkly.db"));
    assert_ne!(known, unknown);
}

#[test]
fn entries_of_the_audit_log_are_read_once() {
    let Some((run, database)) = demo() else { return };
    let count = "SELECT count(*) FROM launchdarkly.audit_log_entries";
    extract(&run, &database.address(), &[]).succeeded();
    let (entries, requests) = (database.value(count), run.requests("/auditlog"));
    extract(&run, &database.address(), &[]).succeeded();
    assert_eq!(database.value(count), entries);
    assert!(run.requests("/auditlog") - requests < requests);
}

#[test]
fn what_is_refused_later_is_named() {
    let Some((run, database)) = demo() else { return };
    extract(&run, &database.address(), &[]).succeeded();
    run.server.change(|account| {
        let token = account.tokens.iter_mut().find(|token| token.value == DEMO_TOKEN).unwrap();
        token.profile.refused.insert(Family::Members, 403);
    });
    let ended = extract(&run, &database.address(), &["--fail-on", "degraded"]);
    ended.failed(14, "degraded");
    assert_ne!(database.value("SELECT count(*) FROM launchdarkly.members"), "0");
}

#[test]
fn a_run_to_a_schema_is_resumed() {
    if let Some(server) = server() {
        let database = server.database();
        is_resumed(&failing(), &database.address());
    }
}
