//! `/tags`

use super::Route;
use crate::Family;
use crate::call::{Call, Outcome};
use crate::json;
use crate::paging::{List, page};

pub(super) const ROUTES: &[Route] =
    &[Route { family: Family::Tags, pattern: "tags", answer: list }];

/// The items are plain strings.
fn list(call: &Call) -> Outcome {
    let tags = &call.stored.account.tags;
    let prefix = call.query.get("pre").unwrap_or("");
    let items = tags.iter().filter(|tag| tag.starts_with(prefix)).collect();
    let list = List { unfiltered: tags.len(), ..List::whole(items) };
    page(call, Family::Tags, list, |tag, text| text.push_str(&json::string(tag)))
}
