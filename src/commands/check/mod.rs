//! `flaglake check`: tests whether the token is valid and may read all that an extraction needs.

mod line;
mod writes;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::json;

use self::line::{Line, Outcome};
use super::schema::print as write;
use super::{Session, connect, hints, policy};
use crate::cli::{CheckArguments, Format};
use crate::error::Kind;
use crate::extract::{NO_TEAMS, is_unavailable, no_project_seen, request, without};
use crate::launchdarkly::identity::CallerIdentity;
use crate::launchdarkly::json_stream::page::End;
use crate::launchdarkly::{Client, Endpoint, Request};
use crate::model::resource::{AnyResource, Group, Paging, Resource};
use crate::model::scope::Level;
use crate::resources::environments::{Environment, Environments};
use crate::resources::flag_statuses::{FlagStatus, FlagStatuses};
use crate::resources::flags::{Flag, Flags};
use crate::resources::projects::{Project, Projects};
use crate::resources::tags::Tags;
use crate::resources::team_maintainers::TeamMaintainers;
use crate::resources::teams::{Team, Teams};
use crate::system::interrupt::Interrupt;
use crate::{Error, Result, resources};

/// Runs the checks and prints a line for each.
///
/// # Errors
/// The first check that failed.
pub async fn run(arguments: &CheckArguments) -> Result<()> {
    let wanted = arguments.wanted.resources();
    if arguments.print_policy && arguments.writes {
        return policy::print_writes();
    }
    if arguments.print_policy {
        return policy::print(&wanted);
    }
    let session = connect(&arguments.connection, hints::of_reading).await?;
    let checked = async { Ok(check(&session, &wanted, arguments).await) };
    let lines = Interrupt::listen().or(checked).await?;
    let text = match arguments.format {
        Format::Text => {
            let width = lines.iter().map(|line| line.name.len()).max().unwrap_or_default();
            lines.iter().map(|line| line.to_text(width)).collect()
        }
        Format::Json => {
            format!("{:#}\n", json!(lines.iter().map(Line::to_json).collect::<Vec<_>>()))
        }
    };
    write(&text)?;
    let failed = lines.into_iter().find_map(|line| match line.outcome {
        Outcome::Failed(error) => Some(error),
        _ => None,
    });
    failed.map_or(Ok(()), Err)
}

async fn check(
    session: &Session,
    wanted: &BTreeSet<&'static str>,
    arguments: &CheckArguments,
) -> Vec<Line> {
    let client = &session.client;
    let identity = client.caller_identity().await;
    let identity = match identity {
        Ok(identity) => identity,
        Err(error) => return vec![Line::of("token", Err(error))],
    };
    let described = describe(&identity, session.base_uri.as_str());
    let mut lines = vec![Line::of("token", Ok(described))];
    let mut places = Places::default();
    lines.extend(check_projects(client, &mut places).await);
    lines.push(Line::of("tags", counted::<Tags>(client, &[], "tags").await));
    lines.extend(check_teams(client, &mut places).await);
    let others = resources::ALL.iter().filter(|one| one.group() != Group::Core);
    for resource in others.filter(|one| wanted.contains(one.name())) {
        lines.push(check_other(client, *resource, &places, arguments.wanted.strict).await);
    }
    lines.retain(|line| line.name == "token" || wanted.contains(line.name));
    if arguments.writes {
        lines.extend(writes::check(client, &identity).await);
    }
    lines
}

/// The scopes that are checked: the first project, environment and team.
#[derive(Default)]
struct Places {
    project: Option<String>,
    environment: Option<String>,
    team: Option<String>,
}

impl Places {
    /// The keys in the path of a resource; `None` if the account has no such scope.
    fn keys(&self, level: Level) -> Option<Vec<&str>> {
        let (project, environment) = (self.project.as_deref(), self.environment.as_deref());
        match level {
            Level::Account => Some(Vec::new()),
            Level::Team => Some(vec![self.team.as_deref()?]),
            Level::Project => Some(vec![project?]),
            Level::Environment => Some(vec![project?, environment?]),
        }
    }
}

/// Checks an optional resource.
async fn check_other(
    client: &Arc<Client>,
    resource: &'static dyn AnyResource,
    places: &Places,
    strict: bool,
) -> Line {
    let name = resource.name();
    let Some(keys) = places.keys(resource.level()) else {
        return Line::skipped(
            name,
            "not checked: the account has no project, environment or team to check it in",
        );
    };
    match look(client, resource, &keys).await {
        Err(error) if !strict && is_unavailable(&error) => {
            Line::skipped(name, without(name, &error))
        }
        outcome => Line::of(name, outcome),
    }
}

/// Requests the smallest part of a resource that the endpoint allows.
async fn look(client: &Arc<Client>, resource: &dyn AnyResource, keys: &[&str]) -> Result<String> {
    let request = Request::get(Endpoint::of_any(resource), keys);
    let full = resource.query().iter();
    let full = full.fold(request.clone(), |request, (name, value)| request.with(*name, value));
    match ask(client, resource, full).await {
        // Like an extraction: if the server rejects the query parameters, they are left out.
        Err(error) if error.http_status() == Some(400) => ask(client, resource, request).await,
        outcome => outcome,
    }
}

async fn ask(client: &Arc<Client>, resource: &dyn AnyResource, request: Request) -> Result<String> {
    let what = resource.name().replace('_', " ");
    match resource.paging() {
        Paging::Object => {
            client.object::<IgnoredAny>(&request).await?;
            Ok(format!("{what} can be read"))
        }
        Paging::Whole => {
            let (items, _) = client.list(&request, Vec::<IgnoredAny>::new()).await?;
            Ok(format!("{} {what}", items.len()))
        }
        Paging::Offset(_) | Paging::Before(_) => count::<IgnoredAny>(client, request, &what).await,
    }
}

fn describe(identity: &CallerIdentity, base_uri: &str) -> String {
    let or_unknown = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".into());
    let kind = match identity.service_token {
        Some(true) => "service".to_owned(),
        Some(false) => "personal".to_owned(),
        None => or_unknown(&identity.token_kind),
    };
    let (token, account) = (or_unknown(&identity.token_name), or_unknown(&identity.account_id));
    let base_uri = base_uri.trim_end_matches('/');
    format!("token `{token}` ({kind}) of account {account} at {base_uri}")
}

async fn check_projects(client: &Arc<Client>, places: &mut Places) -> Vec<Line> {
    let projects = first::<Projects, Project>(client, &[]).await;
    let key = projects
        .as_ref()
        .ok()
        .and_then(|(project, _)| project.as_ref())
        .map(|project| project.key.clone());
    let described = projects.and_then(|(project, end)| match project {
        Some(_) => Ok(total(&end, "projects")),
        None => Err(no_project()),
    });
    let mut lines = vec![Line::of("projects", described)];
    let Some(key) = key else {
        let names = ["flags", "environments", "flag_statuses"];
        lines.extend(names.map(|name| Line::without(name, "projects", false)));
        return lines;
    };
    places.project = Some(key.clone());
    let flags = first::<Flags, Flag>(client, &[&key]).await;
    let within = |text: String| format!("{text} in project `{key}`");
    lines.push(Line::of("flags", flags.map(|(_, end)| within(total(&end, "flags")))));
    let environments = first::<Environments, Environment>(client, &[&key]).await;
    let first =
        environments.as_ref().ok().and_then(|(one, _)| one.as_ref()).map(|one| one.key.clone());
    let found = environments.is_ok();
    let described = environments.map(|(_, end)| within(total(&end, "environments")));
    lines.push(Line::of("environments", described));
    places.environment.clone_from(&first);
    lines.push(match first {
        Some(environment) => check_statuses(client, &key, &environment).await,
        None => Line::without("flag_statuses", "environments", found),
    });
    lines
}

/// The error for a token that sees no projects. Every account has one, so permissions are missing.
fn no_project() -> Error {
    Error::new(Kind::InvalidPermissions, no_project_seen())
        .resource(Projects::NAME)
        .hint("give the token's role that action: without a project, there is nothing to extract")
}

async fn check_statuses(client: &Arc<Client>, project: &str, environment: &str) -> Line {
    let request = request::<FlagStatuses>(&[project, environment]);
    let outcome = client.list(&request, Vec::<FlagStatus>::new()).await;
    let place = format!("`{project}/{environment}`");
    let text = |count| format!("{count} flag statuses in {place}");
    Line::of("flag_statuses", outcome.map(|(statuses, _)| text(statuses.len())))
}

async fn check_teams(client: &Arc<Client>, places: &mut Places) -> Vec<Line> {
    let teams = first::<Teams, Team>(client, &[]).await;
    if let Err(Some(404 | 405)) = teams.as_ref().map_err(Error::http_status).map(drop) {
        return ["teams", "team_maintainers"].map(|name| Line::skipped(name, NO_TEAMS)).into();
    }
    let first =
        teams.as_ref().ok().and_then(|(team, _)| team.as_ref()).map(|team| team.key.clone());
    places.team.clone_from(&first);
    let found = teams.is_ok();
    let mut lines = vec![Line::of("teams", teams.map(|(_, end)| total(&end, "teams")))];
    lines.push(match first {
        Some(team) => {
            let what = format!("maintainers of team `{team}`");
            let counted = counted::<TeamMaintainers>(client, &[&team], &what).await;
            Line::of("team_maintainers", counted)
        }
        None => Line::without("team_maintainers", "teams", found),
    });
    lines
}

/// The first item of a list, and the list's envelope.
async fn first<R, T>(client: &Arc<Client>, keys: &[&str]) -> Result<(Option<T>, End<T>)>
where
    R: Resource,
    T: DeserializeOwned + Send + 'static,
{
    let request = request::<R>(keys).with("limit", 1);
    let (items, end) = client.list(&request, Vec::new()).await?;
    Ok((items.into_iter().next(), end))
}

async fn counted<R: Resource>(client: &Arc<Client>, keys: &[&str], what: &str) -> Result<String> {
    count::<IgnoredAny>(client, request::<R>(keys), what).await
}

async fn count<T>(client: &Arc<Client>, request: Request, what: &str) -> Result<String>
where
    T: DeserializeOwned + Send + 'static,
{
    let (_, end) = client.list(&request.with("limit", 1), Vec::<T>::new()).await?;
    Ok(total(&end, what))
}

fn total<T>(end: &End<T>, what: &str) -> String {
    match end.total_count {
        Some(total) => format!("{total} {what}"),
        None => format!("{what} can be listed"),
    }
}
