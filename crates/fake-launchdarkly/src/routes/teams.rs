//! `/teams`

use super::Route;
use crate::Family;
use crate::account::Team;
use crate::call::{Call, Outcome, Refusal};
use crate::filter::Filter;
use crate::paging::{List, page};
use crate::render::people::{self, TeamParts};

pub(super) const ROUTES: &[Route] = &[
    Route { family: Family::Teams, pattern: "teams", answer: list },
    Route { family: Family::Teams, pattern: "teams/{team}", answer: one },
    Route {
        family: Family::TeamMaintainers,
        pattern: "teams/{team}/maintainers",
        answer: maintainers,
    },
];

fn list(call: &Call) -> Outcome {
    let account = &call.stored.account;
    let filter = Filter::parse(call)?.only(&["query", "nomembers"])?;
    let without_members = filter.get("nomembers") == Some("true");
    let chosen = |team: &&Team| {
        let name = team.name.as_deref().unwrap_or("");
        filter.has_words(&[&team.key, name]) && (!without_members || team.member_ids.is_empty())
    };
    let items = account.teams.iter().filter(chosen).collect();
    let list = List { unfiltered: account.teams.len(), ..List::whole(items) };
    // Version 20240415 expands roles for a single team only.
    let parts = TeamParts { roles: false, ..parts(call) };
    page(call, Family::Teams, list, |team, text| {
        text.push_str(&people::team(account, call.behaviour, team, parts));
    })
}

fn one(call: &Call) -> Outcome {
    let account = &call.stored.account;
    Ok(people::team(account, call.behaviour, found(call)?, parts(call)))
}

fn maintainers(call: &Call) -> Outcome {
    let members = people::maintainers(&call.stored.account, found(call)?);
    let parent = Some(people::team_path(call.argument(0)));
    let list = List { parent, ..List::whole(members) };
    page(call, Family::TeamMaintainers, list, |member, text| {
        text.push_str(&people::member_summary(member));
    })
}

fn found<'a>(call: &Call<'a>) -> Result<&'a Team, Refusal> {
    call.stored.account.team(call.argument(0)).ok_or_else(|| Refusal::documented(404))
}

fn parts(call: &Call) -> TeamParts {
    TeamParts {
        members: call.expands("members"),
        maintainers: call.expands("maintainers"),
        roles: call.expands("roles"),
        role_attributes: call.expands("roleAttributes"),
    }
}
