//! How rows reach a destination. One call passes a whole row, because a call for each cell costs
//! too much.

use super::lenient::Cell;
use super::{Table, Value};
use crate::Result;

/// What became of a row that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The row is new, or newer than the one that was there: its parts must be written too.
    Fresh,
    /// The row that was there is as new or newer, and stays with its parts.
    Kept,
    /// The row is one of an object that was deleted: another with its key has taken its place.
    Outdated,
}

/// A destination for rows. One virtual call a row; none a cell.
pub trait Sink {
    /// Writes one row. A row that replaces an older one takes that one's parts away with it.
    ///
    /// # Errors
    /// When the destination refuses the row.
    fn write(&mut self, table: &'static str, cells: &[Value<'_>]) -> Result<Written>;

    /// Notes that `column` of the row just written is NULL because LaunchDarkly sent another type
    /// than it documents.
    ///
    /// # Errors
    /// When the destination cannot note it.
    fn note_unexpected(
        &mut self,
        table: &'static str,
        column: &'static str,
        cells: &[Value<'_>],
    ) -> Result<()> {
        let _ = (table, column, cells);
        Ok(())
    }

    /// Whether rows of `table` are wanted: they may be costly to make.
    fn wants(&self, table: &str) -> bool;
}

/// The most columns a table may have; a row is built on the stack.
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
