//! A flag's own endpoint, which returns the flag in every environment at once.

use std::collections::BTreeSet;

use super::queries;
use crate::Result;
use crate::extract::deleted::if_found;
use crate::extract::project::flags::FlagLists;
use crate::launchdarkly::{Endpoint, Request};
use crate::model::scope::Scope;
use crate::record::Tally;
use crate::resources::flags::{Flag, Flags};
use crate::stage::{Task, rows};

/// Reads one flag into the stage; returns its environments, or `None` if there is no such flag.
pub(super) async fn read_flag(
    lists: &FlagLists<'_>,
    flag_key: &str,
) -> Result<Option<BTreeSet<String>>> {
    let scope = Scope::project(lists.project_key);
    let request = request(lists.project_key, flag_key, lists.tally);
    let ask = async {
        let flag = lists.fetch.client.object::<Flag>(&request).await?;
        let environments: BTreeSet<String> = flag.environments.keys().cloned().collect();
        Ok((environments, Some(Box::new(rows::<Flags>(scope, vec![flag])) as Task)))
    };
    let environments = if_found(lists.fetch.once(&request, ask).await)?;
    lists.tally.note(|facts| facts.rows += i64::from(environments.is_some()));
    Ok(environments)
}

/// Removes a deleted flag from the stage.
pub(super) async fn forget_flag(lists: &FlagLists<'_>, flag_key: &str) -> Result<()> {
    let (project, flag) = (lists.project_key.to_owned(), flag_key.to_owned());
    lists
        .fetch
        .stage
        .jobs()
        .submit(move |writer| queries::forget_flag(writer, &project, &flag))
        .await
}

fn request(project_key: &str, flag_key: &str, tally: &Tally) -> Request {
    let route = "/api/v2/flags/{project}/{flag}";
    Request::get(Endpoint::of::<Flags>().at(route), &[project_key, flag_key])
        .counted(&tally.requests)
        .with("expand", "evaluation,migrationSettings")
}
