//! `flaglake report`: writes a report on the database, for people and for pipelines.

use std::path::{Path, PathBuf};

use super::schema::print;
use crate::cli::{FailOn, ReportArguments, ReportFormat};
use crate::destinations::address::Address;
use crate::error::Kind;
use crate::report::data;
use crate::report::file::Place;
use crate::report::input::{Chosen, Input};
use crate::report::organisation::data::{Account, Organisation};
use crate::report::sections::recent;
use crate::report::sections::scorecards::{Scorecard, Status};
use crate::report::words::some;
use crate::report::{html, json, markdown, organisation, text};
use crate::system::interrupt::Interrupt;
use crate::terminal::{say, width};
use crate::{Error, Result};

/// The file of a page, if `--output` does not name one.
const PAGE: &str = "report.html";

/// The report in its form, and its scorecards with the account that each is of.
struct Rendered {
    content: String,
    scorecards: Vec<(Option<String>, Scorecard)>,
}

/// Writes the report.
///
/// # Errors
/// When the input cannot be read or the report not be written; `scorecard_failed`, once it is
/// written, when a scorecard fails and that was asked about.
pub async fn run(arguments: &ReportArguments, quiet: bool) -> Result<()> {
    let target = target(arguments);
    let address = arguments.address()?;
    let find = |path: &PathBuf| Place::find(path, address.report_input());
    let place = target.as_ref().map(find).transpose()?;
    let interrupt = Interrupt::listen();
    let input = Input::new(&address, &interrupt);
    let Rendered { content, scorecards } = match input.choose(arguments.account.as_deref()).await? {
        Chosen::One(account) => one(&input, account.as_deref(), arguments).await?,
        Chosen::All(accounts) => all(&input, accounts, arguments).await?,
    };
    match target.as_ref().zip(place) {
        None => print(&content)?,
        Some((path, place)) => {
            place.write(&content)?;
            if !quiet {
                say(&format!("The report is in {}", path.display()));
            }
        }
    }
    judge(arguments.fail_on, &scorecards)
}

/// Writes the page of an account to a file.
///
/// # Errors
/// When the output cannot be read, or the file not be written.
pub(super) async fn write_page(
    address: &Address,
    account: Option<&str>,
    path: &Path,
    interrupt: &Interrupt,
) -> Result<()> {
    let place = Place::find(path, address.report_input())?;
    let input = Input::new(address, interrupt);
    let account = match input.choose(account).await? {
        Chosen::One(account) => account,
        Chosen::All(_) => None,
    };
    let mut connection = input.open(account.as_deref(), None).await?;
    let report = data::read(&mut connection).map_err(|error| input.unreadable(&error))?;
    place.write(&html::render(&report)?)
}

/// The report on one account.
async fn one(
    input: &Input<'_>,
    account: Option<&str>,
    arguments: &ReportArguments,
) -> Result<Rendered> {
    let mut connection = input.open(account, arguments.account.as_deref()).await?;
    let report = data::read(&mut connection).map_err(|error| input.unreadable(&error))?;
    let content = match arguments.format {
        ReportFormat::Html => html::render(&report)?,
        ReportFormat::Text => text::render(&report, columns(arguments)),
        ReportFormat::Json => json::render(&report)?,
        ReportFormat::Markdown => {
            let recent = recent::read(&connection, arguments.since);
            let recent = recent.map_err(|error| input.unreadable(&error))?;
            markdown::render(&report, &recent, arguments.owner.as_deref())
        }
    };
    let scorecards = report.scorecards.into_iter().map(|one| (None, one)).collect();
    Ok(Rendered { content, scorecards })
}

/// The page of an organisation. One account is in the temporary folder at a time.
async fn all(
    input: &Input<'_>,
    names: Vec<String>,
    arguments: &ReportArguments,
) -> Result<Rendered> {
    let mut accounts = Vec::new();
    for name in names {
        let mut connection = input.open_summary(&name).await?;
        let account = organisation::data::read(&mut connection, name);
        accounts.push(account.map_err(|error| input.unreadable(&error))?);
    }
    let page = Organisation::new(accounts);
    let content = match arguments.format {
        ReportFormat::Html => organisation::html::render(&page)?,
        ReportFormat::Text => organisation::text::render(&page, columns(arguments)),
        ReportFormat::Json => organisation::json::render(&page)?,
        ReportFormat::Markdown => {
            return Err(Error::usage("`--format markdown` is for one account")
                .hint("name it with `--account`"));
        }
    };
    let of_account = |account: Account| {
        let name = account.account;
        account.scorecards.into_iter().map(move |one| (Some(name.clone()), one))
    };
    let scorecards = page.accounts.into_iter().flat_map(of_account).collect();
    Ok(Rendered { content, scorecards })
}

/// The columns that a text may have; `None` where it is not for a terminal.
fn columns(arguments: &ReportArguments) -> Option<usize> {
    if target(arguments).is_none() { width::columns() } else { None }
}

/// The file to write; none is standard output.
fn target(arguments: &ReportArguments) -> Option<PathBuf> {
    match (&arguments.output, arguments.format) {
        (Some(path), _) if path.as_os_str() == "-" => None,
        (Some(path), _) => Some(path.clone()),
        (None, ReportFormat::Html) => Some(PathBuf::from(PAGE)),
        (None, _) => None,
    }
}

/// Fails where a scorecard ends in a status that was asked about.
fn judge(fail_on: Option<FailOn>, scorecards: &[(Option<String>, Scorecard)]) -> Result<()> {
    let worst: &[Status] = match fail_on {
        None => &[],
        Some(FailOn::Fail) => &[Status::Fail],
        Some(FailOn::Warn) => &[Status::Fail, Status::Warn],
    };
    let judged = scorecards.iter().filter(|(_, one)| one.is_of_actor());
    let found: Vec<_> = judged.filter(|(_, one)| worst.contains(&one.status)).collect();
    if found.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = found.iter().map(|(account, one)| name(account.as_deref(), one)).collect();
    let message = match found.len() {
        1 => format!("1 scorecard does not pass: {}", names[0]),
        number => format!("{number} scorecards do not pass: {}", some(&names, 3)),
    };
    Err(Error::new(Kind::ScorecardFailed, message)
        .hint("the report has the flags behind it; limits are in the table `scorecard_thresholds`"))
}

fn name(account: Option<&str>, one: &Scorecard) -> String {
    let account = account.map(|account| format!(" of account {account}")).unwrap_or_default();
    format!("{} of {} {}{account}", one.scorecard, one.subject_kind, one.subject)
}
