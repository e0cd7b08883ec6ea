//! A row of SQLite in the bytes that PostgreSQL stores.

use std::cmp::Ordering;
use std::ops::Range;

use bytes::BytesMut;
use rusqlite::Row;
use tokio_postgres::binary_copy::BinaryCopyOutRow;
use tokio_postgres::types::{IsNull, ToSql};

use super::copy::{Cell, Raw, oid};
use crate::model::table::{ColumnInfo, TableInfo, Type};

/// A row; its memory is used again for the next one.
#[derive(Default)]
pub(super) struct Encoded {
    bytes: BytesMut,
    /// Where each cell is; `None` is NULL.
    cells: Vec<Option<Range<usize>>>,
}

impl Encoded {
    /// Takes the cells of a row.
    ///
    /// # Errors
    /// The reason why a cell does not fit its column.
    pub(super) fn set(&mut self, columns: &[ColumnInfo], row: &Row<'_>) -> Result<(), String> {
        self.bytes.clear();
        self.cells.clear();
        for (at, column) in columns.iter().enumerate() {
            let start = self.bytes.len();
            let value = row.get_ref(at).map_err(|error| error.to_string())?;
            let cell = Cell(column.ty, value).to_sql(&oid(column.ty), &mut self.bytes);
            let range = match cell.map_err(|error| error.to_string())? {
                IsNull::Yes => None,
                IsNull::No => Some(start..self.bytes.len()),
            };
            self.cells.push(range);
        }
        Ok(())
    }

    /// The bytes of a cell.
    pub(super) fn get(&self, at: usize) -> Option<&[u8]> {
        self.bytes.get(self.cells.get(at)?.clone()?)
    }

    /// The bytes of a cell of the server.
    pub(super) fn of_server(row: &BinaryCopyOutRow, at: usize) -> Option<&[u8]> {
        row.try_get::<Raw<'_>>(at).ok().and_then(|raw| raw.0)
    }
}

/// The order of two rows by the key of their table, as PostgreSQL sorts it. NULL comes first.
pub(super) fn order<'r>(
    table: &TableInfo,
    one: impl Fn(usize) -> Option<&'r [u8]>,
    other: impl Fn(usize) -> Option<&'r [u8]>,
) -> Ordering {
    let cell = |name: &&str| {
        let at = table.position(name)?;
        Some(order_of_cells(table.columns.get(at)?.ty, one(at), other(at)))
    };
    let differ = table.key.iter().filter_map(cell).find(|order| order.is_ne());
    differ.unwrap_or(Ordering::Equal)
}

fn order_of_cells(ty: Type, one: Option<&[u8]>, other: Option<&[u8]>) -> Ordering {
    let (Some(one), Some(other)) = (one, other) else { return one.cmp(&other) };
    match ty {
        Type::Text | Type::Json | Type::Bool => one.cmp(other),
        Type::Int | Type::Time => signed(one).cmp(&signed(other)),
        Type::Real => real(one).total_cmp(&real(other)),
    }
}

fn signed(bytes: &[u8]) -> i64 {
    bytes.try_into().map_or(0, i64::from_be_bytes)
}

fn real(bytes: &[u8]) -> f64 {
    bytes.try_into().map_or(0.0, f64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_sort_as_on_the_server() {
        let order = |ty, one: &[u8], other: &[u8]| order_of_cells(ty, Some(one), Some(other));
        assert!(order(Type::Int, &(-1_i64).to_be_bytes(), &1_i64.to_be_bytes()).is_lt());
        assert!(order(Type::Time, &i64::MIN.to_be_bytes(), &0_i64.to_be_bytes()).is_lt());
        assert!(order(Type::Real, &(-1.0_f64).to_be_bytes(), &1.0_f64.to_be_bytes()).is_lt());
        assert!(order(Type::Text, "Z".as_bytes(), "a".as_bytes()).is_lt());
        assert!(order(Type::Text, "a".as_bytes(), "ab".as_bytes()).is_lt());
        assert!(order(Type::Bool, &[0], &[1]).is_lt());
        assert!(order_of_cells(Type::Text, None, Some(&[])).is_lt());
    }
}
