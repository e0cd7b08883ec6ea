//! Approval requests: listed, shown and withdrawn. Nothing here approves.

use std::cell::Cell as Mark;

use super::lists::{List, Wanted};
use super::record::{Cell, Record};
use super::{attempts, instructions, lists};
use crate::error::Kind;
use crate::launchdarkly::Client;
use crate::launchdarkly::writes::approvals::{self, ApprovalRequest};
use crate::model::scope::Scope;
use crate::model::time;
use crate::resources::approval_requests::ApprovalRequests;
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

/// Reads a request as one object: its row, with its reviews and its instructions.
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
    record.set_json("instructions", &instructions::counted(&request.instructions));
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

/// The outcome of a change of a request as one object.
pub fn outcome(outcome: &str, request: &ApprovalRequest, status: &str) -> Record {
    let text = |text: &str| Cell::Text(text.to_owned());
    let mut record = Record::default();
    record.set("outcome", text(outcome));
    record.set("approval_request_id", text(&request.id));
    record.set("status", text(status));
    record.set("review_status", text(&request.review_status));
    record.set("resource", request.resource_id.clone().map_or(Cell::Null, Cell::Text));
    if let Some(at) = request.execution_ms() {
        record.set("execution_at", Cell::Text(time::text(at)));
    }
    record
}

/// Withdraws a request whose change is still to be made. `false` if somebody else did so.
///
/// # Errors
/// `guarded` if its change has been made since, or has failed.
pub async fn withdraw(client: &Client, request: &ApprovalRequest) -> Result<bool> {
    let id = &request.id;
    let delete = approvals::withdraw(id);
    // Whether an earlier attempt may have been carried out.
    let is_unknown = Mark::new(false);
    let gone = async || Ok(is_gone(client, id).await?.then(|| is_unknown.get()));
    let send = async || match client.send(&delete).await {
        Ok(_) => Ok(true),
        Err(error) if error.http_status() == Some(404) => gone().await?.ok_or(error),
        Err(error) => {
            is_unknown.set(is_unknown.get() || error.is_unconfirmed());
            Err(error)
        }
    };
    attempts::write(client, "the approval request", send, gone).await
}

/// Whether a request is not there any more.
///
/// # Errors
/// `guarded` if it is, and cannot be withdrawn.
async fn is_gone(client: &Client, id: &str) -> Result<bool> {
    match read(client, id).await {
        Ok(found) => check_open(&found).map(|()| false),
        Err(error) if error.kind() == Kind::Usage => Ok(true),
        Err(error) => Err(error),
    }
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
