//! Since when a status has been seen, in SQLite: by the versions of rows.

use rusqlite::Connection;

use super::history::{is_empty, same_key};
use crate::history::{self, History};
use crate::resources::flag_statuses::STATUS_SINCE;
use crate::table::TableInfo;

/// The rows that the stage holds of the table that tells since when something is as it is: where
/// the version that holds says the same, since when it does. A flag that was made anew under its
/// key has no past. Nothing for other tables, which are copied as they are.
pub(super) fn rows(connection: &Connection, table: &TableInfo) -> rusqlite::Result<Option<String>> {
    let known = history::all().iter().find(|one| one.of == *table);
    let known = known.filter(|_| table.position(STATUS_SINCE).is_some());
    let Some(History { of, versions }) = known else { return Ok(None) };
    let now = "(SELECT started_at FROM stage.extractions)";
    let since = match is_empty(connection, versions)? {
        true => now.to_owned(),
        false => format!("coalesce({}, {now})", since_version(of, versions)),
    };
    let values = of.columns.iter().map(|column| match column.name {
        STATUS_SINCE => since.clone(),
        name => format!("new.{name}"),
    });
    let values = values.collect::<Vec<_>>().join(", ");
    Ok(Some(format!("SELECT {values} FROM stage.{} AS new", of.name)))
}

/// Since when the version of `new` that holds says what `new` does, if it does.
fn since_version(of: &TableInfo, versions: &TableInfo) -> String {
    format!(
        "(SELECT old.{STATUS_SINCE} FROM main.{} AS old
          JOIN main.flags AS flag USING (project_key, flag_key)
          WHERE {} AND old.valid_to IS NULL AND old.status = new.status
            AND old.{STATUS_SINCE} >= flag.created_at)",
        versions.name,
        same_key(of)
    )
}
