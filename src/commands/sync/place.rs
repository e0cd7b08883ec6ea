//! The account, and the environment that a sync writes to.

use std::sync::Arc;

use serde::Deserialize;

use crate::cli::{SyncCommand, SyncConnection};
use crate::commands::{Session, demo_account, hints};
use crate::launchdarkly::writes::places;
use crate::launchdarkly::{Client, Token};
use crate::{Error, Result};

/// Connects to the account of a command.
///
/// # Errors
/// `usage` or `invalid_credentials`.
pub(super) async fn session(command: &SyncCommand) -> Result<Session> {
    let connection = match command {
        SyncCommand::Metrics(one) => &one.connection,
        SyncCommand::Events(one) => &one.connection,
        SyncCommand::Segment(one) => &one.connection,
        SyncCommand::Run(one) => &one.connection,
        SyncCommand::Status(one) => &one.connection,
        SyncCommand::Log(one) => &one.connection,
        SyncCommand::Forget(one) => &one.connection,
    };
    connect(connection, matches!(command, SyncCommand::Events(_))).await
}

/// Connects to an account. Events need the address of the events host.
pub(super) async fn connect(connection: &SyncConnection, has_events: bool) -> Result<Session> {
    let (base_uri, token, demo) = if connection.connection.demo {
        demo_account().await?
    } else {
        let file = connection.connection.access_token_file.as_deref();
        let variable = connection.connection.access_token_variable.as_deref();
        (connection.connection.address()?, Token::find(file, variable, hints::of_writing)?, None)
    };
    let events_uri = match &demo {
        Some(_) => Some(base_uri.clone()),
        None => connection.events_address(&base_uri)?,
    };
    if has_events && events_uri.is_none() {
        return Err(Error::usage("`--base-uri` needs `--events-uri` for metric events")
            .hint("the events host has another address than the API"));
    }
    let mut options = connection.connection.client_options(base_uri.clone());
    options.events_uri = events_uri;
    let client = Arc::new(Client::new(&options, token, hints::of_writing)?);
    Ok(Session { client, base_uri, projects_at_once: 1, demo })
}

#[derive(Deserialize)]
struct Environment {
    key: String,
    #[serde(rename = "_id", default)]
    id: String,
}

/// The project and the environment of a command; `None` for metrics, which have no environment.
///
/// # Errors
/// `usage` if no environment has the client-side ID.
pub(super) async fn place(
    command: &SyncCommand,
    session: &Session,
) -> Result<Option<(String, String)>> {
    let environment = match command {
        SyncCommand::Events(one) => &one.environment,
        SyncCommand::Segment(one) => &one.environment,
        _ => return Ok(None),
    };
    match (environment.keys(), &environment.client_side_id) {
        (Some((project, key)), _) => Ok(Some((project.to_owned(), key.to_owned()))),
        (None, Some(id)) => of_client_side_id(&session.client, id).await.map(Some),
        (None, None) => Err(Error::usage("`--project` and `--environment` are needed")),
    }
}

/// Looks for the environment in all projects: the API has no search by ID.
async fn of_client_side_id(client: &Client, id: &str) -> Result<(String, String)> {
    let mut projects = places::projects(client);
    while let Some(page) = projects.next_page().await? {
        for project in page {
            if let Some(environment) = environment_of(client, &project.key, id).await? {
                return Ok((project.key, environment));
            }
        }
    }
    Err(Error::usage(format!("no environment has the client-side ID `{id}`"))
        .hint("the token sees only the environments that its role may view"))
}

async fn environment_of(client: &Client, project: &str, id: &str) -> Result<Option<String>> {
    let all: Vec<Environment> = places::environments(client, project).all().await?;
    Ok(all.into_iter().find(|one| one.id == id).map(|one| one.key))
}
