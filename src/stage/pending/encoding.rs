//! The rows of an item as bytes: in the order in which they were written, and without schema.

use crate::error::Kind;
use crate::model::table::{MAX_COLUMNS, Value};
use crate::{Error, Result};

/// The cells of an entry; those behind its own are `NULL`.
pub(in crate::stage) type Cells<'b> = [Value<'b>; MAX_COLUMNS];

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::stage) enum Entry {
    /// A row of the table with this number.
    Row { table: usize, cells: usize },
    /// A note about a column of that table: its cells are the row's key.
    Note { table: usize, column: usize, cells: usize },
}

const NULL: u8 = 0;
const TEXT: u8 = 1;
const INT: u8 = 2;
const REAL: u8 = 3;
const FALSE: u8 = 4;
const TRUE: u8 = 5;

/// Appends a row. Times must be texts already.
pub(in crate::stage) fn put_row<'v>(
    bytes: &mut Vec<u8>,
    table: usize,
    cells: impl ExactSizeIterator<Item = &'v Value<'v>>,
) {
    put_entry(bytes, 0, table, cells);
}

/// Appends a note about the row with this key.
pub(in crate::stage) fn put_note<'v>(
    bytes: &mut Vec<u8>,
    table: usize,
    column: usize,
    key: impl ExactSizeIterator<Item = &'v Value<'v>>,
) {
    put_entry(bytes, column + 1, table, key);
}

fn put_entry<'v>(
    bytes: &mut Vec<u8>,
    kind: usize,
    table: usize,
    cells: impl ExactSizeIterator<Item = &'v Value<'v>>,
) {
    for number in [kind, table, cells.len()] {
        put_number(bytes, number as u64);
    }
    cells.for_each(|cell| put_cell(bytes, cell));
}

fn put_cell(bytes: &mut Vec<u8>, cell: &Value<'_>) {
    match cell {
        Value::Null => bytes.push(NULL),
        Value::Text(text) => {
            bytes.push(TEXT);
            put_number(bytes, text.len() as u64);
            bytes.extend_from_slice(text.as_bytes());
        }
        Value::Int(number) | Value::Time(number) => {
            bytes.push(INT);
            // The sign goes to the lowest bit, so that small numbers are short.
            put_number(bytes, (number.wrapping_shl(1) ^ (number >> 63)).cast_unsigned());
        }
        Value::Real(number) => {
            bytes.push(REAL);
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        Value::Bool(value) => bytes.push(if *value { TRUE } else { FALSE }),
    }
}

/// Seven bits a byte, the lowest first.
fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads the entries of one item.
pub(in crate::stage) struct Entries<'b>(pub &'b [u8]);

impl<'b> Entries<'b> {
    /// The next entry, with its cells in `cells`.
    ///
    /// # Errors
    /// When the bytes are not what [`put_row`] and [`put_note`] have written.
    pub fn next(&mut self, cells: &mut Cells<'b>) -> Result<Option<Entry>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        self.entry(cells).map(Some).ok_or_else(damaged)
    }

    fn entry(&mut self, cells: &mut Cells<'b>) -> Option<Entry> {
        let [kind, table, count] = [self.size()?, self.size()?, self.size()?];
        for cell in cells.get_mut(..count)? {
            *cell = self.cell()?;
        }
        Some(match kind.checked_sub(1) {
            None => Entry::Row { table, cells: count },
            Some(column) => Entry::Note { table, column, cells: count },
        })
    }

    fn cell(&mut self) -> Option<Value<'b>> {
        Some(match self.take(1)?[0] {
            NULL => Value::Null,
            TEXT => {
                let length = self.size()?;
                Value::Text(std::str::from_utf8(self.take(length)?).ok()?)
            }
            INT => {
                let number = self.number()?;
                Value::Int((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
            }
            REAL => Value::Real(f64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            _ => return None,
        })
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

/// The error of bytes that are not rows.
pub(in crate::stage) fn damaged() -> Error {
    Error::new(Kind::OutputFailed, "the staged rows are damaged")
        .hint("run again with `--no-resume`")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn cell() -> impl Strategy<Value = Option<(u8, i64, String)>> {
        prop::option::of((0u8..4, any::<i64>(), ".{0,200}"))
    }

    fn value((kind, number, text): &(u8, i64, String)) -> Value<'_> {
        match kind {
            0 => Value::Text(text),
            1 => Value::Int(*number),
            2 => Value::Real(f64::from_bits(number.cast_unsigned() >> 2)),
            _ => Value::Bool(*number > 0),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 128,
            rng_seed: RngSeed::Fixed(1),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn rows_are_read_as_they_were_written(row in prop::collection::vec(cell(), 0..MAX_COLUMNS)) {
            let row: Vec<_> = row.iter().map(|cell| cell.as_ref().map_or(Value::Null, value)).collect();
            let mut bytes = Vec::new();
            put_row(&mut bytes, 300, row.iter());
            put_note(&mut bytes, 7, 0, row.iter().take(2));
            let mut cells = [Value::Null; MAX_COLUMNS];
            let mut entries = Entries(&bytes);
            let count = row.len();
            prop_assert_eq!(entries.next(&mut cells).unwrap(), Some(Entry::Row { table: 300, cells: count }));
            prop_assert_eq!(&cells[..count], &row[..]);
            let note = Entry::Note { table: 7, column: 0, cells: count.min(2) };
            prop_assert_eq!(entries.next(&mut cells).unwrap(), Some(note));
            prop_assert_eq!(entries.next(&mut cells).unwrap(), None);
        }
    }

    #[test]
    fn half_an_entry_is_an_error() {
        let mut bytes = Vec::new();
        put_row(&mut bytes, 1, [Value::Text("abc")].iter());
        for length in 1..bytes.len() {
            let mut cells = [Value::Null; MAX_COLUMNS];
            assert!(Entries(&bytes[..length]).next(&mut cells).is_err());
        }
    }
}
