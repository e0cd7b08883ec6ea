//! A private database with a copy of an output's tables, which reports read like a SQLite output.

use rusqlite::Connection;

use crate::error::Kind;
use crate::model::table::ddl::create_table;
use crate::model::table::{ColumnInfo, TableInfo};
use crate::system::database;
use crate::{Error, Result, catalog};

/// Creates an empty database.
///
/// A database without a name is a file that SQLite creates in the temporary folder for its owner
/// only, and removes from the folder before it writes to it: nothing is left of it whatever happens,
/// and only a few megabytes of it are in memory.
pub(super) fn create() -> Result<Connection> {
    let connection = Connection::open("").map_err(|error| failed(&error))?;
    let settings = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000";
    connection.execute_batch(settings).map_err(|error| failed(&error))?;
    let version = catalog::SCHEMA_VERSION;
    let marked = connection.pragma_update(None, "user_version", version);
    marked.map_err(|error| failed(&error))?;
    Ok(connection)
}

/// The error of a copy that cannot be made.
pub(super) fn failed(error: &rusqlite::Error) -> Error {
    let message = format!("could not copy the data to a temporary file: {error}");
    let failed = Error::new(Kind::OutputFailed, message);
    if database::is_full(error) {
        return failed.full().hint("make room, or name another folder in the variable `TMPDIR`");
    }
    failed.hint(database::hint(error))
}

/// A table as a copy has it. All columns but those of the key may be NULL: an earlier version of
/// flaglake may not have had them.
pub(super) fn lenient(table: &TableInfo) -> TableInfo {
    let nullable = |column: &ColumnInfo| ColumnInfo {
        nullable: column.nullable || !table.key.contains(&column.name),
        ..*column
    };
    let columns = table.columns.iter().map(nullable).collect();
    TableInfo { columns, check: None, ..table.clone() }
}

/// The statement that creates a table of a copy.
pub(super) fn declaration(table: &TableInfo) -> String {
    create_table(&lenient(table), &[])
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn a_copy_has_no_name_and_stays_out_of_memory() {
        let copy = create().unwrap();
        assert_eq!(copy.path(), Some(""));
        let fill = "CREATE TABLE t AS WITH RECURSIVE n(i) AS (
                        SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000)
                    SELECT randomblob(1000) AS x FROM n";
        copy.execute_batch(fill).unwrap();
        // Files that this process has open, as far as they are on the disk.
        let files = std::fs::read_dir("/proc/self/fd").unwrap();
        let files = files.filter_map(|file| std::fs::metadata(file.unwrap().path()).ok());
        let large: Vec<_> = files.filter(|found| found.len() > 12_000_000).collect();
        assert!(large.iter().any(|found| (found.nlink(), found.mode() & 0o777) == (0, 0o600)));
    }
}
