//! The cells of a checkpoint as JSON values, and back: its nested columns have the form that the
//! lines of a commit have.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Int32Array, Int64Array, ListArray, MapArray, StringArray,
    StructArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, FieldRef, Fields};
use serde_json::{Map, Value};

/// A cell as JSON. Members that are null are left out.
pub(super) fn value(array: &dyn Array, row: usize) -> Result<Value, ArrowError> {
    if array.is_null(row) {
        return Ok(Value::Null);
    }
    Ok(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        DataType::Boolean => array.as_boolean().value(row).into(),
        DataType::Struct(_) => {
            let parts = array.as_struct();
            let parts = parts.column_names().into_iter().zip(parts.columns());
            let members = parts.map(|(name, part)| Ok((name.to_owned(), value(part, row)?)));
            let members = members.collect::<Result<Map<_, _>, ArrowError>>()?;
            Value::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect())
        }
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            let items = (0..items.len()).map(|item| value(&items, item));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        DataType::Map(..) => {
            let entries = array.as_map().value(row);
            let entry = |entry| {
                let key = value(entries.column(0), entry)?;
                Ok((key.as_str().unwrap_or_default().to_owned(), value(entries.column(1), entry)?))
            };
            Value::Object((0..entries.len()).map(entry).collect::<Result<_, ArrowError>>()?)
        }
        other => return Err(ArrowError::NotYetImplemented(format!("a column of type {other}"))),
    })
}

/// A column of a type. A missing value is null.
pub(super) fn array(ty: &DataType, values: &[Option<&Value>]) -> Result<ArrayRef, ArrowError> {
    let given = || values.iter().map(|value| value.filter(|value| !value.is_null()));
    Ok(match ty {
        DataType::Utf8 => {
            let texts = given().map(|value| value.and_then(Value::as_str));
            Arc::new(texts.collect::<StringArray>())
        }
        DataType::Int32 => {
            let numbers = given().map(|value| value?.as_i64()?.try_into().ok());
            Arc::new(numbers.collect::<Int32Array>())
        }
        DataType::Int64 => {
            let numbers = given().map(|value| value.and_then(Value::as_i64));
            Arc::new(numbers.collect::<Int64Array>())
        }
        DataType::Boolean => {
            let flags = given().map(|value| value.and_then(Value::as_bool));
            Arc::new(flags.collect::<BooleanArray>())
        }
        DataType::Struct(fields) => Arc::new(parts(fields, &given().collect::<Vec<_>>())?),
        DataType::List(element) => Arc::new(list(element, &given().collect::<Vec<_>>())?),
        DataType::Map(entries, _) => Arc::new(map(entries, &given().collect::<Vec<_>>())?),
        other => return Err(ArrowError::NotYetImplemented(format!("a column of type {other}"))),
    })
}

fn parts(fields: &Fields, values: &[Option<&Value>]) -> Result<StructArray, ArrowError> {
    let columns = fields.iter().map(|field| {
        let members = values.iter().map(|value| value.and_then(|value| value.get(field.name())));
        array(field.data_type(), &members.collect::<Vec<_>>())
    });
    let columns = columns.collect::<Result<_, _>>()?;
    StructArray::try_new(fields.clone(), columns, Some(presence(values)))
}

fn list(element: &FieldRef, values: &[Option<&Value>]) -> Result<ListArray, ArrowError> {
    let offsets = OffsetBuffer::from_lengths(values.iter().map(|value| items(*value).count()));
    let items: Vec<_> = values.iter().flat_map(|value| items(*value)).map(Some).collect();
    let items = array(element.data_type(), &items)?;
    ListArray::try_new(Arc::clone(element), offsets, items, Some(presence(values)))
}

fn map(entries: &FieldRef, values: &[Option<&Value>]) -> Result<MapArray, ArrowError> {
    let offsets = OffsetBuffer::from_lengths(values.iter().map(|value| members(*value).count()));
    let keys = values.iter().flat_map(|value| members(*value)).map(|(key, _)| Some(key.as_str()));
    let keys: ArrayRef = Arc::new(keys.collect::<StringArray>());
    let texts = values.iter().flat_map(|value| members(*value));
    let texts: Vec<_> = texts.map(|(_, text)| Some(text)).collect();
    let texts = array(&DataType::Utf8, &texts)?;
    let DataType::Struct(fields) = entries.data_type() else {
        return Err(ArrowError::SchemaError("the entries of a map are no structure".to_owned()));
    };
    let pairs = StructArray::try_new(fields.clone(), vec![keys, texts], None)?;
    MapArray::try_new(Arc::clone(entries), offsets, pairs, Some(presence(values)), false)
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn presence(values: &[Option<&Value>]) -> NullBuffer {
    values.iter().map(Option::is_some).collect()
}
