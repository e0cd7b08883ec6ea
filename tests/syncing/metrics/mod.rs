//! Metrics: compared with what LaunchDarkly holds.

mod changes;
mod creation;
mod faults;
mod fields;

use fake_launchdarkly::Family;
use serde_json::Value;

use crate::setup::{METRICS, place, synced, write};
use crate::support::Run;

/// Two metrics in a file.
pub const TWO: &str = "key,name,event_key,measure,tags\n\
                       signup,Sign-ups,signed up,occurrence,\"a,b\"\n\
                       orders,Orders,ordered,count,\n";

/// Both metrics are in LaunchDarkly; the requests are forgotten.
pub fn two() -> Run {
    let run = place();
    write(&run, "metrics.csv", TWO);
    synced(&run, crate::setup::SYNC_METRICS, &[]);
    run.server.forget_requests();
    run
}

fn list() -> (Family, Vec<String>) {
    (Family::Metrics, vec!["web".to_owned()])
}

/// The metrics, as LaunchDarkly holds them.
pub fn metrics(run: &Run) -> Vec<Value> {
    let items = run.server.read(|account| account.lists.get(&list()).cloned());
    items.unwrap_or_default().iter().map(|item| serde_json::from_str(item).unwrap()).collect()
}

#[track_caller]
pub fn metric(run: &Run, key: &str) -> Value {
    let found = metrics(run).into_iter().find(|one| one["key"] == key);
    found.unwrap_or_else(|| panic!("there is no metric {key}"))
}

/// Changes a metric as somebody else does.
pub fn edit(run: &Run, key: &str, edit: impl Fn(&mut Value)) {
    run.server.change(|account| {
        for item in account.lists.entry(list()).or_default() {
            let mut metric: Value = serde_json::from_str(item).unwrap();
            if metric["key"] == key {
                edit(&mut metric);
                *item = metric.to_string();
            }
        }
    });
}

/// The writes, such as `PATCH signup`.
pub fn writes(run: &Run) -> Vec<String> {
    let writes = crate::setup::writes(run).into_iter();
    let key = |path: &str| path.trim_start_matches(METRICS).trim_start_matches('/').to_owned();
    writes.map(|one| format!("{} {}", one.method, key(&one.path)).trim_end().to_owned()).collect()
}

/// The actions of the newest entry of the audit log.
pub fn last_actions(run: &Run) -> Vec<String> {
    run.server.read(|account| {
        let last = account.audit_log.last().map(|entry| entry.accesses.clone());
        last.unwrap_or_default().into_iter().map(|(action, _)| action).collect()
    })
}
