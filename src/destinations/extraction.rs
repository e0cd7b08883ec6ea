//! The extraction that a run publishes: its ID, and its record in the stage.

use crate::Result;
use crate::record::{Record, RunRow};
use crate::stage::{Staged, Writer};
use crate::system::interrupt::Interrupt;
use crate::verify::ReferenceCheck;

/// Gives the run an ID: its start, such as `x20261120T020000Z`, or the next second that is not
/// `taken` by another run.
///
/// # Errors
/// Those of `taken`.
pub fn choose_id(extraction: &mut RunRow, taken: impl Fn(&str) -> Result<bool>) -> Result<()> {
    for id in ids(extraction.started_at) {
        extraction.extraction_id = id;
        if !taken(&extraction.extraction_id)? {
            break;
        }
    }
    Ok(())
}

/// The IDs that a run started at `started_at` may have, in order of preference. They sort as their
/// times do. Because of the letter, readers do not infer that an ID is a time.
pub(super) fn ids(started_at: i64) -> impl Iterator<Item = String> {
    let seconds = started_at.div_euclid(1000)..;
    let times = seconds.map(|second| jiff::Timestamp::from_second(second).unwrap_or_default());
    times.map(|time| time.strftime("x%Y%m%dT%H%M%SZ").to_string())
}

/// Writes the record of the run to the stage, so that it is published like all other tables, and
/// starts to check the references between the tables. Replaces the record of an interrupted run.
///
/// # Errors
/// When the stage cannot be written.
pub fn stage_record(
    staged: &Staged,
    record: &Record,
    extraction: &RunRow,
    interrupt: &Interrupt,
) -> Result<ReferenceCheck> {
    let tables = crate::record::tables();
    staged.connection.execute_batch("BEGIN")?;
    for table in &tables {
        staged.connection.execute(&format!("DELETE FROM {}", table.name), [])?;
    }
    let writer = Writer::new(&staged.connection, &tables)?;
    record.write(extraction, &mut writer.guarding(staged.privacy.clone()))?;
    staged.connection.execute_batch("COMMIT")?;
    ReferenceCheck::start(staged.path(), interrupt)
}
