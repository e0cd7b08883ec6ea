//! Projects that were published before, and that the list of projects lacks: deleted, or hidden.

use std::collections::BTreeSet;
use std::slice;

use serde::de::IgnoredAny;
use tracing::warn;

use crate::error::Kind;
use crate::extract::Extraction;
use crate::guard::{Proofs, Thing, no_project};
use crate::launchdarkly::Request;
use crate::model::resource::Resource;
use crate::resources::projects::{Project, Projects};
use crate::{Error, Result};

/// The endpoint of one project.
const PATH: &str = "/api/v2/projects/{projectKey}";

impl Extraction<'_> {
    /// Ends the run where the list has no project, or hides a selected one: early, as nothing else
    /// needs to be read to know that.
    pub(in crate::extract) async fn require_projects(&self, listed: &[Project]) -> Result<()> {
        if listed.is_empty() && !self.known_projects.is_empty() {
            return Err(no_project(self.known_projects.len()));
        }
        if listed.is_empty() {
            warn!("{}", no_project_seen());
        }
        let is_listed = |key: &&String| listed.iter().any(|project| project.key == **key);
        let selected = self.selection.projects.iter();
        let missing = selected.filter(|key| self.known_projects.contains(*key) && !is_listed(key));
        for key in missing {
            self.require_deleted(key).await?;
        }
        Ok(())
    }

    /// Ends the run where the list hides a project that was published before. What the audit log
    /// shows to be deleted need not be asked for: an address of nothing may be refused as well.
    pub(in crate::extract) async fn require_no_hidden_project(&self) -> Result<()> {
        let known = self.known_projects.clone();
        let selected = self.selection.projects.clone();
        let missing = self.stage.ask(move |writer| {
            let mut statement = writer.connection.prepare("SELECT project_key FROM projects")?;
            let staged = statement.query_map([], |row| row.get(0))?;
            let staged = staged.collect::<rusqlite::Result<BTreeSet<String>>>()?;
            let proofs = Proofs::read(writer.connection)?;
            let is_proven = |key: &String| proofs.show(Thing::Project, slice::from_ref(key), None);
            let is_selected = |key: &String| selected.is_empty() || selected.contains(key);
            let missing = known.into_iter().filter(|key| !staged.contains(key));
            Ok(missing.filter(|key| is_selected(key) && !is_proven(key)).collect::<Vec<_>>())
        });
        for key in missing.await? {
            self.require_deleted(&key).await?;
        }
        Ok(())
    }

    /// Asks for one project, which must not be there.
    async fn require_deleted(&self, key: &str) -> Result<()> {
        let request = Request::new(Projects::NAME, Projects::PERMISSION, PATH, &[key]).required();
        let found = self.client.object::<IgnoredAny>(&request).await;
        let status = match found {
            Ok(_) if self.lists_project(key).await? => return Err(changed(key)),
            Ok(_) => 200,
            Err(error) if error.http_status() == Some(404) => return Ok(()),
            Err(error) if error.kind() == Kind::InvalidPermissions => {
                error.http_status().unwrap_or(403)
            }
            Err(error) => return Err(error),
        };
        Err(hidden(key, status))
    }
}

/// What an account without a project most likely means, for people.
pub fn no_project_seen() -> String {
    let action = Projects::PERMISSION;
    format!("the access token sees no project: its role may lack the action `{action}`")
}

fn hidden(key: &str, status: u16) -> Error {
    let message = format!(
        "the list of projects hides `{key}`, which was published before and is not deleted \
         (LaunchDarkly answered {status} when asked for it): nothing is published"
    );
    Error::new(Kind::InvalidPermissions, message).resource(Projects::NAME).status(status).hint(
        "was the role of the access token narrowed? give it the action `viewProject` on the \
         project; to go on without it, select the others with `--project`, or name another output",
    )
}

/// A list that was read before a run stopped may be out of date when it goes on.
fn changed(key: &str) -> Error {
    let message = format!("project `{key}` came back while the account was read");
    Error::new(Kind::UnexpectedResponse, message).resource(Projects::NAME).hint("run again")
}
