//! Everything about a flag, on one page.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream, try_join};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use tracing::warn;

use super::around::{AT_ONCE, Around, known};
use super::audit;
use super::detail::{Config, Detail};
use super::record::{Cell, Record};
use super::{flag, words};
use crate::Result;
use crate::launchdarkly::Client;
use crate::launchdarkly::lenient::parse_time;
use crate::launchdarkly::writes::approvals::{ApprovalRequest, kinds};
use crate::launchdarkly::writes::flags::{self, FlagPlace, ScheduledChange, Status, Statuses};
use crate::model::time;
use crate::sync::places;

/// The entries of the audit log that a page has.
const ENTRIES: usize = 5;

/// The columns that parts of a flag repeat.
const REPEATED: [&str; 3] = ["project_key", "flag_key", "environment_key"];

/// A flag, and everything around it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The flag.
    pub detail: Detail,
    /// Its environments, in the order of their keys.
    pub environments: Vec<Environment>,
    /// The newest entries of the audit log about it; `None` where the token may not read them.
    pub entries: Option<Vec<Record>>,
    /// The address of its page.
    pub url: String,
}

/// A flag in one environment.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its configuration.
    pub config: Config,
    /// Its status; `None` where it has none.
    pub status: Option<Status>,
    /// What else is known about it.
    pub around: Around,
}

/// The address of a flag in LaunchDarkly's own pages, which are at `pages`.
pub fn url(pages: &str, place: &FlagPlace, environment: Option<&str>) -> String {
    let encoded = |key: &str| utf8_percent_encode(key, NON_ALPHANUMERIC).to_string();
    // Keys hold these characters, which mean nothing in a URL.
    let plain =
        |key: &str| encoded(key).replace("%2D", "-").replace("%2E", ".").replace("%5F", "_");
    let project = plain(&place.project);
    let environment = environment.map(|key| format!("?env={}", plain(key))).unwrap_or_default();
    format!("{pages}/projects/{project}/flags/{}{environment}", plain(&place.flag))
}

/// Reads a flag in `environments` only, or else in all.
///
/// # Errors
/// `usage` if there is no such project, environment or flag.
pub async fn read(
    client: &Arc<Client>,
    pages: &str,
    place: &FlagPlace,
    environments: &[String],
) -> Result<Page> {
    let detail = flag::read(client, place, environments).await?;
    for key in environments.iter().filter(|key| detail.config(key).is_none()) {
        places::environment(client, &place.project, key).await?;
        warn!("The environment `{key}` is not shown: the answer has no such environment.");
    }
    let (statuses, entries) =
        try_join!(statuses(client, place, environments), newest_entries(client, place),)?;
    let environment = |config: Config| {
        let status = statuses.environments.get(&config.environment).cloned();
        async move {
            let around = Around::read(client, place, &config.environment).await?;
            Ok::<_, crate::Error>(Environment { config, status, around })
        }
    };
    let all = stream::iter(detail.configs.clone()).map(environment).buffered(AT_ONCE);
    let environments = all.try_collect().await?;
    Ok(Page { detail, environments, entries, url: url(pages, place, None) })
}

/// The statuses of a flag, as far as they are known.
///
/// # Errors
/// By the table of codes.
pub async fn statuses(
    client: &Client,
    place: &FlagPlace,
    environments: &[String],
) -> Result<Statuses> {
    let statuses = client.object(&flags::statuses(place, environments)).await;
    Ok(known(statuses, "its statuses")?.unwrap_or_default())
}

async fn newest_entries(client: &Arc<Client>, place: &FlagPlace) -> Result<Option<Vec<Record>>> {
    let wanted = audit::Wanted {
        limit: ENTRIES,
        project: Some(place.project.clone()),
        flag: Some(place.flag.clone()),
        after: None,
    };
    known(audit::read(client, &wanted).await, "the entries of the audit log")
}

impl Page {
    /// The page as one object.
    pub fn to_record(&self) -> Record {
        let detail = &self.detail;
        let mut record = detail.flag.clone();
        record.set_json("tags", &detail.tags);
        record.set_json("variations", &parts(&detail.variations));
        record.set_json("custom_properties", &parts(&detail.properties));
        let environments = self.environments.iter().map(|one| one.to_record(detail));
        record.set_json("environments", &environments.collect::<Vec<_>>());
        record.set_json("audit_log_entries", &self.entries);
        record.set("url", Cell::Text(self.url.clone()));
        record
    }
}

impl Environment {
    /// When an SDK last requested the flag, as the SQLite output has it.
    pub fn last_requested(&self) -> Option<String> {
        last_requested(self.status.as_ref()?)
    }

    fn to_record(&self, detail: &Detail) -> Record {
        let config = &self.config;
        let mut record = config.row.clone().without(&REPEATED[..2]);
        record.set("serves", Cell::Text(words::served(detail, config)));
        let status = self.status.as_ref().map(|status| status.name.clone());
        record.set("status", status.map_or(Cell::Null, Cell::Text));
        record.set("last_requested_at", self.last_requested().map_or(Cell::Null, Cell::Text));
        record.set_json("rules", &parts(&config.rules));
        record.set_json("rollouts", &parts(&config.rollouts));
        record.set_json("targets", &parts(&config.targets));
        record.set_json("prerequisites", &parts(&config.prerequisites));
        record.set_json("dependent_flag_keys", &self.around.dependents);
        let requests = self.around.requests.as_ref();
        let requests = requests.map(|all| all.iter().map(request).collect::<Vec<_>>());
        record.set_json("approval_requests", &requests);
        let scheduled = self.around.scheduled.as_ref();
        let scheduled = scheduled.map(|all| all.iter().map(scheduled_change).collect::<Vec<_>>());
        record.set_json("scheduled_changes", &scheduled);
        record
    }
}

/// When an SDK last requested a flag, as the SQLite output has it.
pub fn last_requested(status: &Status) -> Option<String> {
    parse_time(status.last_requested.as_deref()?).flatten().map(time::text)
}

fn parts(rows: &[Record]) -> Vec<Record> {
    rows.iter().map(|row| row.clone().without(&REPEATED)).collect()
}

fn request(request: &ApprovalRequest) -> serde_json::Value {
    json!({
        "approval_request_id": request.id,
        "status": request.status,
        "review_status": request.review_status,
        "description": request.description,
        "instruction_kinds": request.kinds(),
    })
}

fn scheduled_change(change: &ScheduledChange) -> serde_json::Value {
    json!({
        "scheduled_change_id": change.id,
        "execution_at": time::text(change.execution_date),
        "instruction_kinds": kinds(&change.instructions),
    })
}
