//! Projects that are missing from the list of projects: deleted, or hidden from the token.
//!
//! A hidden project must end the run. Published as it is, the list would delete the rows of a
//! project that still exists.

use std::collections::BTreeSet;
use std::slice;

use serde::de::IgnoredAny;
use tracing::warn;

use crate::error::Kind;
use crate::extract::deleted::is_not_found;
use crate::extract::deleted::listed_now::is_project_listed;
use crate::extract::fetch::Fetch;
use crate::guard::{Proofs, Thing, no_project};
use crate::launchdarkly::{Endpoint, Request};
use crate::model::resource::Resource;
use crate::resources::projects::{Project, Projects};
use crate::stage::Writer;
use crate::{Error, Result};

/// The endpoint of one project.
const PATH: &str = "/api/v2/projects/{projectKey}";

/// Checks that projects of the last extraction are still visible.
pub(in crate::extract) struct HiddenProjects<'a> {
    /// Access to the account and the stage.
    pub fetch: &'a Fetch<'a>,
    /// The keys of the projects that the last extraction of this account holds.
    pub known_projects: &'a BTreeSet<String>,
}

impl HiddenProjects<'_> {
    /// Ends the run if the list has no project, or hides a project that is selected by name. This
    /// is checked before anything else is read.
    pub async fn require_projects(&self, listed: &[Project]) -> Result<()> {
        if listed.is_empty() && !self.known_projects.is_empty() {
            return Err(no_project(self.known_projects.len()));
        }
        if listed.is_empty() {
            warn!("{}", no_project_seen());
        }
        let is_listed = |key: &&String| listed.iter().any(|project| project.key == **key);
        let selected = self.fetch.selection.projects.iter();
        let missing = selected.filter(|key| self.known_projects.contains(*key) && !is_listed(key));
        for key in missing {
            self.require_deleted(key).await?;
        }
        Ok(())
    }

    /// Ends the run if the list hides a project of the last extraction. A project whose deletion is
    /// in the audit log is not requested: the server may refuse that request with 403.
    pub async fn require_none(&self) -> Result<()> {
        let known = self.known_projects.clone();
        let selected = self.fetch.selection.projects.clone();
        let missing = self.fetch.stage.ask(move |writer| missing(writer, known, &selected));
        for key in missing.await? {
            self.require_deleted(&key).await?;
        }
        Ok(())
    }

    /// Requests one project, which must answer 404.
    async fn require_deleted(&self, key: &str) -> Result<()> {
        let request = Request::get(Endpoint::of::<Projects>().at(PATH), &[key]);
        let found = self.fetch.client.object::<IgnoredAny>(&request).await;
        let status = match found {
            Ok(_) if is_project_listed(self.fetch, key).await? => return Err(changed(key)),
            Ok(_) => 200,
            Err(error) if is_not_found(&error) => return Ok(()),
            Err(error) if error.kind() == Kind::InvalidPermissions => {
                error.http_status().unwrap_or(403)
            }
            Err(error) => return Err(error),
        };
        Err(hidden(key, status))
    }
}

/// The selected projects among `known` that are not staged, and whose deletion is not in the audit
/// log.
fn missing(
    writer: &mut Writer<'_>,
    known: BTreeSet<String>,
    selected: &[String],
) -> Result<Vec<String>> {
    let mut statement = writer.outside_projects().prepare("SELECT project_key FROM projects")?;
    let staged = statement.query_map([], |row| row.get(0))?;
    let staged = staged.collect::<rusqlite::Result<BTreeSet<String>>>()?;
    let proofs = Proofs::read(writer.outside_projects())?;
    let is_proven = |key: &String| proofs.show(Thing::Project, slice::from_ref(key), None);
    let is_selected = |key: &String| selected.is_empty() || selected.contains(key);
    let missing = known.into_iter().filter(|key| !staged.contains(key));
    Ok(missing.filter(|key| is_selected(key) && !is_proven(key)).collect())
}

/// The warning for an account without a project, with the most likely reason.
pub fn no_project_seen() -> String {
    let action = Projects::PERMISSION;
    format!("the access token sees no project: its role may lack the action `{action}`")
}

fn hidden(key: &str, status: u16) -> Error {
    let message = format!(
        "the list of projects hides `{key}`, which was published before and is not deleted \
         (its own endpoint answered {status}): nothing is published"
    );
    Error::new(Kind::InvalidPermissions, message).resource(Projects::NAME).status(status).hint(
        "the role of the access token may have lost the action `viewProject` on the project; to \
         continue without the project, select the others with `--project`, or use another output",
    )
}

/// A resumed run takes the list of projects from the journal, so that it may be out of date.
fn changed(key: &str) -> Error {
    let message = format!("the list of projects lacked project `{key}` at first, and has it now");
    Error::new(Kind::UnexpectedResponse, message).resource(Projects::NAME).hint("run again")
}
