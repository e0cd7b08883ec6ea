//! `/members`

use super::Route;
use crate::Family;
use crate::account::Member;
use crate::call::{Call, Outcome};
use crate::filter::Filter;
use crate::paging::{List, page};
use crate::render::people;

pub(super) const ROUTES: &[Route] =
    &[Route { family: Family::Members, pattern: "members", answer: list }];

fn list(call: &Call) -> Outcome {
    let account = &call.stored.account;
    let filter = Filter::parse(call)?.only(&["query", "role", "id", "email"])?;
    let chosen = |member: &&Member| {
        let names =
            [&member.first_name, &member.last_name].map(|name| name.as_deref().unwrap_or(""));
        filter.has_one("role", &member.role)
            && filter.has_one("id", &member.id)
            && filter.has_one("email", &member.email)
            && filter.has_words(&[&member.email, names[0], names[1]])
    };
    let items = account.members.iter().filter(chosen).collect();
    let list = List { unfiltered: account.members.len(), ..List::whole(items) };
    page(call, Family::Members, list, |member, text| {
        text.push_str(&people::member(account, member));
    })
}
