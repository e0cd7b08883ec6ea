//! Approval requests: shown, applied once approved, and withdrawn. Nothing here approves.

use super::around::Around;
use super::attempts::{self, explained, outdated};
use super::consent::{self, Consent, Typed, listed};
use super::detail::{Config, Detail};
use super::lists::{List, Wanted};
use super::record::{Cell, Record};
use super::toggle::named;
use super::{flag, lists, words};
use crate::error::Kind;
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::approvals::{self, ApprovalRequest};
use crate::launchdarkly::writes::flags::{FlagChange, FlagPlace};
use crate::launchdarkly::writes::places::EnvironmentRules;
use crate::model::scope::Scope;
use crate::resources::approval_requests::ApprovalRequests;
use crate::resources::specifier::Specifier;
use crate::sync::guards::guarded;
use crate::sync::places;
use crate::{Error, Result};

/// Reads a request.
///
/// # Errors
/// `usage` if there is none.
pub async fn read(client: &Client, id: &str) -> Result<ApprovalRequest> {
    client.object(&approvals::one(id)).await.map_err(|error| unknown(error, id))
}

/// Reads a request as one object: its row, with its reviews and the kinds of its instructions.
///
/// # Errors
/// `usage` if there is none.
pub async fn show(client: &Client, id: &str) -> Result<Record> {
    let request = approvals::one(id);
    let body: serde_json::Value =
        client.object(&request).await.map_err(|error| unknown(error, id))?;
    let typed = |error| Error::unexpected(approvals::NAME, "", error);
    let request: ApprovalRequest = serde_json::from_value(body.clone()).map_err(typed)?;
    let mut rows = lists::of_value::<ApprovalRequests>(&Scope::Account, body)?;
    let row = rows.take("approval_requests").into_iter().next();
    let mut record = row.ok_or_else(|| typed_none(id))?;
    record.set_json("instruction_kinds", &request.kinds());
    let reviews = rows.take("approval_reviews");
    let reviews = reviews.into_iter().map(|row| row.without(&["approval_request_id"]));
    record.set_json("reviews", &reviews.collect::<Vec<_>>());
    Ok(record)
}

fn typed_none(id: &str) -> Error {
    Error::unexpected(approvals::NAME, "", format!("the answer is not the request `{id}`"))
}

fn unknown(error: Error, id: &str) -> Error {
    if error.http_status() != Some(404) {
        return error;
    }
    Error::usage(format!("there is no approval request `{id}`"))
        .hint("`flaglake approvals list` lists them")
}

/// The requests of the account, or of a project.
///
/// # Errors
/// `usage` if there is no such project.
pub async fn list(client: &Client, project: Option<&str>) -> Result<List> {
    let scope = Scope::Account;
    let mut found = lists::items::<ApprovalRequests>(client, &scope, &Wanted::default()).await?;
    if let Some(project) = project {
        found.retain(|request| request.text("project_key") == Some(project));
        if found.is_empty() {
            places::project(client, project).await?;
        }
    }
    Ok(List::of::<ApprovalRequests>(found))
}

/// What is to be done.
#[derive(Debug)]
pub enum Plan {
    /// Nothing: the change was made.
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

/// What the change is about.
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
    if request.is_completed() {
        return Ok(Plan::Unchanged(request));
    }
    let subject = Subject::read(client, &request).await?;
    if !request.is_open() || request.conflicts.iter().flatten().next().is_some() {
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
        let around = Around::read(client, &place, &environment).await?;
        Ok(Subject { environment, rules, flag: Some((detail, around)) })
    }
}

impl Application {
    /// What a person is shown and asked.
    pub fn consent(&self) -> Consent {
        let subject = &self.subject;
        let key = subject.environment.clone();
        let must_type = consent::must_type(subject.rules.as_ref());
        Consent {
            facts: self.facts(),
            question: format!("Apply the approval request {}?", self.request.id),
            typed: must_type.then_some(Typed { noun: "environment", key }),
        }
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let (request, subject) = (&self.request, &self.subject);
        let mut facts = vec![("changes", request.resource_id.clone().unwrap_or_default())];
        facts.extend(request.description.clone().map(|text| ("description", text)));
        let tags = subject.flag.as_ref().map_or(&[][..], |(detail, _)| &detail.tags);
        let environment = consent::described(&subject.environment, subject.rules.as_ref(), tags);
        facts.push(("environment", environment));
        facts.push(("does", request.kinds().join(", ")));
        if let Some((detail, around)) = &subject.flag {
            facts.extend(self.flag_facts(detail));
            facts.push(("dependents", listed(around.dependents.as_deref())));
            let others = around.pending();
            let others = others.into_iter().filter(|other| !other.contains(&request.id));
            facts.push(("pending", listed(Some(&others.collect::<Vec<_>>()))));
        }
        facts.extend(self.comment.clone().map(|comment| ("comment", comment)));
        facts
    }

    fn flag_facts(&self, detail: &Detail) -> Vec<(&'static str, String)> {
        let mut facts = vec![("flag", named(&detail.place, &detail.flag))];
        let Some(config) = detail.config(&self.subject.environment) else { return facts };
        facts.push(("now", words::served(detail, config)));
        if let Some(is_on) = self.turns() {
            facts.push(("then", words::served_when(detail, config, is_on)));
        }
        facts
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
        self.check(&after)?;
        Ok((request, Some(after)))
    }

    /// Whether the request turns its flag on or off; `None` if it does something else.
    fn turns(&self) -> Option<bool> {
        let is = |change: FlagChange| self.request.kinds() == [change.instruction()];
        is(FlagChange::TurnOn).then_some(true).or(is(FlagChange::TurnOff).then_some(false))
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
            Ok((!found.is_open()).then_some(found))
        };
        let around = self.subject.flag.as_ref().map(|(_, around)| around);
        let answer = attempts::write(client, "the approval request", send, read).await;
        let answer = answer.map_err(|error| explained(error, around, false))?;
        if answer.is_completed() {
            return Ok(answer);
        }
        if answer.status == "failed" || answer.conflicts.iter().flatten().next().is_some() {
            return Err(outdated(&answer));
        }
        let reason = format!("the request is {}, although it was applied", answer.status);
        Err(Error::unexpected(approvals::NAME, "status", reason))
    }
}

/// The outcome of a change of a request as one object.
pub fn outcome(outcome: &str, request: &ApprovalRequest, status: &str) -> Record {
    let text = |text: &str| Cell::Text(text.to_owned());
    let mut record = Record::default();
    record.set("outcome", text(outcome));
    record.set("approval_request_id", text(&request.id));
    record.set("status", text(status));
    record.set("review_status", text(&request.review_status));
    record.set("resource", request.resource_id.clone().map_or(Cell::Null, Cell::Text));
    record
}

/// Withdraws a request whose change is still to be made.
///
/// # Errors
/// `usage` if there is none; `guarded` if its change was made, or failed.
pub async fn withdraw(client: &Client, request: &ApprovalRequest) -> Result<()> {
    let id = &request.id;
    let delete = approvals::withdraw(id);
    let send = async || client.send(&delete).await.map(drop);
    let read = async || match read(client, id).await {
        Ok(_) => Ok(None),
        Err(error) if error.kind() == Kind::Usage => Ok(Some(())),
        Err(error) => Err(error),
    };
    attempts::write(client, "the approval request", send, read).await
}

/// Checks that a request can be withdrawn.
///
/// # Errors
/// `guarded` if its change was made, or failed.
pub fn check_open(request: &ApprovalRequest) -> Result<()> {
    if request.is_open() {
        return Ok(());
    }
    let (id, status) = (&request.id, &request.status);
    let message = format!("approval request {id} is {status}, so it cannot be withdrawn");
    Err(guarded(message, "only requests whose change is still to be made can be withdrawn"))
}
