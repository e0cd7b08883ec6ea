//! The data of the report, which all its formats show.

use rusqlite::Connection;
use serde::Serialize;

use super::links;
use super::lists;
use super::sections::ages::{self, Age};
use super::sections::due;
use super::sections::extraction::{self, Extraction};
use super::sections::freshness::{self, Freshness};
use super::sections::gaps::{self, Gap};
use super::sections::headline::{self, Figure};
use super::sections::lifecycle::{self, Stages};
use super::sections::message::{self, Message};
use super::sections::owners::{self, Owner};
use super::sections::scorecards::{self, Scorecard};
use super::sections::statuses::{self, Statuses};
use super::sections::thresholds::{self, Threshold};
use super::sections::velocity::{self, Month};
use super::sections::work::{self, Work};

/// The version of [`Report`] as JSON. It increases when a key changes its meaning, or is removed.
pub const SCHEMA_VERSION: u32 = 1;

/// What comes first: the results of the newest extraction in short. The text shows nothing else.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The extraction that all data is from. Ages are counted up to its `started_at`.
    pub extraction: Extraction,
    /// The address of a flag in LaunchDarkly, with the placeholders `{project_key}` and
    /// `{flag_key}`, whose values must be percent-encoded.
    pub flag_url: String,
    /// What changed, what is worst, and what to do next, in words.
    pub message: Message,
    /// The figures that come first.
    pub headline: Vec<Figure>,
    /// Every scorecard of every project, team and owner; the worst first.
    pub scorecards: Vec<Scorecard>,
    /// The resources that were not read, and the answers that are therefore unknown.
    pub unknown: Vec<Gap>,
    /// Projects without a critical environment. It is unknown whether their flags can be removed.
    pub without_critical_environment: Vec<String>,
}

/// All results of the newest extraction but [`lists`], which each format reads as it needs them.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What comes first.
    #[serde(flatten)]
    pub summary: Summary,
    /// The limits that scorecards and lists use.
    pub thresholds: Vec<Threshold>,
    /// Flags by stage, for each project.
    pub lifecycle: Vec<Stages>,
    /// Flags by status, for each environment.
    pub statuses: Vec<Statuses>,
    /// The flags that each owner can clean up.
    pub owners: Vec<Owner>,
    /// The flags that can be cleaned up, owner by owner.
    pub work: Vec<Work>,
    /// Flags by age.
    pub ages: Vec<Age>,
    /// Flags created and archived, for each of the last 24 months.
    pub velocity: Vec<Month>,
    /// When each resource was read.
    pub freshness: Vec<Freshness>,
}

/// Reads what comes first.
///
/// # Errors
/// When the database cannot be read.
pub fn summary(connection: &Connection) -> rusqlite::Result<Summary> {
    let extraction = extraction::read(connection)?;
    let headline = headline::read(connection)?;
    let scorecards = scorecards::read(connection)?;
    let due = due::read(connection)?;
    Ok(Summary {
        schema_version: SCHEMA_VERSION,
        flag_url: links::flag_url(&extraction.base_url),
        extraction,
        message: message::read(connection, &headline, &scorecards, &due)?,
        headline,
        scorecards,
        unknown: gaps::read(connection)?,
        without_critical_environment: gaps::without_critical_environment(connection)?,
    })
}

/// Reads all but the lists.
///
/// # Errors
/// When the database cannot be read.
pub fn report(connection: &Connection) -> rusqlite::Result<Report> {
    Ok(Report {
        summary: summary(connection)?,
        thresholds: thresholds::read(connection)?,
        lifecycle: lifecycle::read(connection)?,
        statuses: statuses::read(connection)?,
        owners: owners::read(connection)?,
        work: work::read(connection)?,
        ages: ages::read(connection)?,
        velocity: velocity::read(connection)?,
        freshness: freshness::read(connection)?,
    })
}

impl Report {
    /// The data that lists depend on.
    pub fn context(&self) -> lists::Context<'_> {
        lists::Context {
            gaps: &self.summary.unknown,
            thresholds: &self.thresholds,
            lacks_comments: self.summary.extraction.personal_data == "drop",
        }
    }
}
