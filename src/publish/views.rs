//! Views: made in a SQLite output, written out as tables in a Parquet one.

use rusqlite::{Connection, OptionalExtension};
use tracing::warn;

use super::coverage;
use crate::catalog::sqlite::create_table;
use crate::record::{Coverage, Record};
use crate::stage::Staged;
use crate::view::{self, MARK, View};
use crate::{catalog, resources, thresholds};

/// Makes every view, in place of what an earlier flaglake made.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    for view in view::all() {
        let name = view.name;
        let sql = "SELECT type, sql FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let found: Option<(String, String)> = connection.query_row(sql, [name], row).optional()?;
        let text = view.publish();
        match found {
            Some((_, found)) if found == text => continue,
            Some((kind, found)) if kind == "view" && found.contains(MARK) => {
                connection.execute_batch(&format!("DROP VIEW main.{name}"))?;
            }
            Some((kind, _)) => {
                warn!("The {kind} {name} is not flaglake's: it stays, and hides flaglake's own.");
                continue;
            }
            None => {}
        }
        connection.execute_batch(&text)?;
    }
    Ok(())
}

/// Makes the views over a stage, for this connection only. Tables that were not read are there,
/// but empty.
pub(super) fn create_over(staged: &Staged) -> rusqlite::Result<()> {
    let (connection, all) = (&staged.connection, catalog::tables());
    let missing = all.iter().filter(|table| !staged.tables.contains(table)).cloned();
    for table in missing.chain(catalog::kept()) {
        let ddl = create_table(&table, &[]).replacen("TABLE", "TEMP TABLE", 1);
        connection.execute_batch(&ddl)?;
    }
    thresholds::write(connection, "temp")?;
    let views = view::all()
        .into_iter()
        .map(|view| format!("DROP VIEW IF EXISTS temp.{};\n{}", view.name, view.create("TEMP ")));
    connection.execute_batch(&views.collect::<String>())
}

/// The views that a Parquet extraction has: those whose rows say something without what was not
/// read. What earlier runs left is in other extractions.
pub(super) fn of(staged: &Staged, record: &Record) -> Vec<View> {
    let is_read = |name: &str| {
        let resource = resources::ALL.iter().find(|resource| resource.name() == name);
        let table = resource.and_then(|resource| resource.tables().into_iter().next());
        table.is_some_and(|table| {
            staged.tables.contains(&table) && coverage(&table, record) != Coverage::None
        })
    };
    let says_something = |view: &View| {
        view.needs.iter().filter(|need| need.is_required).all(|need| is_read(need.resource))
    };
    view::all().into_iter().filter(says_something).collect()
}
