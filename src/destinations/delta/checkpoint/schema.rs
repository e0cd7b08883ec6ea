//! The columns of a checkpoint.
//! <https://github.com/delta-io/delta/blob/master/PROTOCOL.md#checkpoint-schema>

use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema};

/// The schema of a checkpoint: a column for each kind of action, and one of them in each row.
pub(super) fn schema() -> Schema {
    Schema::new(vec![
        action(
            "protocol",
            vec![
                required("minReaderVersion", DataType::Int32),
                required("minWriterVersion", DataType::Int32),
            ],
        ),
        action("metaData", metadata()),
        action(
            "txn",
            vec![
                required("appId", DataType::Utf8),
                required("version", DataType::Int64),
                optional("lastUpdated", DataType::Int64),
            ],
        ),
        action("add", add()),
        action("remove", remove()),
    ])
}

/// The paths of the columns without parts, by which a file is projected. Other writers' checkpoints
/// have more.
pub(super) fn leaves() -> Vec<String> {
    let mut leaves = Vec::new();
    for action in schema().fields() {
        let DataType::Struct(fields) = action.data_type() else { continue };
        leaves.extend(fields.iter().map(|field| format!("{}.{}", action.name(), field.name())));
    }
    leaves
}

fn metadata() -> Vec<Field> {
    let format = vec![required("provider", DataType::Utf8), optional("options", texts())];
    let element = Arc::new(required("element", DataType::Utf8));
    vec![
        required("id", DataType::Utf8),
        optional("name", DataType::Utf8),
        optional("description", DataType::Utf8),
        required("format", DataType::Struct(Fields::from(format))),
        required("schemaString", DataType::Utf8),
        required("partitionColumns", DataType::List(element)),
        optional("createdTime", DataType::Int64),
        required("configuration", texts()),
    ]
}

fn add() -> Vec<Field> {
    vec![
        required("path", DataType::Utf8),
        required("partitionValues", texts()),
        required("size", DataType::Int64),
        required("modificationTime", DataType::Int64),
        required("dataChange", DataType::Boolean),
        optional("stats", DataType::Utf8),
        optional("tags", texts()),
    ]
}

fn remove() -> Vec<Field> {
    vec![
        required("path", DataType::Utf8),
        optional("deletionTimestamp", DataType::Int64),
        required("dataChange", DataType::Boolean),
        optional("extendedFileMetadata", DataType::Boolean),
        optional("partitionValues", texts()),
        optional("size", DataType::Int64),
    ]
}

/// A map of texts.
fn texts() -> DataType {
    let entry = vec![required("key", DataType::Utf8), optional("value", DataType::Utf8)];
    let entries = required("key_value", DataType::Struct(Fields::from(entry)));
    DataType::Map(Arc::new(entries), false)
}

fn action(name: &str, fields: Vec<Field>) -> Field {
    optional(name, DataType::Struct(Fields::from(fields)))
}

fn required(name: &str, ty: DataType) -> Field {
    Field::new(name, ty, false)
}

fn optional(name: &str, ty: DataType) -> Field {
    Field::new(name, ty, true)
}
