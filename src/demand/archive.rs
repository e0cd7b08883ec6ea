//! Archives a flag, and restores it: the last step of a clean-up.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::around::{dependents, known};
use super::attempts::{self, explained};
use super::consent::{self, Consent, Typed};
use super::detail::{Config, Detail};
use super::lists::{self, Wanted};
use super::record::{Cell, Record, time};
use super::toggle::named;
use super::{flag, page, words};
use crate::extract::request;
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::flags::{self, FlagChange, FlagPlace, FlagState, Statuses};
use crate::model::scope::Scope;
use crate::model::thresholds;
use crate::resources::code_references::CodeReferences;
use crate::resources::environments::Environments;
use crate::sync::guards::guarded;
use crate::{Error, Result};

/// The environments that are asked about at the same time.
const AT_ONCE: usize = 4;

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

/// What is to be done.
#[derive(Debug)]
pub enum Plan {
    /// Nothing: the flag is as wanted.
    Unchanged(Box<Detail>),
    /// A change.
    Change(Box<Change>),
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
    guarded: Vec<String>,
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
    pub async fn plan(self, client: &Arc<Client>) -> Result<Plan> {
        let detail = flag::read(client, &self.place, &[]).await?;
        if detail.is_archived() == self.is_archived {
            return Ok(Plan::Unchanged(Box::new(detail)));
        }
        let scope = Scope::project(&self.place.project);
        let environments = lists::items::<Environments>(client, &scope, &Wanted::default()).await;
        let environments = known(environments, "the rules of environments")?.unwrap_or_default();
        let keys = |is: &dyn Fn(&Record) -> bool| -> Vec<String> {
            let found = environments.iter().filter(|row| is(row));
            found.filter_map(|row| row.text("environment_key")).map(str::to_owned).collect()
        };
        let commented = keys(&|row| row.is("require_comments"));
        if let Some(key) = commented.first().filter(|_| self.comment.is_none()) {
            return Err(consent::uncommented(key));
        }
        let guarded = keys(&|row| row.is("critical") || row.is("confirm_changes"));
        let found = Found::read(client, &self, &detail).await?;
        let (facts, objections) = (found.facts(&self, &detail), found.objections(&self));
        let archive = self;
        Ok(Plan::Change(Box::new(Change { archive, detail, objections, guarded, facts })))
    }

    /// The outcome as one object.
    pub fn to_record(&self, outcome: &str, detail: &Detail, base_uri: &str) -> Record {
        let text = |text: &str| Cell::Text(text.to_owned());
        let mut record = Record::default();
        record.set("outcome", text(outcome));
        record.set("project_key", text(&self.place.project));
        record.set("flag_key", text(&self.place.flag));
        record.set("state", detail.flag.cell("state").clone());
        record.set("version", Cell::Int(detail.version()));
        record.set("url", Cell::Text(page::url(base_uri, &self.place, None)));
        record
    }
}

/// What is known about the use of a flag.
#[derive(Debug, Default)]
struct Found {
    statuses: Statuses,
    /// The flags that depend on it, by environment; `None` where that is not known.
    dependents: Vec<(String, Option<Vec<String>>)>,
    /// The rows of `code_references`; `None` where they are not known.
    references: Option<Vec<Record>>,
}

impl Found {
    async fn read(client: &Arc<Client>, archive: &Archive, detail: &Detail) -> Result<Self> {
        if !archive.is_archived {
            return Ok(Found::default());
        }
        let place = &archive.place;
        let statuses = page::statuses(client, place, &[]).await?;
        let one = |config: &Config| {
            let key = config.environment.clone();
            async move {
                let found = dependents(client, place, &key).await;
                let what = "the flags that depend on it";
                Ok::<_, Error>((key, known(found, what)?))
            }
        };
        let all = stream::iter(detail.configs.iter().map(one)).buffered(AT_ONCE);
        let dependents = all.try_collect().await?;
        let references = references(client, place).await;
        let references = known(references, "its code references")?;
        Ok(Found { statuses, dependents, references })
    }

    fn facts(&self, archive: &Archive, detail: &Detail) -> Vec<(&'static str, String)> {
        let mut facts = vec![("flag", named(&archive.place, &detail.flag))];
        for config in &detail.configs {
            facts.push(("environment", self.environment_in_words(archive, detail, config)));
        }
        if archive.is_archived {
            let objections = self.dependents_in_words();
            let is_known = self.dependents.iter().all(|(_, found)| found.is_some());
            let listed = Some(objections).filter(|all| is_known || !all.is_empty());
            facts.push(("dependents", consent::listed(listed.as_deref())));
            let references = self.references.as_ref().map(|_| self.references_in_words());
            facts.push(("code", consent::listed(references.as_deref())));
        }
        let verdict = archive.verdict.as_ref();
        facts.extend(verdict.map(|one| ("verdict", format!("{}: {}", one.verdict, one.reasons))));
        facts.extend(archive.comment.clone().map(|comment| ("comment", comment)));
        facts
    }

    fn environment_in_words(&self, archive: &Archive, detail: &Detail, config: &Config) -> String {
        let key = &config.environment;
        if !archive.is_archived {
            let mut restored = detail.clone();
            restored.flag.set("state", Cell::Text("live".to_owned()));
            return format!("`{key}` then {}", words::served(&restored, config));
        }
        let status = self.statuses.environments.get(key);
        let requested = match status.map(page::last_requested) {
            Some(Some(time)) => format!("last requested {time}"),
            Some(None) => "never requested".to_owned(),
            None => "requests not known".to_owned(),
        };
        format!("`{key}` {}; {requested}", words::served(detail, config))
    }

    fn objections(&self, archive: &Archive) -> Vec<String> {
        let mut objections = self.dependents_in_words();
        objections.extend(self.requests_in_words());
        objections.extend(self.references_in_words());
        let verdict = archive.verdict.as_ref().filter(|one| one.verdict != "safe");
        objections.extend(verdict.map(|one| format!("the database says {}", one.verdict)));
        objections
    }

    fn dependents_in_words(&self) -> Vec<String> {
        let one = |(environment, found): &(String, Option<Vec<String>>)| {
            let flags = found.as_ref().filter(|flags| !flags.is_empty())?;
            Some(format!("{} in `{environment}`", flags.join(" and ")))
        };
        self.dependents.iter().filter_map(one).collect()
    }

    /// The environments that still request the flag.
    fn requests_in_words(&self) -> Vec<String> {
        let since = time(Timestamp::now().as_millisecond() - still_requested_ms());
        let environments = self.statuses.environments.iter();
        let times =
            environments.filter_map(|(key, status)| Some((key, page::last_requested(status)?)));
        let recent = times.filter(|(_, time)| *time >= since);
        recent.map(|(key, time)| format!("requested in `{key}` at {time}")).collect()
    }

    fn references_in_words(&self) -> Vec<String> {
        let one = |row: &Record| {
            let (repository, files) = (row.shown("repository"), row.shown("file_count"));
            format!("{files} files of the repository `{repository}`")
        };
        self.references.iter().flatten().map(one).collect()
    }
}

/// The threshold `still_requested`.
fn still_requested_ms() -> i64 {
    const DAY_MS: f64 = 86_400_000.0;
    let found = thresholds::ALL.iter().find(|one| one.name == "still_requested");
    let days = found.map_or(7.0, |one| one.default);
    #[expect(clippy::cast_possible_truncation, reason = "thresholds are small")]
    let milliseconds = (days * DAY_MS) as i64;
    milliseconds
}

async fn references(client: &Client, place: &FlagPlace) -> Result<Vec<Record>> {
    let request = request::<CodeReferences>(&[&place.project]).with("flagKey", &place.flag);
    let scope = Scope::project(&place.project);
    let mut rows = lists::one::<CodeReferences>(client, &scope, &request).await?;
    let mut found = rows.take("code_references");
    found.retain(|row| row.text("flag_key") == Some(&place.flag));
    Ok(found)
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
        let must_type = !self.objections.is_empty() || !self.guarded.is_empty();
        let typed = must_type.then(|| Typed { noun: "flag", key: flag.clone() });
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
            self.check(&reply.decode(&request)?)
        };
        let read = async || {
            let state = flag::state(client, place).await?;
            Ok((state.archived == archive.is_archived).then_some(()))
        };
        let what = format!("the flag `{}`", place.flag);
        let sent = attempts::write(&what, send, read).await;
        sent.map_err(|error| explained(error, None))?;
        flag::read(client, place, &[]).await
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
