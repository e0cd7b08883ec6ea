//! An approved request, and its change.

use super::approvals::read;
use super::around::Around;
use super::attempts::{self, explained, outdated};
use super::consent::{self, Consent, Typed, listed};
use super::detail::{Config, Detail};
use super::toggle::named;
use super::{flag, instructions, words};
use crate::error::Kind;
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::approvals::{self, ApprovalRequest};
use crate::launchdarkly::writes::flags::{FlagChange, FlagPlace};
use crate::launchdarkly::writes::places::EnvironmentRules;
use crate::model::time;
use crate::resources::specifier::Specifier;
use crate::sync::places;
use crate::{Error, Result};

/// What is to be done.
#[derive(Debug)]
pub enum Plan {
    /// Nothing: the change was made, or LaunchDarkly will make it at its time.
    Unchanged(ApprovalRequest),
    /// The change of a request.
    Apply(Box<Application>),
}

/// An approved request, and not confirmed yet.
#[derive(Debug)]
pub struct Application {
    /// The request.
    pub request: ApprovalRequest,
    comment: Option<String>,
    subject: Subject,
}

/// What the change is about. Without an environment, its key is empty.
#[derive(Debug, Default)]
struct Subject {
    environment: String,
    rules: Option<EnvironmentRules>,
    flag: Option<(Detail, Around)>,
}

/// Finds out what applying a request would do. Nothing is changed.
///
/// # Errors
/// `usage` if there is no such request; `approval_required` if it is not approved; `conflict` if it
/// cannot be applied any more; `guarded` if its flag is archived, or a comment is missing.
pub async fn plan(client: &Client, id: &str, comment: Option<String>) -> Result<Plan> {
    let request = read(client, id).await?;
    let is_sound = request.review_status == "approved" && !request.has_conflicts();
    if request.is_completed() || (request.is_scheduled() && is_sound) {
        return Ok(Plan::Unchanged(request));
    }
    let subject = Subject::read(client, &request).await?;
    if !request.is_open() || request.has_conflicts() {
        return Err(outdated(&request));
    }
    if request.review_status != "approved" {
        return Err(unapproved(&request));
    }
    let is_required = subject.rules.as_ref().is_some_and(|rules| rules.require_comments);
    if is_required && comment.is_none() {
        return Err(consent::uncommented(&subject.environment));
    }
    Ok(Plan::Apply(Box::new(Application { request, comment, subject })))
}

fn unapproved(request: &ApprovalRequest) -> Error {
    let (id, status) = (&request.id, &request.review_status);
    Error::new(
        Kind::ApprovalRequired,
        format!("approval request {id} is not approved, but {status}; nothing was changed"),
    )
    .resource(approvals::NAME)
    .hint("a reviewer approves it in LaunchDarkly; flaglake has no command for that")
}

impl Subject {
    async fn read(client: &Client, request: &ApprovalRequest) -> Result<Self> {
        let about = Specifier::parse(request.resource_id.as_deref().unwrap_or_default());
        let (Some(project), Some(environment)) = (about.project_key, about.environment_key) else {
            return Ok(Subject::default());
        };
        let rules = places::environment(client, project, environment).await?.known();
        let environment = environment.to_owned();
        let key = about.resource_key.filter(|_| about.resource_kind == Some("flag"));
        let Some(key) = key else { return Ok(Subject { environment, rules, flag: None }) };
        let place = FlagPlace { project: project.to_owned(), flag: key.to_owned() };
        let detail = flag::read(client, &place, std::slice::from_ref(&environment)).await?;
        if detail.is_archived() {
            return Err(consent::archived(&place.flag));
        }
        let around = Around::read(client, &place, &environment).await?.without(&request.id);
        Ok(Subject { environment, rules, flag: Some((detail, around)) })
    }

    fn environment_in_words(&self) -> String {
        if self.environment.is_empty() {
            return "not known".to_owned();
        }
        let tags = self.flag.as_ref().map_or(&[][..], |(detail, _)| &detail.tags);
        consent::described(&self.environment, self.rules.as_ref(), tags)
    }
}

impl Application {
    /// What a person is shown and asked.
    pub fn consent(&self) -> Consent {
        Consent {
            facts: self.facts(),
            question: format!("Apply the approval request {}?", self.request.id),
            typed: self.typed(),
        }
    }

    /// What must be typed: the ID of the request where its environment is not known.
    fn typed(&self) -> Option<Typed> {
        let subject = &self.subject;
        let key = subject.environment.clone();
        if key.is_empty() {
            return Some(Typed::of_request(&self.request.id));
        }
        let must_type = consent::must_type(subject.rules.as_ref());
        must_type.then_some(Typed { noun: "environment", key })
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let request = &self.request;
        let resource = request.resource_id.clone().filter(|resource| !resource.is_empty());
        let mut facts = vec![("changes", resource.unwrap_or_else(|| "not known".to_owned()))];
        facts.extend(request.description.clone().map(|text| ("description", text)));
        facts.push(("environment", self.subject.environment_in_words()));
        let instructions = instructions::lines(&request.instructions);
        facts.extend(instructions.into_iter().map(|line| ("does", line)));
        facts.extend(request.execution_ms().map(|at| ("when", time::text(at))));
        if let Some((detail, around)) = &self.subject.flag {
            facts.extend(self.flag_facts(detail));
            facts.push(("dependents", listed(around.dependents.as_deref())));
            facts.push(("pending", around.pending_in_words()));
        }
        facts.extend(self.comment.clone().map(|comment| ("comment", comment)));
        facts
    }

    fn flag_facts(&self, detail: &Detail) -> Vec<(&'static str, String)> {
        let mut facts = vec![("flag", named(&detail.place, &detail.flag))];
        let Some(config) = detail.config(&self.subject.environment) else { return facts };
        facts.push(("now", words::served(detail, config)));
        if let Some(is_on) = self.turns() {
            let then = words::served_when(detail, config, is_on);
            facts.push(("then", format!("{then}{}", self.others_in_words())));
        }
        facts
    }

    /// What is uncertain about the flag afterwards, since the request does more than turn it.
    fn others_in_words(&self) -> &'static str {
        if self.request.instructions.len() == 1 {
            return "";
        }
        "; the other instructions may change what is served"
    }

    /// Applies the request, and reads its flag again.
    ///
    /// # Errors
    /// `conflict` if it cannot be applied any more; `unexpected_response` if the flag is not as the
    /// request wants it.
    pub async fn send(&self, client: &Client) -> Result<(ApprovalRequest, Option<Detail>)> {
        let request = self.apply(client).await?;
        let Some((detail, _)) = &self.subject.flag else { return Ok((request, None)) };
        let environment = std::slice::from_ref(&self.subject.environment);
        let read = flag::read(client, &detail.place, environment).await;
        let after = read.map_err(attempts::unread)?;
        if request.is_completed() {
            self.check(&after)?;
        }
        Ok((request, Some(after)))
    }

    /// Whether the request turns its flag on or off: the last instruction that does decides. `None`
    /// if there is none.
    fn turns(&self) -> Option<bool> {
        let turns = [(FlagChange::TurnOn, true), (FlagChange::TurnOff, false)];
        let turned = |kind: &str| turns.iter().find(|(change, _)| change.instruction() == kind);
        self.request.kinds().into_iter().rev().find_map(turned).map(|(_, is_on)| *is_on)
    }

    /// Checks that the flag is as the request wants it.
    fn check(&self, after: &Detail) -> Result<()> {
        let config = after.config(&self.subject.environment);
        let is_on = config.map(Config::is_on);
        if self.turns().is_none() || is_on == self.turns() {
            return Ok(());
        }
        let reason = "the flag is not as the request wants it, although the request was applied";
        let path = format!("environments.{}", self.subject.environment);
        Err(Error::unexpected("flags", &path, reason).hint("look at the flag in LaunchDarkly"))
    }

    /// The environment of the change.
    pub fn environment(&self) -> &str {
        &self.subject.environment
    }

    async fn apply(&self, client: &Client) -> Result<ApprovalRequest> {
        let id = &self.request.id;
        let request = approvals::apply(id, self.comment.as_deref());
        let send = async || client.send(&request).await?.decode::<ApprovalRequest>(&request);
        let read = async || {
            let found = read(client, id).await?;
            Ok((!found.is_open() || found.is_scheduled()).then_some(found))
        };
        let around = self.subject.flag.as_ref().map(|(_, around)| around);
        let answer = attempts::write(client, "the approval request", send, read).await;
        let answer = answer.map_err(|error| explained(error, around, false))?;
        settled(answer)
    }
}

/// The request after it was applied, if its change was made or will be at its time.
fn settled(answer: ApprovalRequest) -> Result<ApprovalRequest> {
    if answer.is_completed() || (answer.is_scheduled() && !answer.has_conflicts()) {
        return Ok(answer);
    }
    if answer.status == "failed" || answer.has_conflicts() {
        return Err(outdated(&answer));
    }
    let reason = format!("the request is {}, although it was applied", answer.status);
    Err(Error::unexpected(approvals::NAME, "status", reason))
}
