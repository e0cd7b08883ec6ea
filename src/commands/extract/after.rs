//! Files that are made from an output once it is published: a page, and a copy.

use std::path::Path;

use super::outcome::{Outcome, Written};
use crate::cli::ExtractArguments;
use crate::commands::report;
use crate::destinations::Copy;
use crate::destinations::address::Address;
use crate::system::interrupt::Interrupt;
use crate::{Error, Result};

/// Checks that an output can be the source of each file. Whether a file can be written shows when
/// the data is published: a folder that is missing must not cost the data of a night.
///
/// # Errors
/// `usage` where no output can be the source of one.
pub(super) fn check(arguments: &ExtractArguments) -> Result<()> {
    let has = |has: fn(&Address) -> bool| arguments.output.iter().any(has);
    if arguments.report.is_some() && !has(|output| output.input().is_some()) {
        return Err(Error::usage("`--report`: a report is not made from these outputs"));
    }
    if arguments.copy_to.is_some() && !has(|output| output.report_input().is_some()) {
        return Err(Error::usage("`--copy-to` copies a SQLite database")
            .hint("name one with `--output`, beside the others"));
    }
    Ok(())
}

/// Writes the files from the outputs that are published.
///
/// # Errors
/// The first error; the other file is written nevertheless.
pub(super) async fn write(
    arguments: &ExtractArguments,
    outcome: &mut Outcome,
    interrupt: &Interrupt,
) -> Result<()> {
    let copied = copy(arguments, outcome);
    let reported = page(arguments, outcome, interrupt).await;
    copied.and(reported)
}

fn copy(arguments: &ExtractArguments, outcome: &mut Outcome) -> Result<()> {
    let Some(copy) = &arguments.copy_to else { return Ok(()) };
    let source = published(outcome, |output| output.report_input().map(Path::to_owned));
    let Some((_, database)) = source else { return Ok(()) };
    let written = Copy::find(&database, &copy.path, copy.mode).and_then(|copy| copy.write());
    written.map_err(|error| not_written("copy", &error))?;
    outcome.files.push(copy.path.clone());
    Ok(())
}

async fn page(
    arguments: &ExtractArguments,
    outcome: &mut Outcome,
    interrupt: &Interrupt,
) -> Result<()> {
    let Some(path) = &arguments.report else { return Ok(()) };
    let source = published(outcome, |output| output.input());
    let Some((written, _)) = source else { return Ok(()) };
    let account = outcome.extraction.as_ref().and_then(|run| run.account_id.as_deref());
    let page = report::write_page(&written.address, account, path, interrupt).await;
    page.map_err(|error| not_written("report", &error))?;
    outcome.files.push(path.clone());
    Ok(())
}

/// The first published output that has what is needed.
fn published<T>(outcome: &Outcome, find: impl Fn(&Address) -> Option<T>) -> Option<(&Written, T)> {
    outcome.published().find_map(|(written, _)| Some((written, find(&written.address)?)))
}

/// The error of a file that was not written although the data is published.
fn not_written(what: &str, error: &Error) -> Error {
    Error::new(error.kind(), format!("the data is published, but not the {what}: {error}"))
        .hint(error.advice().unwrap_or_default())
}
