//! A flag's own endpoint, which returns the flag in every environment at once.

use std::collections::{BTreeSet, HashSet};

use super::queries::{self, keys};
use super::{AT_ONCE, remark_count};
use crate::Result;
use crate::extract::deleted::if_found;
use crate::extract::join::try_join_all;
use crate::extract::project::flags::FlagLists;
use crate::extract::unavailable::is_unavailable;
use crate::launchdarkly::{Endpoint, Request};
use crate::model::scope::Scope;
use crate::record::Tally;
use crate::resources::flags::{Flag, Flags};
use crate::stage::{Task, rows};
use crate::system::hash::hash;

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

/// Reads flags that an earlier walk had and the last walks lack, and removes those that are deleted:
/// statuses that were listed since may belong to another flag with the same key.
pub(in crate::extract::project) async fn read_unlisted(
    lists: &FlagLists<'_>,
    unlisted: HashSet<u64>,
) -> Result<()> {
    if unlisted.is_empty() {
        return Ok(());
    }
    let (scope, project) = (lists.project_key, lists.project_key.to_owned());
    let keys = lists.fetch.stage.ask_in(scope, move |writer| keys(writer, &project)).await?;
    let flags: Vec<_> = keys.into_iter().filter(|flag| unlisted.contains(&hash(flag))).collect();
    let mut deleted = 0;
    for some in flags.chunks(AT_ONCE) {
        let exist = try_join_all(some.iter().map(|flag| exists(lists, flag))).await?;
        for (flag, _) in some.iter().zip(exist).filter(|(_, exists)| !exists) {
            deleted += 1;
            forget_flag(lists, flag).await?;
        }
    }
    remark_count(lists.tally, deleted, "flags were deleted during the run");
    Ok(())
}

/// Reads one flag into the stage; returns whether a flag's own endpoint has it. A refusal does not
/// show that the flag is deleted.
pub(super) async fn exists(lists: &FlagLists<'_>, flag_key: &str) -> Result<bool> {
    match read_flag(lists, flag_key).await {
        Err(error) if is_unavailable(&error) => Ok(true),
        outcome => Ok(outcome?.is_some()),
    }
}

/// Removes a deleted flag from the stage.
pub(super) async fn forget_flag(lists: &FlagLists<'_>, flag_key: &str) -> Result<()> {
    let (project, flag) = (lists.project_key.to_owned(), flag_key.to_owned());
    let what = format!("forget flag {project}/{flag}");
    let change: Task = Box::new(move |writer| queries::forget_flag(writer, &project, &flag));
    lists.fetch.change_once(what, change).await
}

fn request(project_key: &str, flag_key: &str, tally: &Tally) -> Request {
    let route = "/api/v2/flags/{project}/{flag}";
    Request::get(Endpoint::of::<Flags>().at(route), &[project_key, flag_key])
        .counted(&tally.requests)
        .with("expand", "evaluation,migrationSettings")
}
