//! The fields of a metric: from a row to the names and values of the API.

use serde_json::{Map, Value, json};

use crate::sync::cell::Cell;
use crate::sync::fields::{Field, Row};
use crate::sync::reason::{Reason, Rejection};

/// The kinds of values that fields take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Text,
    Boolean,
    Number,
    List,
    Urls,
}

/// A field of the API that one of ours fills.
#[derive(Clone, Copy, Debug)]
pub(super) struct ApiField {
    /// The position of our field in [`FIELDS`].
    pub position: usize,
    /// Its name in the API.
    pub name: &'static str,
    pub takes: Takes,
    /// The action that a change of it takes.
    pub action: &'static str,
    /// Whether it may change while an experiment uses the metric.
    pub is_harmless: bool,
    /// Whether LaunchDarkly takes it when a metric is created.
    pub on_creation: bool,
}

const fn field(name: &'static str, doc: &'static str) -> Field {
    Field { name, doc, required: false }
}

/// Our fields.
pub(super) const FIELDS: [Field; 18] = [
    Field { name: "key", doc: "The metric's key: the row key.", required: true },
    field("name", "Its name for people."),
    field("description", "Its description."),
    field("kind", "`custom` (the default), `pageview`, `click` or `trace`. It cannot change."),
    field("measure", "`occurrence`, `count` or `value`, in place of the next two."),
    field("is_numeric", "Whether events carry a value."),
    field("unit_aggregation_type", "`average`, `sum` or `count_distinct`."),
    field("event_key", "The key of the events that it counts."),
    field("unit", "The unit of the values."),
    field("success_criteria", "`HigherThanBaseline` or `LowerThanBaseline`."),
    field("analysis_type", "`mean` or `percentile`."),
    field("percentile_value", "The percentile, from 1 to 99."),
    field("analysis_units", "Context kinds: a JSON list, or names with commas."),
    field("tags", "Tags: a JSON list, or names with commas."),
    field("urls", "URLs: a JSON list as in the API, or one URL that must match exactly."),
    field("selector", "The CSS selector of a click metric."),
    field("maintainer_id", "The ID of the member who maintains it."),
    field("archived", "Whether it is archived."),
];

/// The position of the row key.
pub(super) const KEY: usize = 0;
const KIND: usize = 3;
const MEASURE: usize = 4;

const fn api(position: usize, name: &'static str, takes: Takes, action: &'static str) -> ApiField {
    ApiField { position, name, takes, action, is_harmless: false, on_creation: true }
}

const fn harmless(field: ApiField) -> ApiField {
    ApiField { is_harmless: true, ..field }
}

const fn later(field: ApiField) -> ApiField {
    ApiField { on_creation: false, ..field }
}

/// The fields of the API, with the actions of
/// <https://launchdarkly.com/docs/home/account/role-actions>.
pub(super) const API_FIELDS: [ApiField; 15] = [
    harmless(api(1, "name", Takes::Text, "updateName")),
    harmless(api(2, "description", Takes::Text, "updateDescription")),
    api(5, "isNumeric", Takes::Boolean, "updateNumeric"),
    api(6, "unitAggregationType", Takes::Text, "updateUnitAggregationType"),
    api(7, "eventKey", Takes::Text, "updateEventKey"),
    api(8, "unit", Takes::Text, "updateNumericUnit"),
    api(9, "successCriteria", Takes::Text, "updateNumericSuccess"),
    api(10, "analysisType", Takes::Text, "updateNumeric"),
    api(11, "percentileValue", Takes::Number, "updateNumeric"),
    api(12, "analysisUnits", Takes::List, "updateRandomizationUnits"),
    harmless(api(13, "tags", Takes::List, "updateTags")),
    api(14, "urls", Takes::Urls, "updateUrls"),
    api(15, "selector", Takes::Text, "updateSelector"),
    later(api(16, "maintainerId", Takes::Text, "updateMaintainer")),
    later(api(17, "archived", Takes::Boolean, "updateArchived")),
];

/// A member of a definition that is not one of the API: the aggregation of a metric of the measure
/// `value`, which is set on creation only.
pub(super) const AGGREGATION_ON_CREATION: &str = "aggregationOnCreation";

/// The definition that a row holds: fields of the API. A field that is to be emptied is null.
pub(super) fn definition(
    row: &Row<'_>,
    clears_nulls: bool,
) -> Result<Map<String, Value>, Rejection> {
    let mut fields = Map::new();
    if let Some(kind) = row.value(KIND) {
        fields.insert("kind".to_owned(), text(kind, "kind")?);
    }
    for field in &API_FIELDS {
        let name = FIELDS[field.position].name;
        let Some(cell) = row.get(field.position) else { continue };
        if !cell.is_null() {
            let value = value(field, cell).map_err(|why| why.of(name))?;
            fields.insert(field.name.to_owned(), value);
        } else if clears_nulls && can_be_empty(field) {
            fields.insert(field.name.to_owned(), Value::Null);
        }
    }
    if let Some(measure) = row.value(MEASURE) {
        set_measure(&text(measure, "measure")?, &mut fields)?;
    }
    Ok(fields)
}

/// A metric always has a name and, if it counts events, their key.
fn can_be_empty(field: &ApiField) -> bool {
    !matches!(field.name, "name" | "eventKey" | "isNumeric" | "archived")
}

fn text(cell: Cell<'_>, name: &str) -> Result<Value, Rejection> {
    cell.text().map(|text| Value::from(text.into_owned())).map_err(|why| why.of(name))
}

fn value(field: &ApiField, cell: Cell<'_>) -> Result<Value, Rejection> {
    Ok(match field.takes {
        Takes::Text => cell.text()?.into_owned().into(),
        Takes::Boolean => cell.boolean()?.into(),
        Takes::Number => cell.number()?.into(),
        Takes::List => cell.list()?.into(),
        Takes::Urls => urls(cell)?,
    })
}

/// Checks the key of a metric. `.` and `..` are in no address, so that they could not even be looked
/// for; all else is LaunchDarkly's to refuse.
///
/// # Errors
/// `bad_type` if no request can have it.
pub(super) fn check_key(key: &str) -> Result<(), Rejection> {
    if matches!(key, "." | "..") {
        return Err(Rejection::new(Reason::BadType, "key: no address has a part `.` or `..`"));
    }
    Ok(())
}

/// A JSON list as in the API, or one URL that must match exactly.
fn urls(cell: Cell<'_>) -> Result<Value, Rejection> {
    let (Cell::Json(text) | Cell::Text(text) | Cell::Untyped(text)) = cell else {
        return Err(Rejection::new(Reason::BadJson, "expected a JSON list, or one URL"));
    };
    if !text.trim_start().starts_with('[') {
        return Ok(json!([{"kind": "exact", "url": text}]));
    }
    let wrong = |_| Rejection::new(Reason::BadJson, "expected a JSON list of objects");
    serde_json::from_str::<Vec<Map<String, Value>>>(text).map(Value::from).map_err(wrong)
}

/// The words that LaunchDarkly's pages use for the type of a metric.
fn set_measure(measure: &Value, fields: &mut Map<String, Value>) -> Result<(), Rejection> {
    let (is_numeric, aggregation) = match measure.as_str().unwrap_or_default() {
        "occurrence" => (false, Some("average")),
        "count" => (false, Some("sum")),
        "value" => (true, None),
        _ => {
            let expected = "measure: expected `occurrence`, `count` or `value`";
            return Err(Rejection::new(Reason::BadType, expected));
        }
    };
    fields.insert("isNumeric".to_owned(), is_numeric.into());
    if fields.contains_key("unitAggregationType") {
        return Ok(());
    }
    let name = if aggregation.is_some() { "unitAggregationType" } else { AGGREGATION_ON_CREATION };
    fields.insert(name.to_owned(), aggregation.unwrap_or("average").into());
    Ok(())
}
