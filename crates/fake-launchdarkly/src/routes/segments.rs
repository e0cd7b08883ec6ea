//! `/segments/{project}/{environment}/{segment}`, and whether one context is a member.

use super::Route;
use crate::Family;
use crate::account::Json;
use crate::call::{Call, Outcome, Refusal};
use crate::json::Object;
use crate::lists;

pub(super) const ROUTES: &[Route] = &[
    Route {
        family: Family::Segments,
        pattern: "segments/{project}/{environment}/{segment}",
        answer: one,
    },
    Route {
        family: Family::Segments,
        pattern: "segments/{project}/{environment}/{segment}/contexts/{context}",
        answer: membership,
    },
    Route {
        family: Family::Segments,
        pattern: "segments/{project}/{environment}/{segment}/users/{context}",
        answer: membership,
    },
];

fn one(call: &Call) -> Outcome {
    let project = &call.stored.account.projects[call.project()?];
    if project.environment(call.argument(1)).is_none() {
        return Err(Refusal::documented(404));
    }
    found(call).ok_or_else(|| Refusal::documented(404))
}

fn found(call: &Call) -> Option<Json> {
    let items = lists::shown(call, Family::Segments, &call.arguments[..2]);
    lists::by_key(&items, call.argument(2)).map(|found| items[found].clone())
}

/// Whether a context is a member of a big segment; other segments are refused.
fn membership(call: &Call) -> Outcome {
    let segment = one(call)?;
    if !lists::is_big(&segment) {
        return Err(Refusal::invalid("only big segments have memberships"));
    }
    let key = call.argument(3);
    let big = call.stored.written.big(&call.arguments[..3]);
    let (included, excluded) = big.map_or((false, false), |big| big.membership(key));
    Ok(Object::new()
        .text("userKey", key)
        .boolean("included", included)
        .boolean("excluded", excluded)
        .close())
}
