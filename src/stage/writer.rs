//! The writer of a stage: collects the rows of flags, and writes all others at once.

use rusqlite::{Connection, Statement};

use super::journal::{self, Entry};
use super::pending::Pending;
use super::pending::encoding::{put_note, put_row};
use super::pending::merge::Merge;
use super::tables::{Tables, format_time};
use crate::Result;
use crate::model::privacy::Privacy;
use crate::model::resource::Resource;
use crate::model::scope::Scope;
use crate::model::table::{MAX_COLUMNS, Sink, TableInfo, Value, Written};
use crate::resources::flag_statuses::FlagStatuses;
use crate::resources::flags::Flags;

/// The resources whose rows are collected: most of a large account. Their rows belong to one flag
/// each, and its key is second in the key of every table.
const COLLECTED: [&str; 2] = [Flags::NAME, FlagStatuses::NAME];

/// The writer of a stage.
pub struct Writer<'c> {
    connection: &'c Connection,
    tables: Tables<'c>,
    answers: Option<Statement<'c>>,
    privacy: Privacy,
    /// Without it, all rows are written at once.
    pending: Option<Pending>,
    /// The project whose rows are being written to the tables.
    merge: Option<Merge>,
    /// The item whose rows are being collected.
    item: Option<Item>,
    /// Reused for every item.
    spare: Item,
}

/// An item that is being collected.
#[derive(Default)]
struct Item {
    key: Vec<u8>,
    rows: Vec<u8>,
}

impl<'c> Writer<'c> {
    /// A writer for `tables`, which must exist. It writes every row at once.
    ///
    /// # Errors
    /// When a statement cannot be prepared.
    pub fn new(connection: &'c Connection, tables: &[TableInfo]) -> Result<Self> {
        Ok(Writer {
            connection,
            tables: Tables::new(connection, tables)?,
            // Without the table of answers, none are written: the record of a run needs none.
            answers: connection.prepare(journal::INSERT).ok(),
            privacy: Privacy::Keep,
            pending: None,
            merge: None,
            item: None,
            spare: Item::default(),
        })
    }

    /// The writer, with personal data treated as `privacy` says.
    #[must_use]
    pub fn guarding(self, privacy: Privacy) -> Self {
        Writer { privacy, ..self }
    }

    /// The writer, which collects the rows of flags.
    #[must_use]
    pub(super) fn collecting(self, pending: Pending) -> Self {
        Writer { pending: Some(pending), ..self }
    }

    /// Keeps the answer to a request.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_answer(&mut self, entry: &Entry, answer: &str) -> Result<()> {
        if let Some(statement) = &mut self.answers {
            statement.execute((&entry.target, entry.number, answer))?;
        }
        Ok(())
    }

    /// Writes the rows of an item.
    ///
    /// # Errors
    /// When a row cannot be written.
    pub(super) fn take<R: Resource>(&mut self, scope: &Scope, item: &R::Item) -> Result<()> {
        if self.pending.is_none() || !COLLECTED.contains(&R::NAME) {
            return R::write(scope, item, self);
        }
        self.item = Some(std::mem::take(&mut self.spare));
        R::write(scope, item, self)?;
        let Some(mut item) = self.item.take() else { return Ok(()) };
        if let Some(pending) = self.pending.as_mut().filter(|_| !item.rows.is_empty()) {
            pending.add(scope.project_key(), &item.key, &item.rows);
        }
        item.key.clear();
        item.rows.clear();
        self.spare = item;
        Ok(())
    }

    /// The staging database, with all rows of one project in its tables.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn in_project(&mut self, project_key: &str) -> Result<&'c Connection> {
        if self.is_merging(project_key) {
            self.finish_merge()?;
        }
        if self.waits(project_key) {
            self.finish_merge()?;
            self.begin_merge(project_key)?;
            self.finish_merge()?;
        }
        Ok(self.connection)
    }

    /// The staging database, with all rows in its tables.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn everywhere(&mut self) -> Result<&'c Connection> {
        self.finish_merge()?;
        let projects = self.pending.as_ref().map(Pending::projects).unwrap_or_default();
        projects.iter().try_for_each(|project| self.in_project(project).map(drop))?;
        Ok(self.connection)
    }

    /// The staging database, for tables that have no rows of flags.
    pub const fn outside_projects(&self) -> &'c Connection {
        self.connection
    }

    /// Whether rows of the project are neither in the tables nor being written there.
    pub(super) fn waits(&self, project_key: &str) -> bool {
        self.pending.as_ref().is_some_and(|pending| pending.has(project_key))
    }

    /// Whether rows of the project are being written to the tables.
    pub(super) fn is_merging(&self, project_key: &str) -> bool {
        self.merge.as_ref().is_some_and(|merge| merge.project_key == project_key)
    }

    /// Whether rows of any project are being written to the tables.
    pub(super) const fn is_busy(&self) -> bool {
        self.merge.is_some()
    }

    /// Begins to write the rows of a project to the tables. Until that ends, nothing may be
    /// committed, as its runs are forgotten already.
    pub(super) fn begin_merge(&mut self, project_key: &str) -> Result<()> {
        if let Some(pending) = &mut self.pending {
            self.merge = pending.take(project_key, self.connection)?;
        }
        Ok(())
    }

    /// Writes up to `most` items of that project; returns whether there are more.
    pub(super) fn merge_some(&mut self, most: usize) -> Result<bool> {
        let (Some(merge), Some(pending)) = (&mut self.merge, &self.pending) else {
            return Ok(false);
        };
        for _ in 0..most {
            let item = merge.next().map_err(|error| pending.unreadable(&error))?;
            let Some(item) = item else {
                self.merge = None;
                return Ok(false);
            };
            self.tables.write_item(item)?;
        }
        Ok(true)
    }

    fn finish_merge(&mut self) -> Result<()> {
        while self.merge_some(usize::MAX)? {}
        Ok(())
    }

    /// The number of bytes that are collected in memory.
    pub(super) fn held(&self) -> usize {
        self.pending.as_ref().map(Pending::held).unwrap_or_default()
    }

    /// Commits all rows and answers, and begins the next transaction.
    ///
    /// # Errors
    /// When that fails; the database is then as it was after the last commit.
    pub(super) fn commit(&mut self) -> Result<()> {
        self.finish_merge()?;
        if let Some(pending) = &mut self.pending {
            pending.spill(self.connection)?;
        }
        while let Some(project) = self.pending.as_ref().and_then(Pending::crowded) {
            self.in_project(&project)?;
        }
        self.connection.execute_batch("COMMIT; BEGIN")?;
        self.pending.as_mut().map_or(Ok(()), Pending::committed)
    }

    /// Collects a row, with its times as texts.
    fn collect(&mut self, number: usize, name: &'static str, cells: &[Value<'_>]) -> Result<()> {
        let (Some(item), Some(writer)) = (&mut self.item, self.tables.writer(number)) else {
            return Ok(());
        };
        if item.rows.is_empty()
            && let Some(Value::Text(key)) = writer.key.get(1).and_then(|index| cells.get(*index))
        {
            item.key.extend_from_slice(key.as_bytes());
        }
        let mut texts = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            if let Value::Time(milliseconds) = cell {
                let mut text = String::new();
                format_time(name, *milliseconds, &mut text)?;
                texts.push((index, text));
            }
        }
        let mut row = [Value::Null; MAX_COLUMNS];
        let row = &mut row[..cells.len()];
        row.copy_from_slice(cells);
        texts.iter().for_each(|(index, text)| row[*index] = Value::Text(text));
        put_row(&mut item.rows, number, row.iter());
        Ok(())
    }

    /// Collects or writes a row, whose personal data is treated.
    fn put(&mut self, number: usize, name: &'static str, cells: &[Value<'_>]) -> Result<Written> {
        if self.item.is_some() {
            return self.collect(number, name, cells).map(|()| Written::Fresh);
        }
        // Of the rows of a flag, later ones may replace earlier ones: they keep their order.
        let project = self.tables.writer(number).and_then(|writer| writer.project_of_flag);
        if let Some(Value::Text(project)) = project.and_then(|index| cells.get(index)) {
            self.in_project(project)?;
        }
        self.tables.write(number, cells)
    }
}

impl Sink for Writer<'_> {
    /// Rows of a table that is not extracted are ignored.
    fn write(&mut self, table: &'static str, cells: &[Value<'_>]) -> Result<Written> {
        let Some(number) = self.tables.number(table) else { return Ok(Written::Kept) };
        let writer = self.tables.writer(number);
        let treated = writer.map(|writer| writer.treated(cells, &self.privacy));
        let treated = treated.unwrap_or_default();
        if treated.is_empty() {
            return self.put(number, table, cells);
        }
        let mut guarded = cells.to_vec();
        for (index, text) in &treated {
            if let Some(cell) = guarded.get_mut(*index) {
                *cell = text.as_deref().map_or(Value::Null, Value::Text);
            }
        }
        self.put(number, table, &guarded)
    }

    fn note_unexpected(
        &mut self,
        table: &'static str,
        column: &'static str,
        cells: &[Value<'_>],
    ) -> Result<()> {
        let Some(number) = self.tables.number(table) else { return Ok(()) };
        let Some(writer) = self.tables.writer(number) else { return Ok(()) };
        let key: Vec<_> =
            writer.key.iter().filter_map(|index| cells.get(*index)).copied().collect();
        match (&mut self.item, writer.column(column)) {
            (Some(item), Some(column)) => put_note(&mut item.rows, number, column, key.iter()),
            _ => self.tables.note(number, column, &key)?,
        }
        Ok(())
    }

    fn wants(&self, table: &str) -> bool {
        self.tables.number(table).is_some()
    }
}

#[cfg(test)]
mod tests;
