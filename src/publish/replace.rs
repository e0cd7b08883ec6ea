//! What becomes of each table in a SQLite output: replaced, added to, or kept.

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension};

use super::tables::{create, guard, is_record, orphans, take};
use super::{Rows, coverage, daily, history, stale, views};
use crate::history::versions;
use crate::personal::Mode;
use crate::record::{Coverage, Record};
use crate::resources::flag_environments::TARGET_VALUES;
use crate::stage::Staged;
use crate::{catalog, thresholds};

/// What a column says of the extraction that was published last; `None` where there is none. The
/// clock does not decide which one that is: it may have been wrong.
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
    // LaunchDarkly need not tell whose a token is.
    let last = last_account(connection)?.flatten();
    let is_other = account.is_some() && last.is_some() && last != account;
    let mode = staged.privacy.mode();
    let last: Option<String> = newest(connection, "personal_data")?;
    let has_mode_changed = last.is_some_and(|last| last != mode.name());
    let previous: Option<String> = newest(connection, "extraction_id")?;
    connection.execute("UPDATE main.extractions SET is_latest = FALSE", [])?;
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
    // What follows reads much and sorts little: a large cache would only cost memory.
    connection.execute_batch(
        "PRAGMA main.cache_size = -1000; PRAGMA temp.cache_size = -500; PRAGMA shrink_memory",
    )?;
    history::update(connection, &known, record, has_mode_changed)?;
    stale::mark(connection, previous.filter(|_| !is_other))?;
    thresholds::write(connection, "main")?;
    views::create(connection)?;
    daily::write(connection)?;
    connection.pragma_update(None, "user_version", catalog::SCHEMA_VERSION)?;
    Ok((rows, is_guarded))
}
