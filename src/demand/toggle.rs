//! Turns targeting of a flag on or off in one environment.

use std::cell::Cell;
use std::slice;

use super::around::Around;
use super::attempts::{self, explained};
use super::consent::{self, Consent, Typed, listed};
use super::detail::{Config, Detail};
use super::plan::{self, Plan};
use super::record::{self, Record};
use super::{flag, page, words};
use crate::error::Kind;
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::flags::{self, FlagChange, FlagPlace, FlagState};
use crate::launchdarkly::writes::places::EnvironmentRules;
use crate::sync::places;
use crate::{Error, Result};

/// The state that a flag is to have in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toggle {
    /// The flag.
    pub place: FlagPlace,
    /// The environment's key.
    pub environment: String,
    /// Whether targeting is to be on.
    pub is_on: bool,
    /// A comment for LaunchDarkly's audit log.
    pub comment: Option<String>,
}

/// A change that is allowed, and not confirmed yet.
#[derive(Debug)]
pub struct Change {
    /// What is wanted.
    pub toggle: Toggle,
    /// The flag before the change.
    pub detail: Detail,
    /// The rules of the environment; `None` where the token may not read them.
    pub rules: Option<EnvironmentRules>,
    /// What else is known about the flag there.
    pub around: Around,
}

impl Toggle {
    /// The change of the flag.
    pub const fn change(&self) -> FlagChange {
        if self.is_on { FlagChange::TurnOn } else { FlagChange::TurnOff }
    }

    /// `on` or `off`.
    pub const fn word(&self) -> &'static str {
        if self.is_on { "on" } else { "off" }
    }

    /// Finds out what is to be done. Nothing is changed.
    ///
    /// # Errors
    /// `usage` if there is no such project, environment or flag; `guarded` if the flag is archived,
    /// or a comment is missing.
    pub async fn plan(self, client: &Client) -> Result<Plan<Change>> {
        let (project, key) = (&self.place.project, &self.environment);
        let rules: Option<EnvironmentRules> =
            places::environment(client, project, key).await?.known();
        let detail = flag::read(client, &self.place, slice::from_ref(key)).await?;
        let config = self.config(&detail)?;
        if detail.is_archived() {
            return Err(consent::archived(&self.place.flag));
        }
        if config.is_on() == self.is_on {
            return Ok(Plan::Unchanged(Box::new(detail)));
        }
        if self.comment.is_none() && rules.as_ref().is_some_and(|rules| rules.require_comments) {
            return Err(consent::uncommented(key));
        }
        let around = Around::read(client, &self.place, key).await?;
        Ok(Plan::Change(Box::new(Change { toggle: self, detail, rules, around })))
    }

    fn config<'d>(&self, detail: &'d Detail) -> Result<&'d Config> {
        let (project, key) = (&self.place.project, &self.environment);
        let none = || Error::usage(format!("there is no environment `{key}` in `{project}`"));
        detail.config(key).ok_or_else(none)
    }

    /// The outcome as one object.
    pub fn to_record(&self, outcome: &str, detail: &Detail, pages: &str) -> Record {
        let mut row = plan::outcome(outcome, &self.place);
        plan::add_state(&mut row, detail, &self.environment);
        let url = page::url(pages, &self.place, Some(&self.environment));
        row.set("url", record::Cell::Text(url));
        row
    }
}

impl Change {
    /// What a person is shown and asked.
    pub fn consent(&self) -> Consent {
        let toggle = &self.toggle;
        let rules = self.rules.as_ref();
        let (flag, key) = (&toggle.place.flag, &toggle.environment);
        let noun = "environment";
        Consent {
            facts: self.facts(),
            question: format!("Turn {} `{flag}` in `{key}`?", toggle.word()),
            typed: consent::must_type(rules).then(|| Typed { noun, key: key.clone() }),
        }
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let (toggle, detail) = (&self.toggle, &self.detail);
        let environment =
            consent::described(&toggle.environment, self.rules.as_ref(), &detail.tags);
        let flag = named(&toggle.place, &detail.flag);
        let mut facts = vec![("flag", flag), ("environment", environment)];
        if let Some(config) = detail.config(&toggle.environment) {
            facts.push(("now", words::served(detail, config)));
            facts.push(("then", words::served_when(detail, config, toggle.is_on)));
        }
        facts.push(("dependents", listed(self.around.dependents.as_deref())));
        facts.push(("pending", self.around.pending_in_words()));
        facts.extend(toggle.comment.clone().map(|comment| ("comment", comment)));
        facts
    }

    /// Whether the change will probably be refused, since the environment requires approvals. A
    /// token may be allowed to bypass them.
    pub fn is_likely_refused(&self) -> bool {
        let rules = self.rules.as_ref();
        rules.is_some_and(|rules| rules.requires_flag_approval(&self.detail.tags))
    }

    /// Makes the change, checks it, and reads the flag once more.
    ///
    /// # Errors
    /// `approval_required` if LaunchDarkly requires an approval; `conflict` if the change conflicts
    /// with a pending one, or with other changes at the same time.
    pub async fn send(&self, client: &Client) -> Result<Detail> {
        let toggle = &self.toggle;
        let (place, key) = (&toggle.place, &toggle.environment);
        let request = flags::change(place, toggle.change(), Some(key), toggle.comment.as_deref());
        let is_unknown = Cell::new(false);
        let send = async || {
            let sent = client.send(&request).await;
            let state = sent.and_then(|reply| reply.decode(&request).map_err(Error::unconfirmed));
            let state = state.inspect_err(|error| {
                is_unknown.set(is_unknown.get() || error.is_unconfirmed());
            });
            self.check(&state?)
        };
        let read = async || {
            let state = flag::state(client, place).await?;
            if state.archived && is_unknown.get() {
                return Err(self.overtaken());
            }
            if state.archived {
                return Err(consent::archived(&place.flag));
            }
            let is_done = self.is_done(&state);
            // A change whose answer is missing was made, and somebody has made another one since.
            if !is_done && is_unknown.get() && self.version(&state) > self.before() {
                return Err(self.overtaken());
            }
            Ok(is_done.then_some(()))
        };
        let what = format!("the flag `{}`", place.flag);
        if let Err(error) = attempts::write(client, &what, send, read).await {
            return Err(self.refused(client, error).await);
        }
        let after = self.now(client).await.map_err(attempts::unread)?;
        let is_on = after.config(key).map(Config::is_on);
        if is_on == Some(toggle.is_on) { Ok(after) } else { Err(self.overtaken()) }
    }

    /// Checks that the flag is as it was when the question was shown; returns whether it is as wanted
    /// by now, since somebody else has made the change.
    ///
    /// # Errors
    /// `conflict` if it was changed otherwise.
    pub async fn check_shown(&self, client: &Client) -> Result<bool> {
        let state = flag::state(client, &self.toggle.place).await?;
        let is_done = !state.archived && self.is_done(&state);
        if is_done || (!state.archived && self.version(&state) == self.before()) {
            return Ok(is_done);
        }
        Err(plan::changed_since(&self.toggle.place))
    }

    /// The flag as it is now.
    ///
    /// # Errors
    /// By the table of codes.
    pub async fn now(&self, client: &Client) -> Result<Detail> {
        let key = &self.toggle.environment;
        flag::read(client, &self.toggle.place, slice::from_ref(key)).await
    }

    /// The error of a change that was made, and undone by somebody else at once.
    fn overtaken(&self) -> Error {
        let (flag, word) = (&self.toggle.place.flag, self.toggle.word());
        let message = format!("the flag `{flag}` was changed by others after it was turned {word}");
        Error::new(Kind::Conflict, message)
            .hint("look at its audit log before you repeat the change")
    }

    /// The meaning of a refusal.
    async fn refused(&self, client: &Client, error: Error) -> Error {
        if error.http_status() != Some(400) {
            return explained(error, None, true);
        }
        let place = &self.toggle.place;
        match flag::state(client, place).await {
            Ok(state) if state.archived => consent::archived(&place.flag),
            _ => explained(error, self.pending_now(client).await.as_ref(), true),
        }
    }

    /// The flag's version in the environment when the change was planned.
    fn before(&self) -> i64 {
        self.detail.config(&self.toggle.environment).map_or(0, Config::version)
    }

    fn version(&self, state: &FlagState) -> i64 {
        state.environments.get(&self.toggle.environment).map_or(0, |state| state.version)
    }

    /// What is pending by now: it may be newer than the question.
    async fn pending_now(&self, client: &Client) -> Option<Around> {
        let (place, environment) = (&self.toggle.place, &self.toggle.environment);
        Around::read(client, place, environment).await.ok()
    }

    fn is_done(&self, state: &FlagState) -> bool {
        let environment = state.environments.get(&self.toggle.environment);
        environment.is_some_and(|state| state.on == self.toggle.is_on)
    }

    /// Checks the answer to the change: the flag is as wanted, and of a higher version.
    fn check(&self, state: &FlagState) -> Result<()> {
        let key = &self.toggle.environment;
        let before = self.before();
        if self.is_done(state) && self.version(state) > before {
            return Ok(());
        }
        let reason = format!(
            "the flag is not {} in a version above {before}, although the change was accepted",
            self.toggle.word()
        );
        Err(Error::unexpected(flags::NAME, &format!("environments.{key}"), reason)
            .hint("look at the flag before you repeat the change"))
    }
}

/// The flag with its name and its project.
pub fn named(place: &FlagPlace, flag: &Record) -> String {
    let name = flag.text("name").filter(|name| *name != place.flag && !name.is_empty());
    let name = name.map(|name| format!(" “{name}”")).unwrap_or_default();
    format!("`{}`{name} in project `{}`", place.flag, place.project)
}
