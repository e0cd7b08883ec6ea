//! The newest entries of the audit log.

use std::sync::Arc;

use tracing::warn;

use super::flag;
use super::lists::List;
use super::record::{Record, Rows};
use crate::Result;
use crate::extract::request;
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::flags::FlagPlace;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::model::time;
use crate::resources::audit_log::{AuditLog, Entry};
use crate::sync::places;

/// The largest page that LaunchDarkly answers.
const PAGE: usize = 20;

/// The most pages that are read for entries about a project.
const MOST_PAGES: usize = 100;

/// Which entries to read.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// At most so many.
    pub limit: usize,
    /// Only entries about the project with this key, or about something in it.
    pub project: Option<String>,
    /// Only entries about the flag with this key.
    pub flag: Option<String>,
    /// Only entries after this moment, in milliseconds since 1970.
    pub after: Option<i64>,
}

impl Wanted {
    /// The specifier of the flag that entries are about. There is none for a project together with
    /// all that is in it.
    fn specifier(&self) -> Option<String> {
        let project = self.project.as_deref().unwrap_or("*");
        self.flag.as_ref().map(|flag| format!("proj/{project}:env/*:flag/{flag}"))
    }

    /// Whether an entry is wanted, where LaunchDarkly cannot select it.
    fn has(&self, entry: &Record) -> bool {
        let is_selected = self.flag.is_some() || self.project.is_none();
        is_selected || entry.text("project_key") == self.project.as_deref()
    }

    fn page_size(&self) -> usize {
        if self.flag.is_none() && self.project.is_some() { PAGE } else { PAGE.min(self.limit) }
    }
}

/// Lists entries, newest first.
///
/// # Errors
/// `usage` if there are none, and no such project or flag either.
pub async fn list(client: &Arc<Client>, wanted: &Wanted) -> Result<List> {
    let found = read(client, wanted).await?;
    if let (true, Some(project)) = (found.is_empty(), &wanted.project) {
        places::project(client, project).await?;
        if let Some(flag) = &wanted.flag {
            let place = FlagPlace { project: project.clone(), flag: flag.clone() };
            flag::read(client, &place, &[]).await?;
        }
    }
    Ok(List::of::<AuditLog>(found))
}

/// Reads entries, newest first: one request for up to 20.
///
/// # Errors
/// By the table of codes.
pub async fn read(client: &Arc<Client>, wanted: &Wanted) -> Result<Vec<Record>> {
    let (mut found, mut seen, mut before) = (Vec::new(), Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let mut entries = page(client, wanted, before).await?;
        let is_last = entries.len() < wanted.page_size();
        let oldest = entries.last().map(|entry| entry.date);
        // Whether `before` includes its own millisecond is not documented: with one more, none is
        // left out, and entries that come twice are known by their ID.
        entries.retain(|entry| !seen.contains(&entry.id));
        before = entries.last().map(|entry| entry.date + 1);
        found.extend(records(&entries)?.into_iter().filter(|entry| wanted.has(entry)));
        seen.extend(entries.into_iter().map(|entry| entry.id));
        let is_done = is_last || found.len() >= wanted.limit;
        if is_done || before.is_none() {
            warn_of_rest(oldest.filter(|_| !is_done));
            found.truncate(wanted.limit);
            return Ok(found);
        }
    }
    warn!("Only the newest entries of the audit log were looked at: {}.", seen.len());
    Ok(found)
}

/// Warns that entries may be left out: a whole page has nothing new, as all of it is of one millisecond.
fn warn_of_rest(oldest: Option<i64>) {
    let Some(oldest) = oldest else { return };
    let time = time::text(oldest);
    warn!(
        "At least {PAGE} entries are of {time}, and LaunchDarkly answers no more at once: others of \
         that time and older ones are not listed."
    );
}

fn records(entries: &[Entry]) -> Result<Vec<Record>> {
    let mut rows = Rows::new(AuditLog::TABLES);
    entries.iter().try_for_each(|entry| AuditLog::write(&Scope::Account, entry, &mut rows))?;
    Ok(rows.take("audit_log_entries"))
}

async fn page(client: &Arc<Client>, wanted: &Wanted, before: Option<i64>) -> Result<Vec<Entry>> {
    let mut request = request::<AuditLog>(&[]).with("limit", wanted.page_size());
    for (name, time) in [("before", before), ("after", wanted.after)] {
        if let Some(time) = time {
            request = request.with(name, time);
        }
    }
    if let Some(specifier) = wanted.specifier() {
        request = request.with("spec", specifier);
    }
    let (mut entries, end) = client.list(&request, Vec::new()).await?;
    entries.extend(end.items);
    Ok(entries)
}
