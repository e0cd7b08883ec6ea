//! Lists that are derived from the account and need no code in `routes/`: one file per family.
//!
//! To add a list, write a file with a [`Listing`] and add a line below.

/// Gives the listings to the macro `$then`: a file below, and the [`Family`] of its list.
macro_rules! every_listing {
    ($then:ident) => {
        $then! {
            access_tokens => AccessTokens,
            ai_configs => AiConfigs,
            applications => Applications,
            approval_requests => ApprovalRequests,
            big_segment_stores => BigSegmentStores,
            code_reference_repositories => CodeReferenceRepositories,
            context_kinds => ContextKinds,
            destinations => Destinations,
            experiments => Experiments,
            holdouts => Holdouts,
            integration_configurations => IntegrationConfigurations,
            layers => Layers,
            metric_groups => MetricGroups,
            metrics => Metrics,
            relay_proxy_configurations => RelayProxyConfigurations,
            release_pipelines => ReleasePipelines,
            roles => Roles,
            segments => Segments,
            team_roles => TeamRoles,
            views => Views,
            webhooks => Webhooks,
        }
    };
}
pub(crate) use every_listing;

macro_rules! declare {
    ($($module:ident => $family:ident),* $(,)?) => {
        $(pub(super) mod $module;)*
        /// All of them.
        const LISTINGS: &[(Family, &Listing)] = &[$((Family::$family, &$module::LISTING)),*];
    };
}
every_listing!(declare);

mod code_reference_files;
pub(crate) mod code_references;
mod find;

use super::Family;
use super::account::{Account, Json, Project};
use super::call::{Call, Outcome, Refusal};
use super::json::{self, Object};
use super::paging::{self, List};
use super::routes::Route;
use super::writes;

use code_reference_files::expand;
pub(super) use find::{by_id, by_key, is_archived, is_big, resource};

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
    /// The path below `/api/v2`, with arguments in braces.
    pub pattern: &'static str,
    /// The default and the largest page; `None` where one answer holds everything.
    pub pages: Option<(usize, usize)>,
    /// How it says how many items it has.
    pub total: Total,
    /// Whether it is in beta: it answers 403 without the header that asks for that.
    pub is_beta: bool,
    /// The JSON of its items. The path's arguments name things that exist.
    pub items: fn(&Account, &[String]) -> Vec<Json>,
}

/// Their routes.
pub(super) fn routes() -> impl Iterator<Item = Route> {
    let lists = LISTINGS.iter().map(|(family, listing)| Route {
        family: *family,
        pattern: listing.pattern,
        answer,
    });
    lists.chain([code_references::ROUTE])
}

/// The default and the largest page of a family's list.
pub(super) fn pages(family: Family) -> Option<(usize, usize)> {
    listing(family)?.pages
}

/// The list of a family, where it has one.
pub(super) fn listing(family: Family) -> Option<&'static Listing> {
    LISTINGS.iter().find(|(one, _)| *one == family).map(|(_, listing)| *listing)
}

/// The items of a family's list: those that a test or a write has set, or those derived from the
/// account.
pub(super) fn stored(account: &Account, family: Family, arguments: &[String]) -> Vec<Json> {
    let set = account.lists.get(&(family, arguments.to_vec())).cloned();
    let derived = || listing(family).map(|listing| (listing.items)(account, arguments));
    set.or_else(derived).unwrap_or_default()
}

/// All lists with their items, by family and by the arguments in the path.
pub(super) fn all(account: &Account) -> impl Iterator<Item = ((Family, Vec<String>), Vec<Json>)> {
    LISTINGS.iter().flat_map(move |(family, listing)| {
        let places = places(account, listing.pattern).into_iter();
        places.map(move |place| {
            let items = stored(account, *family, &place);
            ((*family, place), items)
        })
    })
}

/// The arguments for which a pattern names something that exists.
fn places(account: &Account, pattern: &str) -> Vec<Vec<String>> {
    let projects = account.projects.iter();
    let names = |segment: &str| pattern.split('/').any(|one| one == segment);
    if names("{environment}") {
        let environments = |project: &Project| {
            let keys = project.environments.iter().map(|one| one.key.clone());
            keys.map(|key| vec![project.key.clone(), key]).collect::<Vec<_>>()
        };
        projects.flat_map(environments).collect()
    } else if names("{project}") {
        projects.map(|project| vec![project.key.clone()]).collect()
    } else if names("{team}") {
        account.teams.iter().map(|team| vec![team.key.clone()]).collect()
    } else {
        vec![Vec::new()]
    }
}

/// The items as they are shown, with what has happened since they were written.
pub(super) fn shown(call: &Call, family: Family, arguments: &[String]) -> Vec<Json> {
    let mut items = stored(&call.stored.account, family, arguments);
    writes::refresh(call.stored, call.behaviour, (family, arguments), &mut items);
    items
}

fn answer(call: &Call) -> Outcome {
    let listing = listing(call.family).ok_or_else(|| Refusal::documented(404))?;
    existing(call, listing.pattern)?;
    let items = items(call);
    let whole = listing.pages.is_none() || listing.total == Total::None;
    if listing.pages.is_none() {
        return Ok(unpaged(call, &items, listing.total == Total::Camel));
    }
    let list = List {
        counted: !whole,
        snake: listing.total == Total::Snake,
        // Its schema has no links: clients continue by offset.
        linked: call.family != Family::ReleasePipelines,
        ..List::whole(items)
    };
    paging::page(call, call.family, list, |item, text| text.push_str(item))
}

fn items(call: &Call) -> Vec<Json> {
    let items = shown(call, call.family, call.arguments);
    match call.family {
        Family::Metrics if !call.behaviour.writes.list_archived_metrics => {
            items.into_iter().filter(|item| !is_archived(item)).collect()
        }
        Family::CodeReferenceRepositories => {
            let expand = |item: String| expand(&call.stored.account, call.query, &item);
            items.into_iter().map(expand).collect()
        }
        _ => items,
    }
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
    if pattern.contains("{team}") && account.team(call.argument(0)).is_none() {
        return Err(Refusal::documented(404));
    }
    Ok(())
}
