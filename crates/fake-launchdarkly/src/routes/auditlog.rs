//! `/auditlog`

use std::borrow::Cow;
use std::cmp::Reverse;

use super::Route;
use crate::account::AuditEntry;
use crate::call::{Call, Outcome, Refusal};
use crate::json::{self, Object};
use crate::paging::{href, limit, next};
use crate::render::audit;
use crate::{Boundary, Family};

pub(super) const ROUTES: &[Route] =
    &[Route { family: Family::AuditLog, pattern: "auditlog", answer: list }];

/// Newest first, and never more than [`limit`] at a time: clients ask for older entries with
/// `before`.
fn list(call: &Call) -> Outcome {
    let limit = limit(call, Family::AuditLog)?;
    let entries = chosen(call)?;
    let shown = &entries[..limit.min(entries.len())];
    let account = &call.stored.account;
    let items = json::array(shown.iter().map(|entry| audit::entry(account, entry)));
    let links = links(call, limit, shown.last().copied(), entries.len() > limit);
    Ok(Object::new().raw("items", &items).raw("_links", &links).close())
}

/// Entries of one millisecond stay in the account's order.
fn chosen<'a>(call: &Call<'a>) -> Result<Vec<&'a AuditEntry>, Refusal> {
    let (before, after) = (time(call, "before")?, time(call, "after")?);
    let early = |entry: &&AuditEntry| {
        before.is_none_or(|before| match call.behaviour.audit_before {
            Boundary::Exclusive => entry.date_ms < before,
            Boundary::Inclusive => entry.date_ms <= before,
        })
    };
    let late = |entry: &&AuditEntry| after.is_none_or(|after| entry.date_ms > after);
    let log = &call.stored.account.audit_log;
    let spec = call.query.get("spec");
    let fits = |entry: &&AuditEntry| {
        let mut resources = entry.accesses.iter().map(|(_, resource)| resource);
        spec.is_none_or(|spec| resources.any(|resource| is_within(spec, resource)))
    };
    let mut entries: Vec<_> = log.iter().filter(early).filter(late).filter(fits).collect();
    entries.sort_by_key(|entry| Reverse(entry.date_ms));
    Ok(entries)
}

/// Whether a specifier names a resource. A key that is `*`, in either, stands for all.
fn is_within(spec: &str, resource: &str) -> bool {
    let parts = |text: &str| -> Vec<(String, String)> {
        let part = |part: &str| {
            let (kind, key) = part.split_once('/').unwrap_or((part, ""));
            (kind.to_owned(), key.split(';').next().unwrap_or_default().to_owned())
        };
        text.split(':').map(part).collect()
    };
    let (spec, resource) = (parts(spec), parts(resource));
    let is_same = |one: &(String, String), other: &(String, String)| {
        one.0 == other.0 && (one.1 == other.1 || one.1 == "*" || other.1 == "*")
    };
    spec.len() == resource.len()
        && spec.iter().zip(&resource).all(|(one, other)| is_same(one, other))
}

fn time(call: &Call, name: &str) -> Result<Option<i64>, Refusal> {
    let parse =
        |text: &str| text.parse().map_err(|_| Refusal::invalid(format!("{name} is no time")));
    call.query.get(name).map(parse).transpose()
}

/// `self`, and `next` if there are older entries. `next` continues before the last entry's
/// millisecond, and so skips other entries of that millisecond.
fn links(call: &Call, limit: usize, last: Option<&AuditEntry>, more: bool) -> String {
    let link = |before: Option<String>| {
        let given = call.query.get("after").map(|after| ("after".into(), after.into()));
        let before = before.map(|before| ("before".into(), before.into()));
        let pairs: Vec<(Cow<str>, Cow<str>)> = given.into_iter().chain(before).collect();
        href(call.path, &pairs, Some(limit), 0)
    };
    let before = call.query.get("before").map(str::to_owned);
    let here = link(before.clone());
    let following = link(last.map(|entry| entry.date_ms.to_string()).or(before));
    let next = next(&call.behaviour.next_links, here.clone(), following, more);
    let next = next.filter(|_| !call.behaviour.omit_page_links);
    json::links([("self", here)].into_iter().chain(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_specifier_names_resources_of_its_own_kind() {
        for (spec, resource, expected) in [
            ("proj/a:env/*:flag/f", "proj/a:env/b:flag/f;tag", true),
            ("proj/a:env/b:flag/f", "proj/a:env/*:flag/f", true),
            ("proj/a:env/*:flag/f", "proj/a:env/b:flag/g", false),
            ("proj/a:env/*:flag/f", "proj/a:env/b:segment/f", false),
            ("proj/a", "proj/a:env/b:flag/f", false),
        ] {
            assert_eq!(is_within(spec, resource), expected, "{spec} {resource}");
        }
    }
}
