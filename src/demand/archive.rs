//! Archives a flag, and restores it: the last step of a clean-up.

mod usage;

use std::sync::Arc;

use self::usage::Usage;
use super::around::known;
use super::attempts::{self, explained};
use super::consent::{self, Consent, Typed};
use super::detail::Detail;
use super::lists::{self, Wanted};
use super::plan::{self, Plan};
use super::record::{Cell, Record};
use super::{flag, page};
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::flags::{self, FlagChange, FlagPlace, FlagState};
use crate::model::scope::Scope;
use crate::resources::environments::Environments;
use crate::sync::guards::guarded;
use crate::{Error, Result};

/// The state that a flag is to have.
#[derive(Clone, Debug)]
pub struct Archive {
    /// The flag.
    pub place: FlagPlace,
    /// Whether it is to be archived.
    pub is_archived: bool,
    /// A comment for LaunchDarkly's audit log.
    pub comment: Option<String>,
    /// What a database says about the flag.
    pub verdict: Option<Verdict>,
}

/// What the view `removal_verdicts` says about archiving a flag.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// `safe`, `caution` or `blocked`.
    pub verdict: String,
    /// The reasons.
    pub reasons: String,
}

/// A change that is not confirmed yet.
#[derive(Debug)]
pub struct Change {
    /// What is wanted.
    pub archive: Archive,
    /// The flag before the change.
    pub detail: Detail,
    /// What speaks against it.
    pub objections: Vec<String>,
    must_type: bool,
    facts: Vec<(&'static str, String)>,
}

impl Archive {
    const fn change(&self) -> FlagChange {
        if self.is_archived { FlagChange::Archive } else { FlagChange::Restore }
    }

    /// Finds out what is to be done. Nothing is changed.
    ///
    /// # Errors
    /// `usage` if there is no such project or flag; `guarded` if a comment is missing.
    pub async fn plan(self, client: &Arc<Client>) -> Result<Plan<Change>> {
        let detail = flag::read(client, &self.place, &[]).await?;
        if detail.is_archived() == self.is_archived {
            return Ok(Plan::Unchanged(Box::new(detail)));
        }
        let rules = Rules::read(client, &self.place.project).await?;
        if let Some(key) = rules.commented.first().filter(|_| self.comment.is_none()) {
            return Err(consent::uncommented(key));
        }
        let found = Usage::read(client, &self, &detail).await?;
        let (facts, objections) = (found.facts(&self, &detail), found.objections(&self));
        let (archive, must_type) = (self, rules.is_guarded || !objections.is_empty());
        Ok(Plan::Change(Box::new(Change { archive, detail, objections, must_type, facts })))
    }

    /// The outcome as one object.
    pub fn to_record(&self, outcome: &str, detail: &Detail, pages: &str) -> Record {
        let mut record = plan::outcome(outcome, &self.place);
        record.set("state", detail.flag.cell("state").clone());
        record.set("version", Cell::Int(detail.version()));
        record.set("url", Cell::Text(page::url(pages, &self.place, None)));
        record
    }
}

/// The rules of a project's environments.
struct Rules {
    /// The environments that require a comment for each change.
    commented: Vec<String>,
    /// Whether one is critical or confirms changes, or that is not known.
    is_guarded: bool,
}

impl Rules {
    async fn read(client: &Arc<Client>, project: &str) -> Result<Self> {
        let scope = Scope::project(project);
        let found = lists::items::<Environments>(client, &scope, &Wanted::default()).await;
        let Some(environments) = known(found, "the rules of environments")? else {
            return Ok(Rules { commented: Vec::new(), is_guarded: true });
        };
        let is_guarded = |row: &Record| row.is("critical") || row.is("confirm_changes");
        let commented = environments.iter().filter(|row| row.is("require_comments"));
        let keys = commented.filter_map(|row| row.text("environment_key"));
        Ok(Rules {
            commented: keys.map(str::to_owned).collect(),
            is_guarded: environments.iter().any(is_guarded),
        })
    }
}

impl Change {
    /// What a person is shown and asked. The flag's key must be typed where something speaks
    /// against the change, or an environment is critical or confirms changes.
    pub fn consent(&self) -> Consent {
        let flag = &self.archive.place.flag;
        let verb = if self.archive.is_archived { "Archive" } else { "Restore" };
        let mut facts = self.facts.clone();
        if !self.objections.is_empty() {
            facts.push(("against", self.objections.join("; ")));
        }
        let typed = self.must_type.then(|| Typed { noun: "flag", key: flag.clone() });
        Consent { facts, question: format!("{verb} `{flag}` in all environments?"), typed }
    }

    /// The error of `--yes` without `--force` where something speaks against the change.
    pub fn objected(&self) -> Option<Error> {
        let objections = Some(self.objections.join("; ")).filter(|text| !text.is_empty())?;
        let flag = &self.archive.place.flag;
        let message = format!("the flag `{flag}` is still in use: {objections}");
        Some(guarded(message, "`--force` with `--yes` archives it all the same"))
    }

    /// Makes the change, checks it, and reads the flag once more.
    ///
    /// # Errors
    /// `approval_required` if LaunchDarkly requires an approval; `conflict` after other changes at
    /// the same time.
    pub async fn send(&self, client: &Client) -> Result<Detail> {
        let archive = &self.archive;
        let place = &archive.place;
        let request = flags::change(place, archive.change(), None, archive.comment.as_deref());
        let send = async || {
            let reply = client.send(&request).await?;
            self.check(&reply.decode(&request).map_err(Error::unconfirmed)?)
        };
        let read = async || {
            let state = flag::state(client, place).await?;
            Ok((state.archived == archive.is_archived).then_some(()))
        };
        let what = format!("the flag `{}`", place.flag);
        let sent = attempts::write(client, &what, send, read).await;
        sent.map_err(|error| explained(error, None, false))?;
        flag::read(client, place, &[]).await.map_err(attempts::unread)
    }

    /// Checks that the flag is as it was when the question was shown.
    ///
    /// # Errors
    /// `conflict` if it was changed since.
    pub async fn check_shown(&self, client: &Client) -> Result<()> {
        let place = &self.archive.place;
        if flag::state(client, place).await?.version == self.detail.version() {
            return Ok(());
        }
        Err(plan::changed_since(place))
    }

    fn check(&self, state: &FlagState) -> Result<()> {
        let before = self.detail.version();
        if state.archived == self.archive.is_archived && state.version > before {
            return Ok(());
        }
        let reason = format!(
            "the flag is not as wanted in a version above {before}, although the change was \
             accepted"
        );
        Err(Error::unexpected(flags::NAME, "archived", reason)
            .hint("look at the flag before you repeat the change"))
    }
}
