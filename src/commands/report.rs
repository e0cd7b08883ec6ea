//! `flaglake report`: what the database says, for people and for pipelines.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::schema::print;
use crate::cli::{FailOn, ReportArguments, ReportFormat};
use crate::error::Kind;
use crate::publish::NewFile;
use crate::report::data::{self, Report};
use crate::report::sections::scorecards::{Scorecard, Status};
use crate::report::words::some;
use crate::report::{html, json, open, text};
use crate::terminal::say;
use crate::{Error, Result};

/// Where a page goes unless it is told.
const PAGE: &str = "report.html";

/// Writes the report.
///
/// # Errors
/// When the database cannot be read or the report not be written; `scorecard_failed`, once it is
/// written, when a scorecard fails and that was asked about.
pub fn run(arguments: &ReportArguments, quiet: bool) -> Result<()> {
    let target = target(arguments);
    if let Some(path) = &target {
        check(path, &arguments.input)?;
    }
    let mut connection = open::open(&arguments.input)?;
    let report =
        data::read(&mut connection).map_err(|error| open::unreadable(&arguments.input, &error))?;
    let content = match arguments.format {
        ReportFormat::Html => html::render(&report)?,
        ReportFormat::Text => text::render(&report),
        ReportFormat::Json => json::render(&report)?,
    };
    match &target {
        None => print(&content)?,
        Some(path) => {
            write(path, &content).map_err(|error| Error::output(path, error))?;
            if !quiet {
                say(&format!("The report is in {}", path.display()));
            }
        }
    }
    judge(arguments.fail_on, &report)
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

/// Whether `path` may be written: a regular file other than the database, or nothing yet.
fn check(path: &Path, input: &Path) -> Result<()> {
    let refuse = |reason: &str, hint: &str| {
        Err(Error::output(path, reason).resource(path.display().to_string()).hint(hint))
    };
    if path.is_dir() {
        return refuse("it is a folder", "name a file in it");
    }
    if path.exists() && !path.is_file() {
        return refuse("it is not a regular file", "name another file, or `-` for standard output");
    }
    let real = |path: &Path| fs::canonicalize(path).ok();
    if real(path).is_some_and(|output| real(input) == Some(output)) {
        return refuse("it is the database", "name another file");
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
        let reason = format!("there is no folder `{}`", parent.display());
        return refuse(&reason, "create the folder first");
    }
    Ok(())
}

/// Writes the whole file or nothing. A link stays, and what it leads to is replaced.
fn write(path: &Path, content: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let new = NewFile::beside(&path);
    File::create_new(&new.path)?.write_all(content.as_bytes())?;
    new.take_place(&path)
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
