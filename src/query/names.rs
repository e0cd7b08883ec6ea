//! The tables and views that a statement reads, found without any data.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::catalog;
use crate::model::table::TableInfo;
use crate::model::table::ddl::create_table;
use crate::system::reading::{self, Refused};

/// A database with all tables and views that a lake may have, each as an empty table.
pub(super) struct Empty {
    pub connection: Connection,
    read: Arc<Mutex<BTreeSet<String>>>,
}

/// What a lake may have; it keeps no versions of rows.
fn tables() -> impl Iterator<Item = TableInfo> {
    let history: Vec<_> = catalog::history::versions().collect();
    let kept = catalog::kept().into_iter().filter(move |table| !history.contains(&table));
    catalog::tables().into_iter().chain(kept).chain(catalog::views())
}

impl Empty {
    /// Creates it in memory.
    pub(super) fn create() -> rusqlite::Result<Self> {
        let mut connection = Connection::open_in_memory()?;
        let statements = tables().map(|table| create_table(&table, &[]));
        connection.execute_batch(&statements.collect::<String>())?;
        let read: Arc<Mutex<BTreeSet<String>>> = Arc::default();
        let names = Arc::clone(&read);
        // A name comes as the statement writes it if no column of it is read.
        reading::only(&mut connection, move |name| {
            names.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_ascii_lowercase());
        })?;
        Ok(Empty { connection, read })
    }

    /// The tables and views that a statement reads.
    ///
    /// # Errors
    /// Where the statement is refused.
    pub(super) fn read_by(&self, sql: &str) -> Result<Vec<&'static str>, Refused> {
        reading::prepare(&self.connection, sql)?;
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(tables().map(|table| table.name).filter(|name| read.contains(*name)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_statement_names_is_read() {
        for (sql, expected) in [
            ("SELECT 1", &[][..]),
            ("SELECT count(*) FROM flags", &["flags"]),
            ("SELECT count(*) FROM Stale_Flags", &["stale_flags"]),
            ("SELECT 1 WHERE EXISTS (SELECT 1 FROM teams)", &["teams"]),
            ("WITH f AS (SELECT flag_key FROM flags) SELECT * FROM f", &["flags"]),
            ("SELECT * FROM projects JOIN members", &["members", "projects"]),
            ("SELECT name FROM sqlite_schema", &[]),
        ] {
            let mut read = Empty::create().unwrap().read_by(sql).unwrap();
            read.sort_unstable();
            assert_eq!(read, expected, "{sql}");
        }
    }
}
