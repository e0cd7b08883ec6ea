//! How rows reach a destination. One call passes a whole row, because a call for each cell costs
//! too much.

use super::lenient::Cell;
use super::{Table, Value};
use crate::Result;

/// The result of writing a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The row is new, or newer than the existing one: its parts must be written too.
    Fresh,
    /// The existing row is as new or newer, and is kept with its parts.
    Kept,
    /// The row is of a deleted object; another object with the same key has replaced it.
    Outdated,
}

/// A destination for rows. There is one virtual call for each row and none for each cell.
pub trait Sink {
    /// Writes one row. If it replaces an older row, the parts of that row are deleted.
    ///
    /// # Errors
    /// When the destination refuses the row.
    fn write(&mut self, table: &'static str, cells: &[Value<'_>]) -> Result<Written>;

    /// Records that `column` of the last row written is NULL because LaunchDarkly sent another type
    /// than it documents.
    ///
    /// # Errors
    /// When the destination cannot record it.
    fn note_unexpected(
        &mut self,
        table: &'static str,
        column: &'static str,
        cells: &[Value<'_>],
    ) -> Result<()> {
        let _ = (table, column, cells);
        Ok(())
    }

    /// Whether rows of `table` are needed. Making them may be costly.
    fn wants(&self, table: &str) -> bool;
}

/// The largest number of columns that a table may have; a row is built on the stack.
pub const MAX_COLUMNS: usize = 48;

/// Writes one row of `T`.
///
/// # Errors
/// When the sink refuses the row.
pub fn write_row<T: Table>(sink: &mut dyn Sink, row: &T::Row<'_>) -> Result<Written> {
    let mut cells = [Value::Null; MAX_COLUMNS];
    let mut unexpected: u64 = 0;
    for (index, (cell, column)) in cells.iter_mut().zip(T::COLUMNS).enumerate() {
        match column.cell(row) {
            Cell::Value(value) => *cell = value,
            Cell::Unexpected => unexpected |= 1 << index,
        }
    }
    let cells = &cells[..T::COLUMNS.len()];
    let written = sink.write(T::NAME, cells)?;
    if unexpected > 0 && written == Written::Fresh {
        let columns = T::COLUMNS.iter().enumerate();
        let columns = columns.filter(|(index, _)| unexpected & (1 << index) != 0);
        columns
            .into_iter()
            .try_for_each(|(_, column)| sink.note_unexpected(T::NAME, column.info.name, cells))?;
    }
    Ok(written)
}

/// Writes one row of `T`, and its parts if the sink takes the row.
///
/// # Errors
/// When the sink refuses a row.
pub fn write_with_parts<'a, T: Table, P: Table>(
    sink: &mut dyn Sink,
    row: &T::Row<'_>,
    parts: impl IntoIterator<Item = P::Row<'a>>,
) -> Result<()> {
    if write_row::<T>(sink, row)? == Written::Fresh { write_rows::<P>(sink, parts) } else { Ok(()) }
}

/// Writes rows of `T`.
///
/// # Errors
/// When the sink refuses a row.
pub fn write_rows<'a, T: Table>(
    sink: &mut dyn Sink,
    rows: impl IntoIterator<Item = T::Row<'a>>,
) -> Result<()> {
    rows.into_iter().try_for_each(|row| write_row::<T>(sink, &row).map(drop))
}
