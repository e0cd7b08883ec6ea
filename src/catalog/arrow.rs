//! Tables as Arrow schemas, which are those of the Parquet files.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use serde_json::{Map, Value, json};

use crate::model::table::{TableInfo, Type};
use crate::model::view::LATEST_EXTRACTION;

/// The Arrow type of a column.
pub fn data_type(ty: Type) -> DataType {
    match ty {
        Type::Text | Type::Json => DataType::Utf8,
        Type::Int => DataType::Int64,
        Type::Real => DataType::Float64,
        Type::Bool => DataType::Boolean,
        Type::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    }
}

/// The columns that are in the names of folders: files that had them as well would be refused by
/// readers that take both.
const IN_FOLDERS: [&str; 2] = ["account_id", "extraction_id"];

/// A table as its files hold it.
pub fn file(table: &TableInfo) -> TableInfo {
    let mut file = table.clone();
    // The newest extraction is named in a file that is replaced, in one folder for each account.
    let is_replaced = table.name == LATEST_EXTRACTION;
    let in_folders = if is_replaced { &IN_FOLDERS[..1] } else { &IN_FOLDERS[..] };
    file.columns.retain(|column| !in_folders.contains(&column.name));
    file
}

/// The Arrow schema of a table.
pub fn schema(table: &TableInfo) -> SchemaRef {
    let field = |column: &crate::model::table::ColumnInfo| {
        Field::new(column.name, data_type(column.ty), column.nullable)
    };
    Arc::new(Schema::new(table.columns.iter().map(field).collect::<Vec<_>>()))
}

/// Every table's schema as JSON: column, type and nullability. The key may have columns that only
/// folders name.
pub fn document(tables: &[TableInfo]) -> String {
    let document: Map<String, Value> =
        tables.iter().map(|table| (table.name.to_owned(), describe(table))).collect();
    format!("{:#}\n", Value::Object(document))
}

fn describe(table: &TableInfo) -> Value {
    let schema = schema(&file(table));
    let fields = schema.fields().iter().map(|field| {
        let ty = field.data_type().to_string();
        json!({ "name": field.name(), "type": ty, "nullable": field.is_nullable() })
    });
    json!({ "primary_key": table.key, "fields": fields.collect::<Vec<_>>() })
}
