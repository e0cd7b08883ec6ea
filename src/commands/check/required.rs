//! The resources that every extraction reads.

use std::sync::Arc;

use super::line::Line;
use super::lists::{counted, first, total};
use super::names::Names;
use super::places::Places;
use crate::error::Kind;
use crate::extract::{NO_TEAMS, no_project_seen, request};
use crate::launchdarkly::Client;
use crate::model::resource::Resource;
use crate::model::scope::Level;
use crate::resources::environments::{Environment, Environments};
use crate::resources::flag_statuses::{FlagStatus, FlagStatuses};
use crate::resources::flags::{Flag, Flags};
use crate::resources::projects::{Project, Projects};
use crate::resources::tags::Tags;
use crate::resources::team_maintainers::TeamMaintainers;
use crate::resources::teams::{Team, Teams};
use crate::{Error, Result};

/// Checks them, and finds the first project, environment and team.
pub(super) async fn check(client: &Arc<Client>, names: &Names, places: &mut Places) -> Vec<Line> {
    let mut lines = Vec::new();
    if names.has_level(Level::Project) || names.has_level(Level::Environment) {
        lines.extend(check_projects(client, names, places).await);
    } else if names.has(Projects::NAME) {
        lines.push(check_first_project(client, places).await);
    }
    if names.has(Tags::NAME) {
        lines.push(Line::of(Tags::NAME, counted::<Tags>(client, &[], "tags").await));
    }
    if names.has(Teams::NAME) || names.has_level(Level::Team) {
        lines.extend(check_teams(client, names, places).await);
    }
    lines.retain(|line| names.has(line.name));
    lines
}

async fn check_projects(client: &Arc<Client>, names: &Names, places: &mut Places) -> Vec<Line> {
    let mut lines = vec![check_first_project(client, places).await];
    if names.has(Flags::NAME) {
        lines.push(check_flags(client, names, places).await);
    }
    if names.has(Environments::NAME) || names.has_level(Level::Environment) {
        lines.push(check_environments(client, names, places).await);
    }
    if names.has(FlagStatuses::NAME) {
        lines.push(check_statuses(client, names, places).await);
    }
    lines
}

async fn check_first_project(client: &Arc<Client>, places: &mut Places) -> Line {
    let projects = first::<Projects, Project>(client, &[]).await;
    places.project = match &projects {
        Ok((project, _)) => Ok(project.as_ref().map(|project| project.key.clone())),
        Err(error) => Err(error.clone()),
    };
    let described = projects.and_then(|(project, end)| match project {
        Some(_) => Ok(total(&end, "projects")),
        None => Err(no_project()),
    });
    Line::of(Projects::NAME, described)
}

/// The error for a token that sees no projects. Every account has one, so permissions are missing.
fn no_project() -> Error {
    Error::new(Kind::InvalidPermissions, no_project_seen())
        .resource(Projects::NAME)
        .hint("give the token's role that action: without a project, there is nothing to extract")
}

async fn check_flags(client: &Arc<Client>, names: &Names, places: &Places) -> Line {
    let keys = match places.keys(Flags::NAME, Level::Project, names) {
        Ok(keys) => keys,
        Err(line) => return line,
    };
    let flags = first::<Flags, Flag>(client, &keys).await;
    Line::of(Flags::NAME, flags.map(|(_, end)| within(&total(&end, "flags"), &keys)))
}

async fn check_environments(client: &Arc<Client>, names: &Names, places: &mut Places) -> Line {
    let keys = match places.keys(Environments::NAME, Level::Project, names) {
        Ok(keys) => keys,
        Err(line) => return line,
    };
    let environments = first::<Environments, Environment>(client, &keys).await;
    let line = Line::of(
        Environments::NAME,
        environments
            .as_ref()
            .map(|(_, end)| within(&total(end, "environments"), &keys))
            .map_err(Error::clone),
    );
    places.environment = environments.map(|(first, _)| first.map(|first| first.key));
    line
}

fn within(text: &str, keys: &[&str]) -> String {
    format!("{text} in project `{}`", keys.join("/"))
}

async fn check_statuses(client: &Arc<Client>, names: &Names, places: &Places) -> Line {
    let keys = match places.keys(FlagStatuses::NAME, Level::Environment, names) {
        Ok(keys) => keys,
        Err(line) => return line,
    };
    let outcome = client.list(&request::<FlagStatuses>(&keys), Vec::<FlagStatus>::new()).await;
    let text = |count| format!("{count} flag statuses in `{}`", keys.join("/"));
    Line::of(FlagStatuses::NAME, outcome.map(|(statuses, _)| text(statuses.len())))
}

async fn check_teams(client: &Arc<Client>, names: &Names, places: &mut Places) -> Vec<Line> {
    let teams = first::<Teams, Team>(client, &[]).await;
    if let Err(Some(404 | 405)) = teams.as_ref().map_err(Error::http_status).map(drop) {
        return [Teams::NAME, TeamMaintainers::NAME]
            .map(|name| Line::skipped(name, NO_TEAMS))
            .into();
    }
    places.team = match &teams {
        Ok((team, _)) => Ok(team.as_ref().map(|team| team.key.clone())),
        Err(error) => Err(error.clone()),
    };
    let mut lines = vec![Line::of(Teams::NAME, teams.map(|(_, end)| total(&end, "teams")))];
    if names.has(TeamMaintainers::NAME) {
        lines.push(check_maintainers(client, names, places).await);
    }
    lines
}

async fn check_maintainers(client: &Arc<Client>, names: &Names, places: &Places) -> Line {
    let outcome: Result<_, Line> = places.keys(TeamMaintainers::NAME, Level::Team, names);
    let keys = match outcome {
        Ok(keys) => keys,
        Err(line) => return line,
    };
    let what = format!("maintainers of team `{}`", keys.join("/"));
    let counted = counted::<TeamMaintainers>(client, &keys, &what).await;
    Line::of(TeamMaintainers::NAME, counted)
}
