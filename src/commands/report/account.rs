//! The report on one account. Each format reads only what it prints.

use rusqlite::Connection;

use super::{Rendered, columns};
use crate::Result;
use crate::cli::{ReportArguments, ReportFormat};
use crate::report::data::{self, Summary};
use crate::report::input::Input;
use crate::report::owner::Selection;
use crate::report::sections::extraction::{self, Extraction};
use crate::report::sections::recent;
use crate::report::sections::scorecards::{self, Scorecard};
use crate::report::sections::work::{self, Work, by_owner};
use crate::report::title::Title;
use crate::report::{csv, html, issue, json, lists, markdown, owner, text};

/// The rows of a list that a page holds.
const MOST_ROWS: usize = 1000;

/// Reads and writes it.
///
/// # Errors
/// Those of the input; `usage` where nobody is the owner that was named.
pub async fn read(
    input: &Input<'_>,
    account: Option<&str>,
    arguments: &ReportArguments,
) -> Result<Rendered> {
    let mut connection = input.open(account, arguments.account.as_deref()).await?;
    // One transaction, so that all parts are of the same extraction.
    let transaction = connection.transaction().map_err(|error| input.unreadable(&error))?;
    let reader = Reader { input, arguments, connection: &transaction };
    let (content, scorecards) = reader.content()?;
    let scorecards = scorecards.into_iter().map(|one| (None, one)).collect();
    Ok(Rendered { content, scorecards })
}

/// The page of an account.
///
/// # Errors
/// Those of the input.
pub async fn page(input: &Input<'_>, account: Option<&str>) -> Result<String> {
    let mut connection = input.open(account, None).await?;
    let transaction = connection.transaction().map_err(|error| input.unreadable(&error))?;
    html_page(input, &transaction, account, Title::default()).map(|(page, _)| page)
}

fn html_page(
    input: &Input<'_>,
    connection: &Connection,
    account: Option<&str>,
    title: Title<'_>,
) -> Result<(String, Vec<Scorecard>)> {
    let unreadable = |error| input.unreadable(&error);
    let mut report = data::report(connection).map_err(unreadable)?;
    report.summary.extraction.read_from(input.name().as_deref(), account);
    let lists = lists::read(connection, &report.context(), MOST_ROWS).map_err(unreadable)?;
    Ok((html::render(&report, &lists, title)?, report.summary.scorecards))
}

struct Reader<'r> {
    input: &'r Input<'r>,
    arguments: &'r ReportArguments,
    connection: &'r Connection,
}

impl Reader<'_> {
    /// The report, and its scorecards.
    fn content(&self) -> Result<(String, Vec<Scorecard>)> {
        match self.arguments.format {
            ReportFormat::Html => {
                let account = self.arguments.account.as_deref();
                html_page(self.input, self.connection, account, self.title())
            }
            ReportFormat::Json => {
                let report = self.read(data::report)?;
                let text = self.read(|connection| json::render(&report, connection))??;
                Ok((text, report.summary.scorecards))
            }
            ReportFormat::Text => {
                let summary = self.summary()?;
                Ok((
                    text::render(&summary, columns(self.arguments), self.title()),
                    summary.scorecards,
                ))
            }
            ReportFormat::Markdown => self.digest(),
            ReportFormat::Csv => self.csv(),
            ReportFormat::Issue => self.issue(),
        }
    }

    fn summary(&self) -> Result<Summary> {
        let mut summary = self.read(data::summary)?;
        self.complete(&mut summary.extraction);
        Ok(summary)
    }

    /// Says where the extraction was read.
    fn complete(&self, extraction: &mut Extraction) {
        let account = self.arguments.account.as_deref();
        extraction.read_from(self.input.name().as_deref(), account);
    }

    fn title(&self) -> Title<'_> {
        Title::new(self.arguments.title.as_deref())
    }

    fn digest(&self) -> Result<(String, Vec<Scorecard>)> {
        let owners = self.owners()?;
        let work = self.work_of(&owners)?;
        let summary = self.summary()?;
        let mut recent = self.read(|connection| recent::read(connection, self.arguments.since))?;
        recent.retain(|owner| owners.has(owner));
        let owner = self.arguments.owner.as_deref();
        Ok((markdown::render(&summary, &work, &recent, owner, self.title()), summary.scorecards))
    }

    fn csv(&self) -> Result<(String, Vec<Scorecard>)> {
        let work = self.work()?;
        let mut extraction = self.read(extraction::read)?;
        self.complete(&mut extraction);
        // Reading scorecards takes time: they are read only if they decide the exit status.
        let scorecards = match self.arguments.fail_on {
            Some(_) => self.read(scorecards::read)?,
            None => Vec::new(),
        };
        let is_for_terminal = columns(self.arguments).is_some();
        Ok((csv::render(&work, &extraction, is_for_terminal)?, scorecards))
    }

    fn issue(&self) -> Result<(String, Vec<Scorecard>)> {
        let work = self.work()?;
        let summary = self.summary()?;
        let texts = by_owner(&work).into_iter().map(|share| issue::render(&summary, share));
        let text = texts.collect::<Vec<_>>().join("\n");
        let text = if text.is_empty() { issue::NOTHING.to_owned() } else { text };
        Ok((text, summary.scorecards))
    }

    /// The work list, or the part of the owner that was named.
    fn work(&self) -> Result<Vec<Work>> {
        self.work_of(&self.owners()?)
    }

    fn work_of(&self, owners: &Selection) -> Result<Vec<Work>> {
        let mut work = self.read(work::read)?;
        work.retain(|flag| owners.has(flag.owner.as_deref()));
        Ok(work)
    }

    /// The owner that was named, or all.
    fn owners(&self) -> Result<Selection> {
        match &self.arguments.owner {
            Some(wanted) => owner::find(&self.read(owner::read)?, wanted),
            None => Ok(Selection::All),
        }
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        read(self.connection).map_err(|error| self.input.unreadable(&error))
    }
}
