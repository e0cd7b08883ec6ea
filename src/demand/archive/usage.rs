//! The use of a flag: what it serves, who requests it, what depends on it, which code mentions it.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::Archive;
use crate::demand::around::{AT_ONCE, dependents, known};
use crate::demand::detail::{Config, Detail};
use crate::demand::record::{Cell, Record};
use crate::demand::toggle::named;
use crate::demand::{consent, lists, page, words};
use crate::extract::request;
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::flags::{FlagPlace, Statuses};
use crate::model::scope::Scope;
use crate::model::{thresholds, time};
use crate::resources::code_references::CodeReferences;
use crate::terminal::counted;
use crate::{Error, Result};

/// What is known about the use of a flag.
#[derive(Debug, Default)]
pub(super) struct Usage {
    statuses: Statuses,
    /// The flags that depend on it, by environment; `None` where that is not known.
    dependents: Vec<(String, Option<Vec<String>>)>,
    /// The rows of `code_references`; `None` where they are not known.
    references: Option<Vec<Record>>,
}

impl Usage {
    /// Reads it; nothing where the flag is to be restored.
    ///
    /// # Errors
    /// Only those that would end every other request as well.
    pub async fn read(client: &Arc<Client>, archive: &Archive, detail: &Detail) -> Result<Self> {
        if !archive.is_archived {
            return Ok(Usage::default());
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
        Ok(Usage { statuses, dependents, references })
    }

    /// What a person is shown.
    pub fn facts(&self, archive: &Archive, detail: &Detail) -> Vec<(&'static str, String)> {
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

    /// What speaks against archiving the flag.
    pub fn objections(&self, archive: &Archive) -> Vec<String> {
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
        let since = time::text(Timestamp::now().as_millisecond() - still_requested_ms());
        let environments = self.statuses.environments.iter();
        let times =
            environments.filter_map(|(key, status)| Some((key, page::last_requested(status)?)));
        let recent = times.filter(|(_, time)| *time >= since);
        recent.map(|(key, time)| format!("requested in `{key}` at {time}")).collect()
    }

    fn references_in_words(&self) -> Vec<String> {
        let one = |row: &Record| {
            let (repository, files) = (row.shown("repository"), row.shown("file_count"));
            format!("{} of the repository `{repository}`", counted(files, "file"))
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
