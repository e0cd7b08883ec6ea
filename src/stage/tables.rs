//! Upserts: the newer version of a row replaces the older one, together with its parts.

use std::collections::HashMap;

use rusqlite::types::Null;
use rusqlite::{Connection, Statement};

use super::pending::encoding::{Cells, Entries, Entry, damaged};
use super::successor::{Successor, belongs_to};
use super::unexpected::Notes;
use crate::model::privacy::Privacy;
use crate::model::table::ddl::parameters;
use crate::model::table::{ColumnInfo, MAX_COLUMNS, TableInfo, Value, Written};
use crate::model::time;
use crate::{Error, Result};

/// The table of flags. Its rows and those that belong to it are collected before they are written.
const FLAGS: &str = "flags";

/// The tables of a stage, each with its prepared statements.
pub(super) struct Tables<'c> {
    writers: Vec<TableWriter<'c>>,
    numbers: HashMap<&'static str, usize>,
    notes: Notes<'c>,
    /// Reused for every time.
    text: String,
    /// What became of the last row of each table, while the rows of one item are written.
    last: Vec<Written>,
}

/// Writes the rows of one table.
pub(super) struct TableWriter<'c> {
    name: &'static str,
    columns: Vec<&'static str>,
    insert: Statement<'c>,
    /// Replaces an existing row. `None` where the insert does that, or the table has only key
    /// columns.
    update: Option<Statement<'c>>,
    /// The statements that delete the parts of a replaced row.
    clear: Vec<Statement<'c>>,
    /// Tells an object from an earlier one with the same key.
    successor: Option<Successor<'c>>,
    /// The positions of the key's cells.
    pub key: Vec<usize>,
    is_part: bool,
    /// The table whose rows have rows of this one as parts; the table itself if it is no part.
    root: usize,
    /// The position of the project's key in a row that belongs to a flag.
    pub project_of_flag: Option<usize>,
    /// The columns with personal data, and their positions.
    personal: Vec<(usize, ColumnInfo)>,
}

impl<'c> Tables<'c> {
    /// The statements for `tables`, which must exist.
    ///
    /// # Errors
    /// When a statement cannot be prepared.
    pub fn new(connection: &'c Connection, tables: &[TableInfo]) -> Result<Self> {
        let writers = tables.iter().map(|table| TableWriter::new(connection, table, tables));
        let numbers = tables.iter().enumerate().map(|(number, table)| (table.name, number));
        Ok(Tables {
            writers: writers.collect::<Result<_>>()?,
            numbers: numbers.collect(),
            notes: Notes::new(connection),
            text: String::new(),
            last: vec![Written::Kept; tables.len()],
        })
    }

    /// The number of a table; `None` if it is not extracted.
    pub fn number(&self, table: &str) -> Option<usize> {
        self.numbers.get(table).copied()
    }

    /// A table by its number.
    pub fn writer(&self, number: usize) -> Option<&TableWriter<'c>> {
        self.writers.get(number)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, number: usize, cells: &[Value<'_>]) -> Result<Written> {
        let writer = self.writers.get_mut(number).ok_or_else(damaged)?;
        writer.write(cells, &mut self.text)
    }

    /// Notes that a column of the row with this key is NULL for an unexpected value.
    ///
    /// # Errors
    /// When the note cannot be written.
    pub fn note(&mut self, number: usize, column: &str, key: &[Value<'_>]) -> Result<()> {
        let writer = self.writers.get(number).ok_or_else(damaged)?;
        self.notes.add(writer.name, column, key)
    }

    /// Writes the rows of an item that were collected. As when they are written at once, parts
    /// follow only a row that is fresh, and nothing follows an outdated object.
    ///
    /// # Errors
    /// When a row cannot be written.
    pub fn write_item(&mut self, rows: &[u8]) -> Result<()> {
        let (mut cells, mut entries): (Cells<'_>, _) = ([Value::Null; MAX_COLUMNS], Entries(rows));
        let mut is_first = true;
        while let Some(entry) = entries.next(&mut cells)? {
            let (Entry::Row { table, .. } | Entry::Note { table, .. }) = entry;
            let writer = self.writers.get(table).ok_or_else(damaged)?;
            let is_own = writer.root == table && matches!(entry, Entry::Row { .. });
            if !is_own && self.last.get(writer.root) != Some(&Written::Fresh) {
                continue;
            }
            match entry {
                Entry::Note { column, cells: count, .. } => {
                    let column = *writer.columns.get(column).ok_or_else(damaged)?;
                    self.note(table, column, &cells[..count])?;
                }
                Entry::Row { cells: count, .. } => {
                    self.last[table] = self.write(table, &cells[..count])?;
                    if is_first && self.last[table] == Written::Outdated {
                        return Ok(());
                    }
                    is_first = false;
                }
            }
        }
        Ok(())
    }
}

impl<'c> TableWriter<'c> {
    fn new(connection: &'c Connection, table: &TableInfo, all: &[TableInfo]) -> Result<Self> {
        let position = |name| all.iter().position(|other| other.name == name);
        let of_flag = table.name == FLAGS || belongs_to(table, FLAGS, all);
        let parts = all.iter().filter(|part| part.part_of == Some(table.name));
        let clear = parts.map(|part| connection.prepare(&clear_statement(part.name, table)));
        let update = update_statement(table).map(|sql| connection.prepare(&sql));
        Ok(TableWriter {
            name: table.name,
            columns: table.columns.iter().map(|column| column.name).collect(),
            root: position(table.part_of.unwrap_or(table.name)).unwrap_or_default(),
            project_of_flag: table.position("project_key").filter(|_| of_flag),
            insert: connection.prepare(&insert_statement(table))?,
            update: update.transpose()?,
            clear: clear.collect::<Result<_, _>>()?,
            successor: Successor::new(connection, table, all)?,
            key: table.key.iter().filter_map(|name| table.position(name)).collect(),
            is_part: table.part_of.is_some(),
            personal: Privacy::columns(table).collect(),
        })
    }

    /// The position of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| *column == name)
    }

    /// The replacements of cells with personal data.
    pub fn treated(&self, cells: &[Value<'_>], privacy: &Privacy) -> Vec<(usize, Option<String>)> {
        if matches!(privacy, Privacy::Keep) {
            return Vec::new();
        }
        let texts = self.personal.iter().filter_map(|(index, column)| match cells.get(*index) {
            Some(Value::Text(text)) => Some((*index, privacy.treat(column, text))),
            _ => None,
        });
        texts.collect()
    }

    fn write(&mut self, cells: &[Value<'_>], text: &mut String) -> Result<Written> {
        let table = self.name;
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

/// Writes a time as a table has it.
pub(super) fn format_time(table: &'static str, milliseconds: i64, text: &mut String) -> Result<()> {
    text.clear();
    time::push(milliseconds, text).ok_or_else(|| {
        let message = format!("{milliseconds} ms is not a time before the year 10000");
        Error::unexpected(table, "", message)
    })
}
