//! The flags of a project, with their state in one environment.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::around::known;
use super::lists::{self, List, Wanted, query_filter};
use super::record::{Cell, Record};
use crate::Result;
use crate::launchdarkly::Client;
use crate::model::scope::Scope;
use crate::resources::flag_statuses::FlagStatuses;
use crate::resources::flags::Flags;

/// Reads the flags that are not archived. LaunchDarkly searches for `search` in their keys, names
/// and descriptions.
///
/// # Errors
/// `usage` if there is no such project or environment.
pub async fn read(
    client: &Arc<Client>,
    project: &str,
    environment: Option<&str>,
    search: Option<&str>,
) -> Result<List> {
    let mut wanted = Wanted::default();
    wanted.query.extend(search.map(|words| ("filter", query_filter(words))));
    if let Some(environment) = environment {
        wanted.query.push(("env", environment.to_owned()));
        // Without it, configurations lack what decides what is served.
        wanted.query.push(("summary", "0".to_owned()));
    }
    let project_scope = Scope::project(project);
    let scope = environment.map(|key| Scope::environment(project, key));
    let outcome = lists::rows::<Flags>(client, &project_scope, &wanted).await;
    let mut rows =
        lists::or_unknown(client, scope.as_ref().unwrap_or(&project_scope), outcome).await?;
    let mut list = List::of::<Flags>(rows.take("flags"));
    if let (Some(environment), Some(scope)) = (environment, &scope) {
        let statuses = lists::items::<FlagStatuses>(client, scope, &Wanted::default()).await;
        let statuses = known(statuses, "the statuses of flags")?.unwrap_or_default();
        let (configs, statuses) = (by_flag(rows.take("flag_environments")), by_flag(statuses));
        for flag in &mut list.items {
            let key = flag.text("flag_key").unwrap_or_default().to_owned();
            add_state(flag, environment, configs.get(&key), statuses.get(&key));
        }
        list.columns.extend(STATE);
    }
    Ok(list)
}

/// What `--environment` adds to each flag.
const STATE: [&str; 4] = ["environment_key", "is_on", "status", "last_requested_at"];

fn by_flag(rows: Vec<Record>) -> BTreeMap<String, Record> {
    let keyed = |row: Record| Some((row.text("flag_key")?.to_owned(), row));
    rows.into_iter().filter_map(keyed).collect()
}

fn add_state(
    flag: &mut Record,
    environment: &str,
    config: Option<&Record>,
    status: Option<&Record>,
) {
    let cell = |row: Option<&Record>, name| row.map_or(Cell::Null, |row| row.cell(name).clone());
    flag.set("environment_key", Cell::Text(environment.to_owned()));
    flag.set("is_on", cell(config, "is_on"));
    flag.set("status", cell(status, "status"));
    flag.set("last_requested_at", cell(status, "last_requested_at"));
}
