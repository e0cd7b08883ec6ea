//! Cells of Arrow's columns.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};

use super::Each;
use crate::Result;
use crate::sync::cell::Cell;

/// Gives the rows of `batch` to `each`: the columns at `positions`.
pub(super) fn rows(
    batch: &RecordBatch,
    positions: &[Option<usize>],
    each: &mut Each<'_>,
) -> Result<()> {
    let columns: Vec<_> =
        positions.iter().map(|position| position.map(|at| batch.column(at).as_ref())).collect();
    let mut cells = Vec::with_capacity(columns.len());
    for row in 0..batch.num_rows() {
        cells.clear();
        cells.extend(columns.iter().map(|column| column.map_or(Cell::Null, |one| cell(one, row))));
        each(&cells)?;
    }
    Ok(())
}

macro_rules! primitive {
    ($column:expr, $row:expr, $($data_type:pat => $ty:ty, $make:expr;)*) => {
        match $column.data_type() {
            $($data_type => Some($make($column.as_primitive::<$ty>().value($row))),)*
            _ => None,
        }
    };
}

fn cell(column: &dyn Array, row: usize) -> Cell<'_> {
    if column.is_null(row) {
        return Cell::Null;
    }
    text(column, row)
        .or_else(|| number(column, row))
        .or_else(|| time(column, row))
        .unwrap_or_else(|| other(column, row))
}

fn text(column: &dyn Array, row: usize) -> Option<Cell<'_>> {
    let text = match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row),
        DataType::Utf8View => column.as_string_view().value(row),
        _ => return None,
    };
    Some(Cell::Text(text))
}

fn number(column: &dyn Array, row: usize) -> Option<Cell<'_>> {
    primitive!(column, row,
        DataType::Int64 => Int64Type, Cell::Int;
        DataType::Int32 => Int32Type, |value: i32| Cell::Int(value.into());
        DataType::Int16 => Int16Type, |value: i16| Cell::Int(value.into());
        DataType::Int8 => Int8Type, |value: i8| Cell::Int(value.into());
        DataType::UInt32 => UInt32Type, |value: u32| Cell::Int(value.into());
        DataType::UInt16 => UInt16Type, |value: u16| Cell::Int(value.into());
        DataType::UInt8 => UInt8Type, |value: u8| Cell::Int(value.into());
        DataType::UInt64 => UInt64Type, unsigned;
        DataType::Float64 => Float64Type, Cell::Real;
        DataType::Float32 => Float32Type, |value: f32| Cell::Real(value.into());
    )
}

fn unsigned<'r>(value: u64) -> Cell<'r> {
    i64::try_from(value).map_or(Cell::Other("a whole number above 2^63"), Cell::Int)
}

fn time(column: &dyn Array, row: usize) -> Option<Cell<'_>> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    const DAY_MS: i64 = 86_400_000;
    primitive!(column, row,
        DataType::Timestamp(Second, _) => TimestampSecondType, |value: i64| Cell::Time(value.saturating_mul(1000));
        DataType::Timestamp(Millisecond, _) => TimestampMillisecondType, Cell::Time;
        DataType::Timestamp(Microsecond, _) => TimestampMicrosecondType, |value: i64| Cell::Time(value.div_euclid(1000));
        DataType::Timestamp(Nanosecond, _) => TimestampNanosecondType, |value: i64| Cell::Time(value.div_euclid(1_000_000));
        DataType::Date32 => Date32Type, |value: i32| Cell::Time(i64::from(value) * DAY_MS);
    )
}

fn other(column: &dyn Array, row: usize) -> Cell<'_> {
    match column.data_type() {
        DataType::Boolean => Cell::Bool(column.as_boolean().value(row)),
        DataType::Dictionary(_, _) => dictionary(column, row),
        DataType::Binary | DataType::LargeBinary | DataType::FixedSizeBinary(_) => {
            Cell::Other("bytes")
        }
        _ => Cell::Other("a value of a nested or an unusual type"),
    }
}

fn dictionary(column: &dyn Array, row: usize) -> Cell<'_> {
    let Some(dictionary) = column.as_any_dictionary_opt() else {
        return Cell::Other("a value of an unusual type");
    };
    // One key at a time: to read all of them for each row would take forever.
    let Cell::Int(key) = cell(dictionary.keys(), row) else { return Cell::Null };
    usize::try_from(key).map_or(Cell::Null, |key| cell(dictionary.values().as_ref(), key))
}
