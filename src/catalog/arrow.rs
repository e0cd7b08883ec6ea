//! Tables as Arrow schemas, which are those of the Parquet files.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use serde_json::{Map, Value, json};

use crate::model::table::{ColumnInfo, TableInfo, Type};
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

/// The name of descriptions in metadata.
pub const COMMENT: &str = "comment";

/// The columns that are in the names of folders: files that had them as well would be refused by
/// readers that take both.
pub const IN_FOLDERS: [&str; 2] = ["account_id", "extraction_id"];

/// A table as its files hold it.
pub fn file(table: &TableInfo) -> TableInfo {
    let mut file = table.clone();
    // The newest extraction is named in a file that is replaced, in one folder for each account.
    let is_replaced = table.name == LATEST_EXTRACTION;
    let in_folders = if is_replaced { &IN_FOLDERS[..1] } else { &IN_FOLDERS[..] };
    file.columns.retain(|column| !in_folders.contains(&column.name));
    file
}

/// A table as its files hold it where each of them belongs to one extraction for good.
pub fn file_of_extraction(table: &TableInfo) -> TableInfo {
    let mut file = table.clone();
    file.columns.retain(|column| !IN_FOLDERS.contains(&column.name));
    file
}

/// The Arrow schema of a table. Table and columns carry their descriptions.
pub fn schema(table: &TableInfo) -> SchemaRef {
    let field = |column: &ColumnInfo| {
        let field = Field::new(column.name, data_type(column.ty), column.nullable);
        field.with_metadata(described(column.doc))
    };
    let fields = table.columns.iter().map(field).collect::<Vec<_>>();
    Arc::new(Schema::new_with_metadata(fields, described(table.doc)))
}

/// Metadata with a description, under the name that Spark and Delta Lake read.
fn described(doc: &str) -> HashMap<String, String> {
    HashMap::from([(COMMENT.to_owned(), doc.to_owned())])
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
