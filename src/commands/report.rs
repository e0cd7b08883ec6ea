//! `flaglake report`: writes a report on the database, for people and for pipelines.

mod account;

use std::path::{Path, PathBuf};

use super::schema::print;
use crate::cli::{FailOn, ReportArguments, ReportFormat};
use crate::destinations::address::Address;
use crate::error::Kind;
use crate::report::file::Place;
use crate::report::input::{Chosen, Input};
use crate::report::organisation;
use crate::report::organisation::data::{Account, Organisation};
use crate::report::sections::scorecards::{Scorecard, Status};
use crate::report::title::Title;
use crate::report::words::some;
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
    check_owner(arguments)?;
    let target = target(arguments);
    let address = arguments.input.address()?;
    let find = |path: &PathBuf| Place::find(path, address.report_input());
    let place = target.as_ref().map(find).transpose()?;
    let interrupt = Interrupt::listen();
    let input = Input::new(&address, &interrupt);
    let Rendered { content, scorecards } = match input.choose(arguments.account.as_deref()).await? {
        Chosen::One(account) => account::read(&input, account.as_deref(), arguments).await?,
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
    place.write(&account::page(&input, account.as_deref()).await?)
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
        let mut account = account.map_err(|error| input.unreadable(&error))?;
        account.extraction.read_from(input.name().as_deref(), Some(&account.account));
        accounts.push(account);
    }
    let page = Organisation::new(accounts);
    let title = Title::new(arguments.title.as_deref());
    let content = match arguments.format {
        ReportFormat::Html => organisation::html::render(&page, title)?,
        ReportFormat::Text => organisation::text::render(&page, columns(arguments), title),
        ReportFormat::Json => organisation::json::render(&page)?,
        ReportFormat::Markdown | ReportFormat::Csv | ReportFormat::Issue => {
            let format = arguments.format.name();
            return Err(Error::usage(format!("`--format {format}` is for one account"))
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

/// Checks that the format is one of parts of owners, where one is named, and names one where it must.
fn check_owner(arguments: &ReportArguments) -> Result<()> {
    use ReportFormat::{Csv, Html, Issue, Json, Markdown, Text};
    match (arguments.format, &arguments.owner) {
        (Issue, None) => Err(Error::usage("`--format issue` is for one owner")
            .hint("name a team's key, a member's ID or a name with `--owner`")),
        (Html, Some(_)) => Err(Error::usage("a page is for all owners")
            .hint("`report.html#owner=KEY` shows the work of one; or add `--format markdown`")),
        (format @ (Text | Json), Some(_)) => {
            Err(Error::usage(format!("`--format {}` is for all owners", format.name()))
                .hint("`--owner` is for `--format markdown`, `csv` and `issue`"))
        }
        (Markdown | Csv, _) | (Html | Text | Json, None) | (Issue, Some(_)) => Ok(()),
    }
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
    format!("{} of {}{account}", one.scorecard, one.named())
}
