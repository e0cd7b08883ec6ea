//! The results of the scorecards.

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;
use crate::report::words::{decimal, title};

/// One scorecard of one subject.
#[derive(Debug, Serialize)]
pub struct Scorecard {
    /// Its name.
    pub scorecard: String,
    /// `project`, `environment`, `team`, `owner`, `tag` or `repository`.
    pub subject_kind: String,
    /// The key of the subject, as in the view `scorecards`.
    pub subject: String,
    /// Its name for people.
    pub subject_name: String,
    /// The result.
    pub status: Status,
    /// The percentage that decided the result; none if it is unknown.
    pub output: Option<f64>,
    /// The lowest that the percentage can be; none if nothing is known.
    pub output_min: Option<f64>,
    /// The highest that it can be.
    pub output_max: Option<f64>,
    /// The reason for the status, in words.
    pub detail: Option<String>,
    /// What is judged, such as temporary flags; none if it was not read.
    pub total: Option<i64>,
    /// Those of them that are known to count.
    pub counted: Option<i64>,
    /// Those of which that is unknown.
    pub unknown: Option<i64>,
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
    SELECT scorecard, subject_kind, subject, status, output, detail, subject_name, total, counted, unknown,
        output_min, output_max
    FROM scorecards
    ORDER BY CASE status WHEN 'fail' THEN 0 WHEN 'warn' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END,
             CASE subject_kind WHEN 'project' THEN 0 WHEN 'team' THEN 1 WHEN 'owner' THEN 2
                 WHEN 'environment' THEN 3 WHEN 'repository' THEN 4 ELSE 5 END,
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
            subject_name: row.get(6)?,
            total: row.get(7)?,
            counted: row.get(8)?,
            unknown: row.get(9)?,
            output_min: row.get(10)?,
            output_max: row.get(11)?,
        })
    })
}

/// The kinds of subjects that `--fail-on` and texts are about: those who can act.
const ACTORS: [&str; 3] = ["project", "team", "owner"];

/// The scorecards of which more is better.
const MORE_IS_BETTER: [&str; 3] = ["ownership_coverage", "hygiene", "environment_governance"];

impl Scorecard {
    /// Whether it is one of a project, team or owner.
    pub fn is_of_actor(&self) -> bool {
        ACTORS.contains(&self.subject_kind.as_str())
    }

    /// Whether more of it is better.
    pub fn is_more_better(&self) -> bool {
        MORE_IS_BETTER.contains(&self.scorecard.as_str())
    }

    /// The number of flags, or environments, that make it worse.
    pub fn at_fault(&self) -> i64 {
        let [total, counted, unknown] =
            [self.total, self.counted, self.unknown].map(Option::unwrap_or_default);
        if self.is_more_better() { total - counted - unknown } else { counted }
    }

    /// The figure, which is a share: between two bounds where it is not known exactly.
    pub fn figure(&self) -> String {
        match (self.output, self.output_min.zip(self.output_max)) {
            (Some(output), _) => format!("{} %", decimal(output)),
            (None, Some((least, most))) => format!("{}–{} %", decimal(least), decimal(most)),
            (None, None) => "–".to_owned(),
        }
    }

    /// The key of a project or team, where its name is another; the ID of a member says nothing.
    pub fn key_beside(&self) -> Option<&str> {
        let is_key = ["project", "team"].contains(&self.subject_kind.as_str());
        let is_other = !self.subject.eq_ignore_ascii_case(&self.subject_name);
        (is_key && is_other && self.subject != "(none)").then_some(&self.subject)
    }

    /// The subject for people: `project Mobile app (mobile-app)`.
    pub fn named(&self) -> String {
        let key = self.key_beside().map(|key| format!(" ({key})")).unwrap_or_default();
        format!("{} {}{key}", self.subject_kind, self.subject_name)
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
