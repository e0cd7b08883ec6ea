//! What becomes of each table in a SQLite output: replaced, added to, or kept.

use rusqlite::{Connection, OptionalExtension};

use super::tables::{create, guard, is_record, orphans, take};
use super::{Rows, coverage, daily, history, stale, views};
use crate::history::versions;
use crate::personal::Mode;
use crate::record::{Coverage, Record};
use crate::resources::flag_environments::TARGET_VALUES;
use crate::stage::Staged;
use crate::{catalog, thresholds};

/// The account of the newest extraction; `None` where there is no extraction.
pub(super) fn last_account(connection: &Connection) -> rusqlite::Result<Option<Option<String>>> {
    if !connection.table_exists(Some("main"), "extractions")? {
        return Ok(None);
    }
    let sql = "SELECT account_id FROM main.extractions ORDER BY started_at DESC LIMIT 1";
    connection.query_row(sql, [], |row| row.get(0)).optional()
}

/// What the newest extraction did with personal data: before there was a choice, it was kept.
fn last_mode(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT personal_data FROM main.extractions ORDER BY started_at DESC LIMIT 1";
    connection.query_row(sql, [], |row| row.get(0)).optional()
}

/// Replaces what was extracted; keeps what was not, as far as its parents are still there.
/// Returns as well whether personal data of earlier runs was treated.
pub(super) fn replace(
    connection: &Connection,
    staged: &Staged,
    record: &Record,
) -> rusqlite::Result<(Rows, bool)> {
    let all = catalog::tables();
    let known = history::known(connection)?;
    for table in all.iter().chain(&catalog::kept()) {
        create(connection, table, &all)?;
    }
    stale::complete_record(connection)?;
    history::begin(connection, &known)?;
    let sql = "SELECT account_id FROM stage.extractions";
    let account: Option<String> = connection.query_row(sql, [], |row| row.get(0))?;
    let is_other = last_account(connection)?.is_some_and(|last| last != account);
    let mode = staged.privacy.mode();
    let has_mode_changed = last_mode(connection)?.is_some_and(|last| last != mode.name());
    let is_guarded = mode != Mode::Keep && has_mode_changed;
    let (mut rows, mut kept) = (Rows::new(), versions().collect::<Vec<_>>());
    if is_other {
        history::forget(connection)?;
    }
    for table in &all {
        // Another account's rows do not stay, nor do end users' keys outlive the wish for them.
        if (is_other && !is_record(table)) || table.name == TARGET_VALUES {
            connection.execute_batch(&format!("DELETE FROM main.{}", table.name))?;
        }
        let coverage = coverage(table, record);
        if staged.tables.contains(table) && coverage != Coverage::None {
            rows.push((table.name, take(connection, table, &coverage)?));
            if coverage == Coverage::Whole && !table.accumulates && !is_record(table) {
                continue;
            }
        }
        connection.execute_batch(&orphans(table, &all))?;
        kept.push(table);
    }
    if is_guarded {
        guard(connection, &kept, &staged.privacy)?;
    }
    history::update(connection, &known, record, has_mode_changed)?;
    stale::mark(connection, is_other)?;
    thresholds::write(connection, "main")?;
    views::create(connection)?;
    daily::write(connection)?;
    connection.pragma_update(None, "user_version", catalog::SCHEMA_VERSION)?;
    Ok((rows, is_guarded))
}
