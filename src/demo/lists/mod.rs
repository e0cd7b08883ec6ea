//! Lists that follow from the account and are served as they come: one file per family.
//!
//! To add one: a file with a [`Listing`], its name below, and its [`Family`].

mod access_tokens;
mod ai_configs;
mod applications;
mod approval_requests;
mod big_segment_stores;
mod code_reference_repositories;
mod code_references;
mod context_kinds;
mod destinations;
mod experiments;
mod holdouts;
mod integration_configurations;
mod layers;
mod metric_groups;
mod metrics;
mod relay_proxy_configurations;
mod release_pipelines;
pub(super) mod roles;
mod segments;
pub(super) mod team_roles;
mod views;
mod webhooks;

use super::Family;
use super::account::{Account, Json};
use super::call::{Call, Outcome, Refusal};
use super::json::{self, Object};
use super::paging::{self, List};
use super::routes::Route;

/// How a list says how many items it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Total {
    /// `totalCount`
    Camel,
    /// `total_count`
    Snake,
    /// Not at all.
    None,
}

/// A list: where it is, and what is in it.
pub(super) struct Listing {
    /// The family whose permission and limits apply.
    pub family: Family,
    /// The path below `/api/v2`, with arguments in braces.
    pub pattern: &'static str,
    /// The default and the largest page; `None` where one answer holds everything.
    pub pages: Option<(usize, usize)>,
    /// How it says how many items it has.
    pub total: Total,
    /// The JSON of its items. The path's arguments name things that exist.
    pub items: fn(&Account, &[String]) -> Vec<Json>,
}

/// All of them.
const LISTINGS: &[&Listing] = &[
    &access_tokens::LISTING,
    &applications::LISTING,
    &big_segment_stores::LISTING,
    &destinations::LISTING,
    &integration_configurations::LISTING,
    &relay_proxy_configurations::LISTING,
    &roles::LISTING,
    &team_roles::LISTING,
    &webhooks::LISTING,
    &code_reference_repositories::LISTING,
    &segments::LISTING,
    &metrics::LISTING,
    &metric_groups::LISTING,
    &experiments::LISTING,
    &holdouts::LISTING,
    &layers::LISTING,
    &ai_configs::LISTING,
    &approval_requests::LISTING,
    &context_kinds::LISTING,
    &release_pipelines::LISTING,
    &views::LISTING,
];

/// Their routes.
pub(super) fn routes() -> impl Iterator<Item = Route> {
    let lists = LISTINGS.iter().map(|listing| Route {
        family: listing.family,
        pattern: listing.pattern,
        answer,
    });
    lists.chain([code_references::ROUTE])
}

/// The default and the largest page of a family's list.
pub(super) fn pages(family: Family) -> Option<(usize, usize)> {
    LISTINGS.iter().find(|listing| listing.family == family)?.pages
}

fn answer(call: &Call) -> Outcome {
    let listing = LISTINGS.iter().find(|listing| listing.family == call.family);
    let listing = listing.ok_or_else(|| Refusal::documented(404))?;
    existing(call, listing.pattern)?;
    let items = items(call, listing);
    let whole = listing.pages.is_none() || listing.total == Total::None;
    if listing.pages.is_none() {
        return Ok(unpaged(call, &items, listing.total == Total::Camel));
    }
    let list = List {
        counted: !whole,
        snake: listing.total == Total::Snake,
        // Its schema has no links: whoever wants more counts.
        linked: listing.family != Family::ReleasePipelines,
        ..List::whole(items)
    };
    paging::page(call, listing.family, list, |item, text| text.push_str(item))
}

/// What a test has put in the list's place, or what follows from the account.
fn items(call: &Call, listing: &Listing) -> Vec<Json> {
    let account = &call.stored.account;
    let instead = account.lists.get(&(listing.family, call.arguments.to_vec()));
    instead.cloned().unwrap_or_else(|| (listing.items)(account, call.arguments))
}

fn unpaged(call: &Call, items: &[Json], counted: bool) -> String {
    let links = json::links([("self", call.path.to_owned())]);
    let total = (counted && !call.behaviour.omit_total_count).then_some(items.len() as i64);
    let object = Object::new().raw("_links", &links).integer_if("totalCount", total);
    object.raw("items", &json::array(items.iter().cloned())).close()
}

/// Answers 404 for a project, environment or team that is not there, 403 for one that is hidden.
fn existing(call: &Call, pattern: &str) -> Result<(), Refusal> {
    let account = &call.stored.account;
    if pattern.contains("{project}") {
        let project = &account.projects[call.project()?];
        let has = |key: &str| project.environments.iter().any(|one| one.key == key);
        if pattern.contains("{environment}") && !has(call.argument(1)) {
            return Err(Refusal::documented(404));
        }
    }
    match pattern.contains("{team}") && account.team(call.argument(0)).is_none() {
        true => Err(Refusal::documented(404)),
        false => Ok(()),
    }
}
