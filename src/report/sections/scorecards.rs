//! The results of the scorecards.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;
use crate::report::words::{decimal, title};

/// One scorecard of one project, team or owner.
#[derive(Debug, Serialize)]
pub struct Scorecard {
    /// Its name.
    pub scorecard: String,
    /// `project`, `team` or `owner`.
    pub subject_kind: String,
    /// The project, team or owner.
    pub subject: String,
    /// The result.
    pub status: Status,
    /// The percentage that decided the result; none if it is unknown.
    pub output: Option<f64>,
    /// The reason for the status, in words.
    pub detail: Option<String>,
}

/// The result of a scorecard; the worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Beyond the limit.
    Fail,
    /// Near the limit.
    Warn,
    /// Unknown, because data was not read.
    Unknown,
    /// Good.
    Pass,
}

impl Status {
    /// Every status, in the order of pages.
    pub const ALL: [Status; 4] = [Status::Fail, Status::Warn, Status::Unknown, Status::Pass];

    /// The status in one word.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Fail => "fail",
            Status::Warn => "warn",
            Status::Unknown => "unknown",
            Status::Pass => "pass",
        }
    }

    fn parse(text: &str) -> Self {
        Status::ALL.into_iter().find(|status| status.name() == text).unwrap_or(Status::Unknown)
    }
}

const SQL: &str = "
    SELECT scorecard, subject_kind, subject, status, output, detail
    FROM scorecards
    ORDER BY CASE status WHEN 'fail' THEN 0 WHEN 'warn' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END,
             CASE subject_kind WHEN 'project' THEN 0 WHEN 'team' THEN 1 ELSE 2 END,
             scorecard, output DESC, subject";

/// Reads them, the worst first.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Scorecard>> {
    rows(connection, SQL, |row| {
        Ok(Scorecard {
            scorecard: row.get(0)?,
            subject_kind: row.get(1)?,
            subject: row.get(2)?,
            status: Status::parse(&row.get::<_, String>(3)?),
            output: row.get(4)?,
            detail: row.get(5)?,
        })
    })
}

impl Scorecard {
    /// The figure, which is a share.
    pub fn figure(&self) -> String {
        let number = self.output.map(decimal);
        number.map_or_else(|| "–".to_owned(), |number| format!("{number} %"))
    }
}

/// A scorecard's name for people.
pub fn label(scorecard: &str) -> String {
    match scorecard {
        "stale_percentage" => "Stale flags".to_owned(),
        "ownership_coverage" => "Ownership".to_owned(),
        "flag_age" => "Overdue flags".to_owned(),
        "environment_governance" => "Governance".to_owned(),
        name => title(name),
    }
}
