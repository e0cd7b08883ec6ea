//! The data of the report, which all its formats show.

use rusqlite::Connection;
use serde::Serialize;

use super::links;
use super::lists::{self, List};
use super::sections::ages::{self, Age};
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

/// The results of the newest extraction.
#[derive(Debug, Serialize)]
pub struct Report {
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
    /// The resources that were not read, and the answers that are therefore unknown.
    pub unknown: Vec<Gap>,
    /// Projects without a critical environment. It is unknown whether their flags can be removed.
    pub without_critical_environment: Vec<String>,
    /// The lists behind the figures.
    pub lists: Vec<List>,
}

/// Reads everything in one transaction, so that all parts are of the same extraction.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &mut Connection) -> rusqlite::Result<Report> {
    let transaction = connection.transaction()?;
    let extraction = extraction::read(&transaction)?;
    let unknown = gaps::read(&transaction)?;
    let thresholds = thresholds::read(&transaction)?;
    let context = lists::Context {
        gaps: &unknown,
        thresholds: &thresholds,
        lacks_comments: extraction.personal_data == "drop",
    };
    let lists = lists::read(&transaction, &context)?;
    let headline = headline::read(&transaction)?;
    let scorecards = scorecards::read(&transaction)?;
    let work = work::read(&transaction)?;
    Ok(Report {
        schema_version: SCHEMA_VERSION,
        flag_url: links::flag_url(&extraction.base_url),
        extraction,
        message: message::read(&transaction, &headline, &scorecards, &work)?,
        headline,
        scorecards,
        thresholds,
        lifecycle: lifecycle::read(&transaction)?,
        statuses: statuses::read(&transaction)?,
        owners: owners::read(&transaction)?,
        work,
        ages: ages::read(&transaction)?,
        velocity: velocity::read(&transaction)?,
        freshness: freshness::read(&transaction)?,
        without_critical_environment: gaps::without_critical_environment(&transaction)?,
        lists,
        unknown,
    })
}
