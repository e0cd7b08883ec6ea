//! `flaglake check`: tests whether the token is valid and may read all that an extraction needs.

pub(in crate::commands) mod line;
mod lists;
mod names;
mod places;
mod required;
mod token_role;
mod writes;

use serde_json::json;

use self::line::{Line, Outcome};
use self::names::Names;
use self::places::Places;
use super::schema::print as write;
use super::{Session, connect, hints, policy};
use crate::Result;
use crate::cli::{CONNECTION, CheckArguments, Format};
use crate::launchdarkly::Client;
use crate::launchdarkly::identity::CallerIdentity;
use crate::model::resource::Group;
use crate::system::interrupt::Interrupt;
use crate::terminal::width::columns;

/// Runs the checks and prints a line for each.
///
/// # Errors
/// The first check that failed.
pub async fn run(arguments: &CheckArguments) -> Result<()> {
    if arguments.print_policy && arguments.writes {
        return policy::print_writes();
    }
    if arguments.print_policy {
        return policy::print(&arguments.wanted.resources());
    }
    let session = connect(&arguments.connection, hints::of_reading).await?;
    let checked = async { Ok(check(&session, arguments).await.lines) };
    let lines = Interrupt::listen().or(checked).await?;
    let text = match arguments.format {
        Format::Text => {
            let width = lines.iter().map(|line| line.name.len()).max().unwrap_or_default();
            lines.iter().map(|line| line.to_text(width, columns())).collect()
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

/// What the checks found.
pub(in crate::commands) struct Checked {
    pub lines: Vec<Line>,
    /// The owner of the token, if the connection was checked.
    pub identity: Option<CallerIdentity>,
}

/// Runs the checks.
pub(in crate::commands) async fn check(session: &Session, arguments: &CheckArguments) -> Checked {
    let client = &session.client;
    let names = Names::of(arguments);
    let mut lines = Vec::new();
    let mut identity = None;
    if names.has(CONNECTION) || arguments.writes {
        match client.caller_identity().await {
            Ok(found) => {
                let described = describe(&found, session.base_uri.as_str());
                lines.push(Line::of(CONNECTION, Ok(described)));
                identity = Some(found);
            }
            Err(error) => {
                return Checked { lines: vec![Line::of(CONNECTION, Err(error))], identity };
            }
        }
    }
    let mut places = Places::unknown();
    lines.extend(required::check(client, &names, &mut places).await);
    for resource in names.resources().filter(|one| one.group() != Group::Core) {
        lines.push(lists::check(client, resource, &places, &names).await);
    }
    if let (true, Some(identity)) = (arguments.writes, &identity) {
        lines.extend(writes::check(client, identity).await);
    }
    Checked { lines, identity }
}

/// The role of the token in words; `None` if it may not be read.
pub(in crate::commands) async fn role(
    client: &Client,
    identity: &CallerIdentity,
) -> Option<String> {
    writes::role(client, identity).await.map(|token| token.words())
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
