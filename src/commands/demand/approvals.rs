//! `flaglake approvals`.

use serde_json::{Value, json};

use super::ask::{Given, has_terminal};
use super::show::Content::{Of, Path};
use super::{Access, lists, show};
use crate::Result;
use crate::cli::{ApprovalApply, ApprovalList, ApprovalShow, ApprovalWithdraw, Format};
use crate::commands::schema::print;
use crate::demand::approvals::{self, Plan};
use crate::demand::consent::Consent;
use crate::demand::record::Record;
use crate::launchdarkly::writes::approvals::ApprovalRequest;
use crate::model::scope::Scope;
use crate::resources::approval_requests::ApprovalRequests;
use crate::terminal::spelled_out;

/// Lists the approval requests.
///
/// # Errors
/// By the table of codes.
pub(super) async fn list(arguments: &ApprovalList) -> Result<()> {
    let mut found =
        lists::read::<ApprovalRequests>(&arguments.options, &Scope::Account, None).await?;
    if let Some(project) = arguments.project.as_deref() {
        found.retain(|request| request.text("project_key") == Some(project));
    }
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
    let hidden = ["notify_member_ids", "instruction_kinds", "reviews"];
    let mut facts = show::facts(&request.clone().without(&hidden));
    let kinds: Vec<String> = request.json("instruction_kinds").unwrap_or_default();
    facts.push(vec!["does".to_owned(), kinds.join(", ")]);
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
    let plan = approvals::plan(access.client(), &arguments.id, comment);
    let (outcome, request) = match access.read(plan).await? {
        Plan::Unchanged(request) => ("unchanged", request),
        Plan::Apply(application) => {
            let given = Given { yes: arguments.consent.yes, can_request: false, quiet };
            given.or_ask(&access, &application.consent()).await?;
            ("changed", access.write(application.send(access.client())).await?)
        }
    };
    finish(outcome, &request, &request.status, arguments.options.format)
}

/// Withdraws a request whose change is still to be made. Only a terminal is asked.
///
/// # Errors
/// `usage` if there is none; `guarded` if its change was made.
pub(super) async fn withdraw(arguments: &ApprovalWithdraw, quiet: bool) -> Result<()> {
    let access = Access::new(&arguments.options.connection).await?;
    let request = access.read(approvals::read(access.client(), &arguments.id)).await?;
    approvals::check_open(&request)?;
    let yes = arguments.yes || !has_terminal();
    let given = Given { yes, can_request: false, quiet };
    given.or_ask(&access, &withdrawal(&request)).await?;
    access.write(approvals::withdraw(access.client(), &request)).await?;
    finish("changed", &request, "withdrawn", arguments.options.format)
}

fn withdrawal(request: &ApprovalRequest) -> Consent {
    let changes = request.resource_id.clone().unwrap_or_default();
    let mut facts = vec![("changes", changes), ("does", request.kinds().join(", "))];
    facts.extend(request.description.clone().map(|text| ("description", text)));
    let question = format!("Withdraw the approval request {}?", request.id);
    Consent { facts, question, typed: None }
}

fn finish(outcome: &str, request: &ApprovalRequest, status: &str, format: Format) -> Result<()> {
    let id = &request.id;
    match format {
        Format::Json => show::object(&json!({
            "outcome": outcome,
            "approval_request_id": id,
            "status": status,
            "review_status": request.review_status,
            "resource": request.resource_id,
        })),
        Format::Text => {
            print(&format!("{outcome}: approval request {} is {status}\n", spelled_out(id)))
        }
    }
}
