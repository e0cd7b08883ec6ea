//! `/metrics/{project}/{metric}`

use super::Route;
use crate::Family;
use crate::call::{Call, Outcome, Refusal};
use crate::lists;

pub(super) const ROUTES: &[Route] =
    &[Route { family: Family::Metrics, pattern: "metrics/{project}/{metric}", answer: one }];

fn one(call: &Call) -> Outcome {
    call.project()?;
    let items = lists::shown(call, Family::Metrics, &call.arguments[..1]);
    let position = lists::by_key(&items, call.argument(1));
    position.map(|found| items[found].clone()).ok_or_else(|| Refusal::documented(404))
}
