//! The rows of a query as arrays of the server: one for each column. So a statement takes many
//! rows, and no temporary table is needed, whose entries in the server's catalog would be most of
//! what an unchanged account writes to its log.

use bytes::{BufMut, BytesMut};
use rusqlite::{Row, Rows};
use tokio_postgres::types::{IsNull, ToSql, Type as Oid, to_sql_checked};

use super::copy::{Cell, Failure, oid};
use crate::model::table::ColumnInfo;
use crate::model::table::postgres::{data_type, list};

/// The rows that a statement takes at most, and the bytes after which it takes no further row.
const ROWS: usize = 1_000;
const BYTES: usize = 256 * 1024;

/// The dimensions of an array, and the index of its first element.
const DIMENSIONS: i32 = 1;
const FIRST: i32 = 1;

/// The length of NULL.
const NULL: i32 = -1;

/// The values of a column in some rows.
#[derive(Debug)]
struct Array {
    column: ColumnInfo,
    count: i32,
    has_null: bool,
    /// Each value with its length.
    elements: BytesMut,
}

impl Array {
    /// Takes the value of a row; `value` is memory for it.
    fn push(&mut self, row: &Row<'_>, at: usize, value: &mut BytesMut) -> Result<(), Failure> {
        value.clear();
        let ty = self.column.ty;
        match Cell(ty, row.get_ref(at)?).to_sql(&oid(ty), value)? {
            IsNull::Yes => {
                self.has_null = true;
                self.elements.put_i32(NULL);
            }
            IsNull::No => {
                self.elements.put_i32(i32::try_from(value.len())?);
                self.elements.put_slice(value);
            }
        }
        self.count += 1;
        Ok(())
    }
}

impl ToSql for Array {
    /// <https://www.postgresql.org/docs/current/arrays.html> in the binary format of `array_send`.
    fn to_sql(&self, _: &Oid, out: &mut BytesMut) -> Result<IsNull, Failure> {
        out.put_i32(DIMENSIONS);
        out.put_i32(self.has_null.into());
        out.put_u32(oid(self.column.ty).oid());
        out.put_i32(self.count);
        out.put_i32(FIRST);
        out.put_slice(&self.elements);
        Ok(IsNull::No)
    }

    fn accepts(_: &Oid) -> bool {
        true
    }

    to_sql_checked!();
}

/// Some rows; their memory is used again for the next ones.
#[derive(Debug)]
pub(super) struct Arrays(Vec<Array>);

impl Arrays {
    pub(super) fn of(columns: &[ColumnInfo]) -> Self {
        let array = |column: &ColumnInfo| Array {
            column: *column,
            count: 0,
            has_null: false,
            elements: BytesMut::new(),
        };
        Arrays(columns.iter().map(array).collect())
    }

    /// Takes the next rows of a query, as many as fit. Returns whether there is one.
    ///
    /// # Errors
    /// Where they cannot be read, or a cell does not fit its column.
    pub(super) fn fill(&mut self, rows: &mut Rows<'_>) -> Result<bool, Failure> {
        self.clear();
        let (mut count, mut value) = (0, BytesMut::new());
        while count < ROWS && self.bytes() < BYTES {
            let Some(row) = rows.next()? else { break };
            for (at, array) in self.0.iter_mut().enumerate() {
                array.push(row, at, &mut value)?;
            }
            count += 1;
        }
        Ok(count > 0)
    }

    fn clear(&mut self) {
        for array in &mut self.0 {
            (array.count, array.has_null) = (0, false);
            array.elements.clear();
        }
    }

    fn bytes(&self) -> usize {
        self.0.iter().map(|array| array.elements.len()).sum()
    }

    /// The parameters of a statement that reads [`relation`].
    pub(super) fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.0.iter().map(|array| array as _).collect()
    }
}

/// The relation `new`, whose rows are in the parameters of the statement.
pub(super) fn relation(columns: &[ColumnInfo]) -> String {
    let arrays = columns.iter().zip(1..);
    let arrays = arrays.map(|(column, number)| format!("${number}::{}[]", data_type(column.ty)));
    let names = list(columns.iter().map(|column| column.name));
    format!("unnest({}) AS new ({names})", arrays.collect::<Vec<_>>().join(", "))
}
