//! Hides entries of the audit log from an output that has them already.

use std::collections::BTreeSet;

use super::Staged;
use crate::Result;

/// The column by which the entries of the audit log, and the rows that belong to them, are known.
const ENTRY: &str = "entry_id";

/// The tables of the entries are moved aside. The stage is no checkpoint from then on: a run that
/// resumed it would never read what is hidden.
const ASIDE: &str = "DELETE FROM main.checkpoint;";

impl Staged {
    /// Does `work` on a stage without the entries `ids`; they are there again afterwards.
    ///
    /// # Errors
    /// Those of `work`, and when the stage cannot be written.
    pub async fn without_entries<T>(
        &self,
        ids: &BTreeSet<String>,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let tables = self.tables_of_entries();
        let tables: &[&str] = if ids.is_empty() { &[] } else { &tables };
        self.hide(tables, ids)?;
        let outcome = work.await;
        self.show(tables)?;
        outcome
    }

    fn tables_of_entries(&self) -> Vec<&'static str> {
        let has_entry = |name: &&crate::model::table::TableInfo| {
            name.columns.iter().any(|column| column.name == ENTRY)
        };
        self.tables.iter().filter(has_entry).map(|table| table.name).collect()
    }

    fn hide(&self, tables: &[&str], ids: &BTreeSet<String>) -> Result<()> {
        if tables.is_empty() {
            return Ok(());
        }
        let connection = &self.connection;
        connection
            .execute_batch(&format!("BEGIN; {ASIDE} CREATE TEMP TABLE known_entries (id);"))?;
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
