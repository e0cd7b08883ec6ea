//! Handles an object that was deleted and created again with the same key during a run.

use rusqlite::{Connection, Statement};

use super::tables::{bind, clear_statement, execute};
use crate::Result;
use crate::model::table::{TableInfo, Value};

/// Detects that an object was deleted, and another one created with its key.
pub(super) struct Successor<'c> {
    /// The positions of the key's cells and of the creation time.
    cells: Vec<usize>,
    /// Deletes the row of an earlier object.
    replace: Statement<'c>,
    /// Deletes the rows that belong to the earlier object.
    clear: Vec<Statement<'c>>,
    /// Finds the row of a later object.
    later: Statement<'c>,
}

impl<'c> Successor<'c> {
    /// The column that distinguishes objects of `table` with the same key; none if keys are not reused.
    pub fn new(
        connection: &'c Connection,
        table: &TableInfo,
        all: &[TableInfo],
    ) -> Result<Option<Self>> {
        let Some(created) = table.created else { return Ok(None) };
        let key = (1..).zip(&table.key).map(|(number, name)| format!("{name} = ?{number}"));
        let key = key.collect::<Vec<_>>().join(" AND ");
        let (name, number) = (table.name, table.key.len() + 1);
        let heirs = all.iter().filter(|one| belongs_to(one, table.name, all));
        let clear = heirs.map(|one| connection.prepare(&clear_statement(one.name, table)));
        Ok(Some(Successor {
            cells: table.key.iter().chain([&created]).filter_map(|n| table.position(n)).collect(),
            replace: connection
                .prepare(&format!("DELETE FROM {name} WHERE {key} AND {created} < ?{number}"))?,
            clear: clear.collect::<Result<_, _>>()?,
            later: connection
                .prepare(&format!("SELECT 1 FROM {name} WHERE {key} AND {created} > ?{number}"))?,
        }))
    }

    /// Deletes an earlier object with the same key; returns whether there was one.
    pub fn takes_over(
        &mut self,
        table: &'static str,
        cells: &[Value<'_>],
        text: &mut String,
    ) -> Result<bool> {
        let own = self.cells.iter().map(|index| &cells[*index]);
        if execute(&mut self.replace, table, own, text)? == 0 {
            return Ok(false);
        }
        for clear in &mut self.clear {
            let key = self.cells.iter().rev().skip(1).rev().map(|index| &cells[*index]);
            execute(clear, table, key, text)?;
        }
        Ok(true)
    }

    /// Whether the stage holds a later object with the key of the one in `cells`.
    pub fn is_outdated(
        &mut self,
        table: &'static str,
        cells: &[Value<'_>],
        text: &mut String,
    ) -> Result<bool> {
        bind(&mut self.later, table, self.cells.iter().map(|index| &cells[*index]), text)?;
        let found = self.later.raw_query().next()?.is_some();
        Ok(found)
    }
}

/// Whether the rows of `table` belong to one of `owner`, directly or not.
pub(super) fn belongs_to(table: &TableInfo, owner: &str, all: &[TableInfo]) -> bool {
    let mut owners = table.references().filter_map(|name| all.iter().find(|one| one.name == name));
    owners.any(|one| one.name == owner || belongs_to(one, owner, all))
}
