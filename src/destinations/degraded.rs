//! Resources that an earlier extraction could read, and that LaunchDarkly refuses to this one.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::resource::Group;
use crate::record::{Facts, Outcome, Record};
use crate::resources;
use crate::terminal::spelled_out;

/// The resources and scopes that were read, each with the start of the newest run that read it.
pub(super) type LastRead = BTreeMap<(String, String), String>;

/// A resource that is refused, although an earlier extraction of the account could read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Degraded {
    /// The resource.
    pub resource: &'static str,
    /// The scopes: project keys or `project/environment`; empty for the whole account.
    pub scopes: Vec<String>,
    /// The start of the last run that read it; the earliest time where there are several scopes.
    pub read_at: String,
    /// Whether the tables still hold the rows that the run read.
    pub keeps_rows: bool,
    /// The HTTP status of LaunchDarkly's answer.
    pub status: Option<i64>,
}

/// The number of scopes that a message names at most.
const NAMED: usize = 5;

impl Degraded {
    /// A sentence for people.
    pub fn sentence(&self) -> String {
        let Degraded { resource, read_at, .. } = self;
        let answered = self.status.map(|status| format!(" (LaunchDarkly answered {status})"));
        let answered = answered.unwrap_or_default();
        let place = self.place();
        let rows = if self.keeps_rows {
            format!("its rows are stale, as of {read_at}")
        } else {
            format!("this extraction has no rows of it; it was last read at {read_at}")
        };
        format!("{resource} could be read before, and is refused now{place}{answered}: {rows}")
    }

    fn place(&self) -> String {
        let named = self.scopes.iter().take(NAMED).map(|scope| format!("`{}`", spelled_out(scope)));
        let names = named.collect::<Vec<_>>().join(", ");
        match self.scopes.len().saturating_sub(NAMED) {
            0 if names.is_empty() => names,
            0 => format!(" in {names}"),
            more => format!(" in {names} and {more} more"),
        }
    }
}

/// The resources and scopes that `record` says are refused.
pub(super) fn refused(record: &Record) -> BTreeSet<(String, String)> {
    let refused = record.all().into_iter().filter(|(.., tally)| is_refused(&tally.facts()));
    refused.map(|(resource, scope, _)| (resource.to_owned(), scope.to_string())).collect()
}

const fn is_refused(facts: &Facts) -> bool {
    matches!(facts.outcome, Outcome::NotAvailable | Outcome::InvalidPermissions)
}

/// The refused resources of `record` that were read `before`. `keeps_rows` says whether the output
/// keeps rows of earlier runs.
pub(super) fn degraded(record: &Record, before: &LastRead, keeps_rows: bool) -> Vec<Degraded> {
    let mut found = BTreeMap::<&'static str, Degraded>::new();
    for (resource, scope, tally) in record.all() {
        let facts = tally.facts();
        let key = (resource.to_owned(), scope.to_string());
        let Some(read_at) = before.get(&key).filter(|_| is_refused(&facts)) else { continue };
        let one = found.entry(resource).or_insert_with(|| Degraded {
            resource,
            scopes: Vec::new(),
            read_at: read_at.clone(),
            keeps_rows: keeps_rows && !is_core(resource),
            status: facts.http_status,
        });
        one.scopes.extend(Some(key.1).filter(|scope| !scope.is_empty()));
        one.read_at = one.read_at.clone().min(read_at.clone());
    }
    found.into_values().collect()
}

/// Each run replaces the tables of core resources, so they hold no rows of earlier runs.
fn is_core(resource: &str) -> bool {
    resources::find(resource).is_some_and(|resource| resource.group() == Group::Core)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn degraded(scopes: &[&str], keeps_rows: bool) -> Degraded {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let read_at = "2026-11-20T02:00:00.000Z".to_owned();
        Degraded { resource: "members", scopes, read_at, keeps_rows, status: Some(403) }
    }

    #[test]
    fn a_sentence_names_resource_scopes_and_time() {
        assert_eq!(
            degraded(&[], true).sentence(),
            "members could be read before, and is refused now (LaunchDarkly answered 403): its rows \
             are stale, as of 2026-11-20T02:00:00.000Z"
        );
        let six = degraded(&["a", "b", "c", "d", "e", "f"], false).sentence();
        assert!(six.contains("now in `a`, `b`, `c`, `d`, `e` and 1 more (Launch"), "{six}");
        assert!(six.contains("has no rows of it; it was last read at 2026-11-20"), "{six}");
    }
}
