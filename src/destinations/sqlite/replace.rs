//! Updates the tables of a SQLite output: each is replaced, extended or kept. Rows that are already
//! there are not written again.

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension};

use super::difference::take;
use super::migrate::{create, guard, is_record, orphans};
use super::{daily, history, moment, stale, status_since, stored, views};
use crate::catalog;
use crate::catalog::history::versions;
use crate::destinations::removals::is_same_account;
use crate::destinations::{Rows, coverage};
use crate::model::privacy::Mode;
use crate::model::settings;
use crate::model::table::TableInfo;
use crate::record::{Coverage, Record, SETTINGS};
use crate::resources::flag_environments::TARGET_VALUES;
use crate::stage::Staged;

/// The column that tells whether a run read only some of the account's projects.
const ONLY_SELECTED: &str = "only_selected_projects";

/// A column of the extraction that was published last; `None` where there is none. Its mark tells
/// which one that is, because clocks may have been wrong.
pub(super) fn newest<T: FromSql>(
    connection: &Connection,
    column: &str,
) -> rusqlite::Result<Option<T>> {
    if !connection.column_exists(Some("main"), "extractions", column)? {
        return Ok(None);
    }
    let is_marked = connection.column_exists(Some("main"), "extractions", "is_latest")?;
    let first = if is_marked { "is_latest DESC, " } else { "" };
    let sql = format!(
        "SELECT {column} FROM main.extractions
         ORDER BY {first}started_at DESC, extraction_id DESC LIMIT 1"
    );
    connection.query_row(&sql, [], |row| row.get(0)).optional()
}

/// The account of the newest extraction; `None` where there is no extraction.
pub(super) fn last_account(connection: &Connection) -> rusqlite::Result<Option<Option<String>>> {
    newest(connection, "account_id")
}

/// Replaces the rows that this run read and found changed. Keeps the others, except orphan rows. Also
/// returns whether personal data of earlier runs was hashed or removed.
pub(super) fn replace(
    connection: &Connection,
    staged: &Staged,
    record: &Record,
) -> rusqlite::Result<(Rows, bool)> {
    let all = catalog::tables();
    let known = history::known(connection)?;
    let knows_selection = connection.column_exists(Some("main"), "extractions", ONLY_SELECTED)?;
    for table in all.iter().chain(&catalog::kept()) {
        create(connection, table, &all)?;
    }
    if !knows_selection {
        stale::complete_selection(connection)?;
    }
    stale::complete_record(connection)?;
    history::begin(connection, &known)?;
    moment::find(connection)?;
    let before = Before::look(connection, staged)?;
    let (mut rows, kept) = take_all(connection, staged, record, before.is_other, &all)?;
    let is_guarded = before.has_mode_changed && staged.privacy.mode() != Mode::Keep;
    if is_guarded {
        let mut earlier: Vec<&TableInfo> = versions().collect();
        earlier.extend(kept);
        guard(connection, &earlier, &staged.privacy)?;
    }
    // Only here is it known what is in force.
    write_settings(connection, staged, &mut rows)?;
    derive(connection, record, &known, before)?;
    Ok((rows, is_guarded))
}

/// The state of the output before this run.
struct Before {
    /// Whether it held the data of another account.
    is_other: bool,
    /// Whether the previous run treated personal data in another way.
    has_mode_changed: bool,
    /// The ID of the last extraction.
    extraction_id: Option<String>,
}

impl Before {
    /// Reads the state, and clears the mark of the newest extraction.
    fn look(connection: &Connection, staged: &Staged) -> rusqlite::Result<Self> {
        let sql = "SELECT account_id FROM stage.extractions";
        let account: Option<String> = connection.query_row(sql, [], |row| row.get(0))?;
        let last = last_account(connection)?.flatten();
        let mode: Option<String> = newest(connection, "personal_data")?;
        let before = Before {
            // The account of a token may be unknown.
            is_other: !is_same_account(last.as_deref(), account.as_deref()),
            has_mode_changed: mode.is_some_and(|mode| mode != staged.privacy.mode().name()),
            extraction_id: newest(connection, "extraction_id")?,
        };
        connection.execute("UPDATE main.extractions SET is_latest = FALSE WHERE is_latest", [])?;
        Ok(before)
    }
}

/// Copies the rows that this run read, and deletes orphan rows. Returns the rows of each table, and
/// which tables hold rows of earlier runs.
fn take_all<'t>(
    connection: &Connection,
    staged: &Staged,
    record: &Record,
    is_other: bool,
    all: &'t [TableInfo],
) -> rusqlite::Result<(Rows, Vec<&'t TableInfo>)> {
    let (mut rows, mut kept) = (Rows::new(), Vec::new());
    if is_other {
        history::forget(connection)?;
    }
    for table in all {
        let coverage = coverage(table, record);
        let is_read = staged.tables.contains(table) && coverage != Coverage::None;
        // Rows of another account are deleted. Keys of end users are, too, unless this run asked
        // for them.
        if (is_other && !is_record(table)) || (table.name == TARGET_VALUES && !is_read) {
            connection.execute_batch(&format!("DELETE FROM main.{}", table.name))?;
        }
        if is_read {
            rows.push((table.name, take(connection, table, &coverage)?));
            if coverage == Coverage::Whole && !table.accumulates && !is_record(table) {
                continue;
            }
        }
        connection.execute_batch(&orphans(table, all))?;
        kept.push(table);
    }
    Ok((rows, kept))
}

/// Writes the thresholds and settings, and records them as those of this run.
fn write_settings(
    connection: &Connection,
    staged: &Staged,
    rows: &mut Rows,
) -> rusqlite::Result<()> {
    settings::write(connection, "main", staged.scorecards.as_ref())?;
    let recorded = settings::record(connection, "main")?;
    for (_, count) in rows.iter_mut().filter(|(table, _)| *table == SETTINGS) {
        *count = recorded;
    }
    Ok(())
}

/// Updates everything that is derived from the tables: history, marks, views and daily figures.
fn derive(
    connection: &Connection,
    record: &Record,
    known: &[history::Known],
    before: Before,
) -> rusqlite::Result<()> {
    // This reads much and sorts little: a large cache would only cost memory.
    connection.execute_batch(
        "PRAGMA main.cache_size = -1000; PRAGMA temp.cache_size = -500; PRAGMA shrink_memory",
    )?;
    history::update(connection, known, record, before.has_mode_changed)?;
    status_since::limit(connection)?;
    stale::mark(connection, before.extraction_id.filter(|_| !before.is_other))?;
    stored::create_tables(connection)?;
    views::create(connection)?;
    daily::write(connection)?;
    stored::write(connection)?;
    connection.pragma_update(None, "user_version", catalog::SCHEMA_VERSION)
}
