//! Rows of the stage as Arrow record batches.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use rusqlite::types::{Value, ValueRef};

use crate::error::Kind;
use crate::model::table::{TableInfo, Type};
use crate::model::time;
use crate::{Error, Result, catalog};

/// Rows in memory at a time.
const BATCH: usize = 2048;

/// The statement that reads a table of the stage as `file` holds it, in the order of its key.
pub(super) fn select(schema: &str, file: &TableInfo) -> String {
    let columns = file.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
    format!("SELECT {columns} FROM {schema}.{} ORDER BY {}", file.name, file.key.join(", "))
}

/// The next rows of `table`; an empty batch at the end.
pub(super) fn next_batch(table: &TableInfo, rows: &mut rusqlite::Rows<'_>) -> Result<RecordBatch> {
    let mut builders: Vec<_> = table.columns.iter().map(|column| Builder::new(column.ty)).collect();
    for _ in 0..BATCH {
        let Some(row) = rows.next()? else { break };
        for (index, builder) in builders.iter_mut().enumerate() {
            builder.push(row.get_ref(index)?).ok_or_else(|| broken(table, index))?;
        }
    }
    let columns = builders.into_iter().map(Builder::finish).collect();
    RecordBatch::try_new(catalog::arrow::schema(table), columns)
        .map_err(|error| Error::output(table.name, error))
}

/// The error of a cell that does not fit the type of its column, as in a corrupt stage.
fn broken(table: &TableInfo, index: usize) -> Error {
    let name = table.columns.get(index).map_or("?", |column| column.name);
    let message =
        format!("the staging database has an unexpected value in `{}.{name}`", table.name);
    Error::new(Kind::Internal, message)
}

/// A cell of a file, as the stage holds it; `None` for a type that flaglake does not write.
pub(super) fn cell(column: &dyn Array, row: usize) -> Option<Value> {
    if column.is_null(row) {
        return Some(Value::Null);
    }
    Some(match column.data_type() {
        DataType::Utf8 => Value::Text(column.as_string::<i32>().value(row).to_owned()),
        DataType::Int64 => Value::Integer(column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Value::Real(column.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => Value::Integer(column.as_boolean().value(row).into()),
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            let microseconds = column.as_primitive::<TimestampMicrosecondType>().value(row);
            let mut text = String::new();
            time::push(microseconds.div_euclid(1000), &mut text)?;
            Value::Text(text)
        }
        _ => return None,
    })
}

/// A column being built.
enum Builder {
    Text(StringBuilder),
    Int(Int64Builder),
    Real(Float64Builder),
    Bool(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
}

impl Builder {
    fn new(ty: Type) -> Self {
        match ty {
            Type::Text | Type::Json => Builder::Text(StringBuilder::new()),
            Type::Int => Builder::Int(Int64Builder::new()),
            Type::Real => Builder::Real(Float64Builder::new()),
            Type::Bool => Builder::Bool(BooleanBuilder::new()),
            Type::Time => Builder::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC")),
        }
    }

    /// Adds a cell; `None` when it does not fit the type.
    fn push(&mut self, cell: ValueRef<'_>) -> Option<()> {
        match (self, cell) {
            (Builder::Text(builder), ValueRef::Null) => builder.append_null(),
            (Builder::Int(builder), ValueRef::Null) => builder.append_null(),
            (Builder::Real(builder), ValueRef::Null) => builder.append_null(),
            (Builder::Bool(builder), ValueRef::Null) => builder.append_null(),
            (Builder::Time(builder), ValueRef::Null) => builder.append_null(),
            (Builder::Text(builder), ValueRef::Text(text)) => {
                builder.append_value(std::str::from_utf8(text).ok()?);
            }
            (Builder::Int(builder), ValueRef::Integer(int)) => builder.append_value(int),
            (Builder::Real(builder), ValueRef::Real(real)) => builder.append_value(real),
            (Builder::Bool(builder), ValueRef::Integer(int)) => builder.append_value(int != 0),
            (Builder::Time(builder), ValueRef::Text(text)) => {
                let milliseconds = time::milliseconds(std::str::from_utf8(text).ok()?)?;
                builder.append_value(milliseconds.checked_mul(1000)?);
            }
            _ => return None,
        }
        Some(())
    }

    fn finish(self) -> ArrayRef {
        match self {
            Builder::Text(mut builder) => Arc::new(builder.finish()),
            Builder::Int(mut builder) => Arc::new(builder.finish()),
            Builder::Real(mut builder) => Arc::new(builder.finish()),
            Builder::Bool(mut builder) => Arc::new(builder.finish()),
            Builder::Time(mut builder) => Arc::new(builder.finish()),
        }
    }
}
