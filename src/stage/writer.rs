//! Upserts: the newer version of a row replaces the older one, together with its parts.

use std::collections::HashMap;

use rusqlite::types::Null;
use rusqlite::{Connection, Statement};

use super::journal::{self, Entry};
use super::successor::Successor;
use super::unexpected::Notes;
use crate::model::privacy::Privacy;
use crate::model::table::ddl::parameters;
use crate::model::table::{ColumnInfo, Sink, TableInfo, Value, Written};
use crate::model::time;
use crate::{Error, Result};

/// The writer of a stage: prepared statements over its connection.
pub struct Writer<'c> {
    /// The staging database, for questions.
    pub connection: &'c Connection,
    tables: HashMap<&'static str, TableWriter<'c>>,
    answers: Option<Statement<'c>>,
    notes: Notes<'c>,
    /// Whether an answer was written since the last call of `has_answer`.
    answered: bool,
    /// Reused for every time.
    text: String,
    privacy: Privacy,
}

struct TableWriter<'c> {
    insert: Statement<'c>,
    /// Replaces an existing row. `None` where the insert does that, or the table has only key
    /// columns.
    update: Option<Statement<'c>>,
    /// The statements that delete the parts of a replaced row.
    clear: Vec<Statement<'c>>,
    /// Tells an object from an earlier one with the same key.
    successor: Option<Successor<'c>>,
    /// The positions of the key's cells.
    key: Vec<usize>,
    is_part: bool,
    /// The columns with personal data, and their positions.
    personal: Vec<(usize, ColumnInfo)>,
}

impl<'c> Writer<'c> {
    /// A writer for `tables`, which must exist.
    ///
    /// # Errors
    /// When a statement cannot be prepared.
    pub fn new(connection: &'c Connection, tables: &[TableInfo]) -> Result<Self> {
        let mut writers = HashMap::new();
        for table in tables {
            writers.insert(table.name, TableWriter::new(connection, table, tables)?);
        }
        // Without the table of answers, none are written: the record of a run needs none.
        let answers = connection.prepare(journal::INSERT).ok();
        let (notes, text, privacy) = (Notes::new(connection), String::new(), Privacy::Keep);
        Ok(Writer { connection, tables: writers, answers, notes, answered: false, text, privacy })
    }

    /// The writer, with personal data treated as `privacy` says.
    #[must_use]
    pub fn guarding(self, privacy: Privacy) -> Self {
        Writer { privacy, ..self }
    }

    /// Keeps the answer to a request.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_answer(&mut self, entry: &Entry, answer: &str) -> Result<()> {
        if let Some(statement) = &mut self.answers {
            statement.execute((&entry.target, entry.number, answer))?;
            self.answered = true;
        }
        Ok(())
    }

    /// Whether an answer was written since the last call.
    pub fn has_answer(&mut self) -> bool {
        std::mem::take(&mut self.answered)
    }
}

impl Sink for Writer<'_> {
    /// Rows of a table that is not extracted are ignored.
    fn write(&mut self, table: &'static str, cells: &[Value<'_>]) -> Result<Written> {
        let Some(writer) = self.tables.get_mut(table) else { return Ok(Written::Kept) };
        let treated = writer.treated(cells, &self.privacy);
        if treated.is_empty() {
            return writer.write(table, cells, &mut self.text);
        }
        let mut guarded = cells.to_vec();
        for (index, text) in &treated {
            if let Some(cell) = guarded.get_mut(*index) {
                *cell = text.as_deref().map_or(Value::Null, Value::Text);
            }
        }
        writer.write(table, &guarded, &mut self.text)
    }

    fn note_unexpected(
        &mut self,
        table: &'static str,
        column: &'static str,
        cells: &[Value<'_>],
    ) -> Result<()> {
        let Some(writer) = self.tables.get(table) else { return Ok(()) };
        let key: Vec<_> = writer.key.iter().filter_map(|index| cells.get(*index)).collect();
        self.notes.add(table, column, &key)
    }

    fn wants(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }
}

impl<'c> TableWriter<'c> {
    fn new(connection: &'c Connection, table: &TableInfo, all: &[TableInfo]) -> Result<Self> {
        let parts = all.iter().filter(|part| part.part_of == Some(table.name));
        let clear = parts.map(|part| connection.prepare(&clear_statement(part.name, table)));
        let update = update_statement(table).map(|sql| connection.prepare(&sql));
        Ok(TableWriter {
            insert: connection.prepare(&insert_statement(table))?,
            update: update.transpose()?,
            clear: clear.collect::<Result<_, _>>()?,
            successor: Successor::new(connection, table, all)?,
            key: table.key.iter().filter_map(|name| table.position(name)).collect(),
            is_part: table.part_of.is_some(),
            personal: Privacy::columns(table).collect(),
        })
    }

    /// The replacements of cells with personal data.
    fn treated(&self, cells: &[Value<'_>], privacy: &Privacy) -> Vec<(usize, Option<String>)> {
        if matches!(privacy, Privacy::Keep) {
            return Vec::new();
        }
        let texts = self.personal.iter().filter_map(|(index, column)| match cells.get(*index) {
            Some(Value::Text(text)) => Some((*index, privacy.treat(column, text))),
            _ => None,
        });
        texts.collect()
    }

    fn write(
        &mut self,
        table: &'static str,
        cells: &[Value<'_>],
        text: &mut String,
    ) -> Result<Written> {
        let inserted = execute(&mut self.insert, table, cells.iter(), text)?;
        if inserted > 0 || self.is_part {
            return Ok(Written::Fresh);
        }
        if let Some(successor) = &mut self.successor {
            if successor.takes_over(table, cells, text)? {
                execute(&mut self.insert, table, cells.iter(), text)?;
                return Ok(Written::Fresh);
            }
            if successor.is_outdated(table, cells, text)? {
                return Ok(Written::Outdated);
            }
        }
        let Some(update) = &mut self.update else { return Ok(Written::Kept) };
        if execute(update, table, cells.iter(), text)? == 0 {
            return Ok(Written::Kept);
        }
        for clear in &mut self.clear {
            execute(clear, table, self.key.iter().map(|index| &cells[*index]), text)?;
        }
        Ok(Written::Fresh)
    }
}

/// Parts always replace older ones, because they are only written if their root was newer.
fn insert_statement(table: &TableInfo) -> String {
    let (name, parameters) = (table.name, parameters(table));
    match table.part_of {
        Some(_) => format!("INSERT OR REPLACE INTO {name} VALUES ({parameters})"),
        None => format!("INSERT INTO {name} VALUES ({parameters}) ON CONFLICT DO NOTHING"),
    }
}

/// A row is replaced by a higher version, or by a later reading of the same version that differs.
fn update_statement(table: &TableInfo) -> Option<String> {
    if table.part_of.is_some() || table.key.len() == table.columns.len() {
        return None;
    }
    let numbered = || (1..).zip(&table.columns);
    let all = |form: &dyn Fn(usize, &str) -> String, wanted: &dyn Fn(&str) -> bool, by: &str| {
        let terms = numbered().filter(|(_, column)| wanted(column.name));
        terms.map(|(number, column)| form(number, column.name)).collect::<Vec<_>>().join(by)
    };
    let is_key = |name: &str| table.key.contains(&name);
    let equal = |number: usize, name: &str| format!("{name} = ?{number}");
    let differs = |number: usize, name: &str| format!("{name} IS NOT ?{number}");
    let set = all(&equal, &|name| !is_key(name), ", ");
    let key = all(&equal, &is_key, " AND ");
    let newer = table.version.and_then(|version| {
        let number = table.position(version)? + 1;
        let different = all(&differs, &|name| !is_key(name), " OR ");
        Some(format!(" AND ({version} < ?{number} OR ({version} IS ?{number} AND ({different})))"))
    });
    Some(format!("UPDATE {} SET {set} WHERE {key}{}", table.name, newer.unwrap_or_default()))
}

pub(super) fn clear_statement(part: &str, root: &TableInfo) -> String {
    let key = (1..).zip(&root.key).map(|(number, name)| format!("{name} = ?{number}"));
    format!("DELETE FROM {part} WHERE {}", key.collect::<Vec<_>>().join(" AND "))
}

pub(super) fn execute<'v>(
    statement: &mut Statement<'_>,
    table: &'static str,
    cells: impl Iterator<Item = &'v Value<'v>>,
    text: &mut String,
) -> Result<usize> {
    bind(statement, table, cells, text)?;
    Ok(statement.raw_execute()?)
}

pub(super) fn bind<'v>(
    statement: &mut Statement<'_>,
    table: &'static str,
    cells: impl Iterator<Item = &'v Value<'v>>,
    text: &mut String,
) -> Result<()> {
    for (index, cell) in (1..).zip(cells) {
        match cell {
            Value::Null => statement.raw_bind_parameter(index, Null)?,
            Value::Text(text) => statement.raw_bind_parameter(index, text)?,
            Value::Int(int) => statement.raw_bind_parameter(index, int)?,
            Value::Real(real) => statement.raw_bind_parameter(index, real)?,
            Value::Bool(bool) => statement.raw_bind_parameter(index, bool)?,
            Value::Time(milliseconds) => {
                format_time(table, *milliseconds, text)?;
                statement.raw_bind_parameter(index, text.as_str())?;
            }
        }
    }
    Ok(())
}

fn format_time(table: &'static str, milliseconds: i64, text: &mut String) -> Result<()> {
    text.clear();
    time::push(milliseconds, text).ok_or_else(|| {
        let message = format!("{milliseconds} ms is not a time before the year 10000");
        Error::unexpected(table, "", message)
    })
}

#[cfg(test)]
mod tests;
