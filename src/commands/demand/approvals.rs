//! `flaglake approvals`.

use serde_json::Value;

use super::ask::{Given, has_terminal};
use super::show::Content::{Of, Path};
use super::{Access, show};
use crate::Result;
use crate::cli::{ApprovalApply, ApprovalList, ApprovalShow, ApprovalWithdraw, Format};
use crate::commands::schema::print;
use crate::demand::application::{self, Plan};
use crate::demand::approvals;
use crate::demand::consent::Consent;
use crate::demand::instructions;
use crate::demand::plan;
use crate::demand::record::{Cell, Record};
use crate::launchdarkly::writes::approvals::ApprovalRequest;
use crate::terminal::spelled_out;

/// Lists the approval requests.
///
/// # Errors
/// By the table of codes.
pub(super) async fn list(arguments: &ApprovalList) -> Result<()> {
    let access = Access::new(&arguments.options.connection).await?;
    let project = arguments.project.as_deref();
    let found = access.read(approvals::list(access.client(), project)).await?;
    let shown = [
        ("id", Of("approval_request_id")),
        ("status", Of("status")),
        ("review", Of("review_status")),
        ("changes", Path(&["project_key", "environment_key", "resource_key"])),
    ];
    show::list(&found, &shown, arguments.options.format)
}

/// Shows an approval request.
///
/// # Errors
/// `usage` if there is none.
pub(super) async fn show(arguments: &ApprovalShow) -> Result<()> {
    let access = Access::new(&arguments.options.connection).await?;
    let found = access.read(approvals::show(access.client(), &arguments.id)).await?;
    match arguments.options.format {
        Format::Json => show::object(&found),
        Format::Text => print(&text(&found)),
    }
}

/// A request for people.
fn text(request: &Record) -> String {
    let hidden = ["notify_member_ids", "instruction_kinds", "instructions", "reviews"];
    let mut facts = show::facts(&request.clone().without(&hidden));
    let does: Vec<Value> = request.json("instructions").unwrap_or_default();
    let does = instructions::lines(&does).into_iter();
    facts.extend(does.map(|line| vec!["does".to_owned(), line]));
    let reviews: Vec<Value> = request.json("reviews").unwrap_or_default();
    facts.extend(reviews.iter().map(|review| vec!["review".to_owned(), review_text(review)]));
    show::pairs(facts)
}

fn review_text(review: &Value) -> String {
    let text = |name: &str| review[name].as_str().unwrap_or_default();
    let comment = Some(text("comment")).filter(|comment| !comment.is_empty());
    let comment = comment.map(|comment| format!(": {comment}")).unwrap_or_default();
    format!("{} {}{comment}", show::minute(text("created_at")), text("kind"))
}

/// Makes the change of an approved request.
///
/// # Errors
/// `approval_required` without consent, or if the request is not approved.
pub(super) async fn apply(arguments: &ApprovalApply, quiet: bool) -> Result<()> {
    let access = Access::new(&arguments.options.connection).await?;
    let comment = arguments.consent.comment();
    let plan = application::plan(access.client(), &arguments.id, comment);
    let record = match access.read(plan).await? {
        Plan::Unchanged(request) => approvals::outcome("unchanged", &request, &request.status),
        Plan::Apply(application) => {
            let given = Given { yes: arguments.consent.yes, can_request: false, quiet };
            given.or_ask(&access, &application.consent()).await?;
            let (request, after) = access.write(application.send(access.client())).await?;
            let mut record = approvals::outcome("changed", &request, &request.status);
            if let Some(detail) = &after {
                record.set("project_key", Cell::Text(detail.place.project.clone()));
                record.set("flag_key", Cell::Text(detail.place.flag.clone()));
                plan::add_state(&mut record, detail, application.environment());
            }
            record
        }
    };
    finish(&record, arguments.options.format)
}

/// Withdraws a request whose change is still to be made. No flag changes, so only a terminal is asked.
///
/// # Errors
/// `usage` if there is none; `guarded` if its change was made; `approval_required` after a "no".
pub(super) async fn withdraw(arguments: &ApprovalWithdraw, quiet: bool) -> Result<()> {
    let access = Access::new(&arguments.options.connection).await?;
    let request = access.read(approvals::read(access.client(), &arguments.id)).await?;
    approvals::check_open(&request)?;
    let yes = arguments.yes || !has_terminal();
    let given = Given { yes, can_request: false, quiet };
    given.or_ask(&access, &withdrawal(&request)).await?;
    let is_ours = access.write(approvals::withdraw(access.client(), &request)).await?;
    let outcome = if is_ours { "changed" } else { "unchanged" };
    finish(&approvals::outcome(outcome, &request, "withdrawn"), arguments.options.format)
}

fn withdrawal(request: &ApprovalRequest) -> Consent {
    let mut facts = vec![("changes", request.resource_id.clone().unwrap_or_default())];
    let does = instructions::lines(&request.instructions);
    facts.extend(does.into_iter().map(|line| ("does", line)));
    facts.extend(request.description.clone().map(|text| ("description", text)));
    let question = format!("Withdraw the approval request {}?", request.id);
    Consent { facts, question, typed: None }
}

fn finish(record: &Record, format: Format) -> Result<()> {
    match format {
        Format::Json => show::object(record),
        Format::Text => print(&sentence(record)),
    }
}

/// The outcome for people.
fn sentence(record: &Record) -> String {
    let text = |name: &str| spelled_out(&record.shown(name));
    let (outcome, id, status) = (text("outcome"), text("approval_request_id"), text("status"));
    let at = record.text("execution_at").filter(|_| status == "scheduled");
    let at = at.map(|at| format!("; its change will be made at {}", spelled_out(at)));
    let flag = record.text("serves").map(|_| {
        let (flag, environment) = (text("flag_key"), text("environment_key"));
        format!("`{flag}` in `{environment}` is now {}\n", text("serves"))
    });
    let (at, flag) = (at.unwrap_or_default(), flag.unwrap_or_default());
    format!("{outcome}: approval request {id} is {status}{at}\n{flag}")
}
