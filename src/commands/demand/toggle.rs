//! `flaglake flags on` and `flags off`.

use tracing::warn;

use super::ask::{self, Given};
use super::{Access, show};
use crate::Result;
use crate::cli::{FlagToggle, Format};
use crate::commands::schema::print;
use crate::demand::detail::Detail;
use crate::demand::plan::Plan;
use crate::demand::record::{Cell, Record};
use crate::demand::toggle::{Change, Toggle};
use crate::terminal::spelled_out;

/// Turns a flag on or off.
///
/// # Errors
/// By the table of codes: `approval_required` without consent or approval.
pub(super) async fn run(arguments: &FlagToggle, is_on: bool, quiet: bool) -> Result<()> {
    let access = Access::new(&arguments.options.connection).await?;
    let toggle = Toggle {
        place: arguments.flag.place(),
        environment: arguments.environment.clone(),
        is_on,
        comment: arguments.consent.comment(),
    };
    let record = match access.read(toggle.clone().plan(access.client())).await? {
        Plan::Unchanged(detail) => toggle.to_record("unchanged", &detail, access.pages()),
        Plan::Change(change) if arguments.request_approval => {
            request(&access, &change, quiet).await?
        }
        Plan::Change(change) => {
            let given = Given { yes: arguments.consent.yes, can_request: true, quiet };
            let (outcome, detail) = make(&access, &change, given).await?;
            toggle.to_record(outcome, &detail, access.pages())
        }
    };
    match arguments.options.format {
        Format::Json => show::object(&record),
        Format::Text => print(&sentence(&record)),
    }
}

/// Makes the change; returns the outcome, and the flag afterwards.
async fn make(access: &Access, change: &Change, given: Given) -> Result<(&'static str, Detail)> {
    if change.is_likely_refused() {
        warn!("The environment requires approvals: LaunchDarkly will probably refuse the change.");
    }
    if given.or_ask(access, &change.consent()).await? {
        let is_done = access.read(change.check_shown(access.client())).await?;
        if is_done {
            return Ok(("unchanged", access.read(change.now(access.client())).await?));
        }
    }
    Ok(("changed", access.write(change.send(access.client())).await?))
}

async fn request(access: &Access, change: &Change, quiet: bool) -> Result<Record> {
    if !quiet {
        ask::show(&change.consent());
    }
    let asked = access.write(change.request(access.client())).await?;
    let toggle = &change.toggle;
    let mut record = toggle.to_record(asked.name(), &change.detail, access.pages());
    let request = asked.request();
    record.set("approval_request_id", Cell::Text(request.id.clone()));
    record.set("review_status", Cell::Text(request.review_status.clone()));
    Ok(record)
}

/// The outcome for people.
fn sentence(record: &Record) -> String {
    let text = |name: &str| spelled_out(&record.shown(name));
    let flag = format!("`{}` in `{}`", text("flag_key"), text("environment_key"));
    let (serves, url) = (text("serves"), text("url"));
    let id = text("approval_request_id");
    let outcome = match text("outcome").as_str() {
        "changed" => format!("changed: {flag} is now {serves}"),
        "requested" => format!("requested: the approval request {id} was made for {flag}"),
        "pending" => format!("pending: the approval request {id} was made for {flag} before"),
        _ => format!("unchanged: {flag} is {serves}"),
    };
    format!("{outcome}\n{url}\n")
}
