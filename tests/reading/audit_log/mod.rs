//! The audit log: read from the newest known entry back, complete, and never twice.

mod lakes;
mod late;
mod parts;
mod stops;
mod walk;

use fake_launchdarkly::Behaviour;
use fake_launchdarkly::account::Account;
use fake_launchdarkly::account::AuditEntry;

use crate::support::Run;
use crate::support::rows;

/// One day before the account's current time.
fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

const DAY: i64 = 24 * 3_600_000;

fn entry(number: usize, date_ms: i64) -> AuditEntry {
    AuditEntry::new(format!("{number:024x}"), date_ms)
}

fn run_with(entries: impl IntoIterator<Item = AuditEntry>) -> Run {
    let mut account = Account::new(now());
    account.audit_log.extend(entries);
    Run::new(account, Behaviour::default())
}

fn extract(run: &Run, more: &[&str]) {
    let arguments = [&["--resources", "audit_log"], more].concat();
    run.extract(&arguments);
}

fn ids(run: &Run) -> Vec<String> {
    rows(&run.database(), "SELECT entry_id FROM audit_log_entries ORDER BY 1")
}

fn requests(run: &Run) -> usize {
    run.requests("/auditlog")
}

const MINUTE: i64 = 60_000;
