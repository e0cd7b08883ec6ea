//! The stage for one output after the other: each has its own temporary tables, and does not see the
//! entries of the audit log that it has already.

use std::collections::BTreeSet;

use super::Staged;
use super::file::reopen;
use crate::Result;
use crate::model::table::TableInfo;
use crate::system::database;

/// The column by which the entries of the audit log, and the rows that belong to them, are known.
const ENTRY: &str = "entry_id";

/// The stage is no checkpoint while entries are hidden: a run that resumed it would never read them.
const NO_CHECKPOINT: &str = "DELETE FROM main.checkpoint;";

impl Staged {
    /// Connects again. Temporary tables of an output are gone then, so that another output can have
    /// its own.
    ///
    /// # Errors
    /// `output_failed` when the stage cannot be opened.
    pub fn reconnect(&mut self) -> Result<()> {
        let failed = |error| database::failed(&self.file.path, &error);
        self.connection = reopen(&self.file.path).map_err(failed)?;
        Ok(())
    }

    /// Hides the entries `ids`, and the rows that belong to them, until [`Self::show_entries`].
    ///
    /// # Errors
    /// When the stage cannot be written.
    pub fn hide_entries(&self, ids: &BTreeSet<String>) -> Result<()> {
        let tables = self.tables_of_entries();
        if ids.is_empty() || !self.has_any(&tables, ids)? {
            return Ok(());
        }
        self.hide(&tables, ids)
    }

    /// Whether an entry of `ids` is there.
    fn has_any(&self, tables: &[&str], ids: &BTreeSet<String>) -> Result<bool> {
        for table in tables {
            let sql = format!("SELECT EXISTS (SELECT 1 FROM main.{table} WHERE {ENTRY} = ?1)");
            let mut has = self.connection.prepare(&sql)?;
            for id in ids {
                if has.query_row([id], |row| row.get(0))? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Shows the entries that are hidden.
    ///
    /// # Errors
    /// When the stage cannot be written.
    pub fn show_entries(&self) -> Result<()> {
        let tables = self.tables_of_entries();
        let is_hidden = |table: &str| {
            let sql =
                "SELECT EXISTS (SELECT 1 FROM temp.sqlite_master WHERE name = 'hidden_' || ?1)";
            self.connection.query_row(sql, [table], |row| row.get(0))
        };
        for table in tables {
            if is_hidden(table)? {
                self.show(&[table])?;
            }
        }
        Ok(())
    }

    fn tables_of_entries(&self) -> Vec<&'static str> {
        let has_entry =
            |table: &&TableInfo| table.columns.iter().any(|column| column.name == ENTRY);
        self.tables.iter().filter(has_entry).map(|table| table.name).collect()
    }

    fn hide(&self, tables: &[&str], ids: &BTreeSet<String>) -> Result<()> {
        let connection = &self.connection;
        connection.execute_batch(&format!(
            "BEGIN; {NO_CHECKPOINT} CREATE TEMP TABLE known_entries (id);"
        ))?;
        let mut insert = connection.prepare("INSERT INTO temp.known_entries VALUES (?1)")?;
        for id in ids {
            insert.execute([id])?;
        }
        for table in tables {
            let known = format!("{ENTRY} IN (SELECT id FROM temp.known_entries)");
            connection.execute_batch(&format!(
                "CREATE TEMP TABLE hidden_{table} AS SELECT * FROM main.{table} WHERE {known};
                 DELETE FROM main.{table} WHERE {known};"
            ))?;
        }
        connection.execute_batch("DROP TABLE temp.known_entries; COMMIT")?;
        Ok(())
    }

    fn show(&self, tables: &[&str]) -> Result<()> {
        for table in tables {
            self.connection.execute_batch(&format!(
                "INSERT INTO main.{table} SELECT * FROM temp.hidden_{table};
                 DROP TABLE temp.hidden_{table};"
            ))?;
        }
        Ok(())
    }
}
