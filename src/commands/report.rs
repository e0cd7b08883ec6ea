//! `flaglake report`: writes a report on the database, for people and for pipelines.

use std::path::{Path, PathBuf};

use super::schema::print;
use crate::cli::{FailOn, ReportArguments, ReportFormat};
use crate::error::Kind;
use crate::report::data::{self, Report};
use crate::report::file::Place;
use crate::report::sections::scorecards::{Scorecard, Status};
use crate::report::words::some;
use crate::report::{html, json, open, text};
use crate::terminal::{say, width};
use crate::{Error, Result};

/// The file of a page, if `--output` does not name one.
const PAGE: &str = "report.html";

/// Writes the report.
///
/// # Errors
/// When the database cannot be read or the report not be written; `scorecard_failed`, once it is
/// written, when a scorecard fails and that was asked about.
pub fn run(arguments: &ReportArguments, quiet: bool) -> Result<()> {
    let target = target(arguments);
    let input = arguments.database()?;
    let find = |path: &PathBuf| Place::find(path, &input);
    let place = target.as_ref().map(find).transpose()?;
    let mut connection = open::open(&input)?;
    let report = data::read(&mut connection).map_err(|error| open::unreadable(&input, &error))?;
    let content = match arguments.format {
        ReportFormat::Html => html::render(&report)?,
        ReportFormat::Text => text::render(&report, columns(target.as_deref())),
        ReportFormat::Json => json::render(&report)?,
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
    judge(arguments.fail_on, &report)
}

/// The columns that a text may have; `None` where it is not for a terminal.
fn columns(target: Option<&Path>) -> Option<usize> {
    if target.is_none() { width::columns() } else { None }
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
fn judge(fail_on: Option<FailOn>, report: &Report) -> Result<()> {
    let worst: &[Status] = match fail_on {
        None => &[],
        Some(FailOn::Fail) => &[Status::Fail],
        Some(FailOn::Warn) => &[Status::Fail, Status::Warn],
    };
    let found: Vec<_> =
        report.scorecards.iter().filter(|one| worst.contains(&one.status)).collect();
    if found.is_empty() {
        return Ok(());
    }
    let name =
        |one: &&Scorecard| format!("{} of {} {}", one.scorecard, one.subject_kind, one.subject);
    let names: Vec<_> = found.iter().map(name).collect();
    let message = match found.len() {
        1 => format!("1 scorecard does not pass: {}", names[0]),
        number => format!("{number} scorecards do not pass: {}", some(&names, 3)),
    };
    Err(Error::new(Kind::ScorecardFailed, message)
        .hint("the report has the flags behind it; limits are in the table `scorecard_thresholds`"))
}
