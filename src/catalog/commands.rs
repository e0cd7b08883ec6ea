//! What commands print with `--format json`, as a JSON Schema.
//!
//! Rows of tables have all columns of their table. What commands add to them is defined here; a test
//! compares it with what they print.

use serde_json::{Map, Value, json};

use crate::model::table::{ColumnInfo, TableInfo, Type};
use crate::resources;

/// The columns that say which flag a row is of.
const OF_FLAG: [&str; 3] = ["project_key", "flag_key", "environment_key"];
/// The columns that say which segment a row is of.
const OF_SEGMENT: [&str; 3] = ["project_key", "environment_key", "segment_key"];

/// What an instruction of a request is.
const INSTRUCTION: &str =
    "An instruction as LaunchDarkly has it, with the number of keys in place of those of targets.";

/// The text of `commands.json`.
pub fn schema() -> String {
    let lists = LISTS.iter().map(|(command, table)| ((*command).to_owned(), list(row(table, &[]))));
    let mut definitions: Map<String, Value> = lists.collect();
    for (command, definition) in others() {
        definitions.insert(command.to_owned(), definition);
    }
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What commands of flaglake print with --format json",
        "description": "One definition for each command. Fields have the names of the tables' columns; times are UTC.",
        "$defs": definitions,
    });
    format!("{document:#}\n")
}

/// The lists whose items are rows of a table.
const LISTS: [(&str, &str); 7] = [
    ("projects_list", "projects"),
    ("environments_list", "environments"),
    ("segments_list", "segments"),
    ("metrics_list", "metrics"),
    ("members_list", "members"),
    ("approvals_list", "approval_requests"),
    ("audit_log_list", "audit_log_entries"),
];

fn others() -> [(&'static str, Value); 13] {
    [
        ("flags_list", list(flag_of_list())),
        ("flags_show", object(flag())),
        ("flags_on", object(toggle())),
        ("flags_off", object(toggle())),
        ("flags_archive", object(archive())),
        ("flags_restore", object(archive())),
        ("segments_show", object(segment())),
        ("approvals_show", object(approval())),
        ("approvals_apply", object(application())),
        ("approvals_withdraw", object(application())),
        ("check", array(object(check()))),
        ("doctor", array(object(finding()))),
        (
            "query",
            list(
                json!({ "type": "object", "description": "A column of the result for each field." }),
            ),
        ),
    ]
}

/// The fields of an object, by name. Those of a name that ends in `?` may be missing.
type Fields = Vec<(String, Value)>;

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Fields {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The columns of a table.
fn columns(table: &str, without: &[&str]) -> Fields {
    let tables: Vec<TableInfo> = resources::tables();
    let found = tables.into_iter().find(|info| info.name == table);
    let columns = found.map(|info| info.columns).unwrap_or_default();
    let columns = columns.iter().filter(|column| !without.contains(&column.name));
    columns.map(|column| (column.name.to_owned(), of_column(column))).collect()
}

fn of_column(column: &ColumnInfo) -> Value {
    let mut value = match column.ty {
        Type::Text => json!({ "type": "string" }),
        Type::Int => json!({ "type": "integer" }),
        Type::Real => json!({ "type": "number" }),
        Type::Bool => json!({ "type": "boolean" }),
        Type::Time => time(),
        Type::Json => json!({}),
    };
    if column.nullable {
        value = or_null(value);
    }
    value["description"] = json!(column.doc);
    value
}

fn row(table: &str, without: &[&str]) -> Value {
    object(columns(table, without))
}

/// A row of the list of flags; the last fields are there with `--environment` only.
fn flag_of_list() -> Value {
    let mut all = columns("flags", &[]);
    all.extend(fields([
        ("environment_key?", text("Key of the environment.")),
        ("is_on?", or_null(json!({ "type": "boolean" }))),
        ("status?", or_null(text("Its status there."))),
        ("last_requested_at?", or_null(time())),
    ]));
    object(all)
}

fn flag() -> Fields {
    let entries = row("audit_log_entries", &[]);
    let mut all = columns("flags", &[]);
    all.extend(fields([
        ("tags", array(text("A tag."))),
        ("variations", array(row("flag_variations", &OF_FLAG))),
        ("custom_properties", array(row("flag_custom_properties", &OF_FLAG))),
        ("environments", array(object(configuration()))),
        ("audit_log_entries", known(array(entries), "The newest entries about the flag.")),
        ("url", text("Address of the flag's page.")),
    ]));
    all
}

fn configuration() -> Fields {
    let mut all = columns("flag_environments", &OF_FLAG[..2]);
    let requests = ["approval_request_id", "status", "review_status"].map(|name| (name, plain()));
    let mut request = fields(requests);
    request
        .extend(fields([("description", or_null(plain())), ("instruction_kinds", array(plain()))]));
    let change = fields([
        ("scheduled_change_id", plain()),
        ("execution_at", time()),
        ("instruction_kinds", array(plain())),
    ]);
    all.extend(fields([
        ("serves", text("What the flag serves, in words.")),
        ("status", or_null(plain())),
        ("last_requested_at", or_null(time())),
        ("rules", array(row("flag_rules", &OF_FLAG))),
        ("rollouts", array(row("flag_rollouts", &OF_FLAG))),
        ("targets", array(row("flag_targets", &OF_FLAG))),
        ("prerequisites", array(row("flag_prerequisites", &OF_FLAG))),
        ("dependent_flag_keys", known(array(plain()), "Flags that depend on this one.")),
        ("approval_requests", known(array(object(request)), "Requests that wait.")),
        ("scheduled_changes", known(array(object(change)), "Changes that wait.")),
    ]));
    all
}

fn toggle() -> Fields {
    let outcomes = ["changed", "unchanged", "requested", "pending"];
    let mut all = changed(&outcomes);
    all.extend(fields([
        ("environment_key", plain()),
        ("is_on?", json!({ "type": "boolean" })),
        ("version?", json!({ "type": "integer" })),
        ("serves?", text("What the flag serves now, in words.")),
        ("approval_request_id?", text("The request that was made or found.")),
        ("review_status?", plain()),
    ]));
    all
}

fn archive() -> Fields {
    let mut all = changed(&["changed", "unchanged"]);
    all.extend(fields([("state", plain()), ("version", json!({ "type": "integer" }))]));
    all
}

/// The fields of every change of a flag.
fn changed(outcomes: &[&str]) -> Fields {
    fields([
        ("outcome", json!({ "enum": outcomes })),
        ("project_key", plain()),
        ("flag_key", plain()),
        ("url", text("Address of the flag's page.")),
    ])
}

fn segment() -> Fields {
    let mut all = columns("segments", &[]);
    all.extend(fields([
        ("tags", array(text("A tag."))),
        ("rules", array(row("segment_rules", &OF_SEGMENT))),
        ("flags", array(row("segment_flags", &OF_SEGMENT))),
    ]));
    all
}

fn approval() -> Fields {
    let mut all = columns("approval_requests", &[]);
    all.extend(fields([
        ("instruction_kinds", array(plain())),
        ("instructions", array(json!({ "description": INSTRUCTION }))),
        ("reviews", array(row("approval_reviews", &["approval_request_id"]))),
    ]));
    all
}

fn application() -> Fields {
    fields([
        ("outcome", json!({ "enum": ["changed", "unchanged"] })),
        ("approval_request_id", plain()),
        ("status", plain()),
        ("review_status", plain()),
        ("resource", or_null(text("What the request changes."))),
        ("execution_at?", time()),
        ("project_key?", plain()),
        ("flag_key?", plain()),
        ("environment_key?", plain()),
        ("is_on?", json!({ "type": "boolean" })),
        ("version?", json!({ "type": "integer" })),
        ("serves?", text("What the flag serves now, in words.")),
    ])
}

fn check() -> Fields {
    fields([
        ("check", text("`connection`, a resource, or a kind of write.")),
        ("outcome", json!({ "enum": ["passed", "skipped", "failed"] })),
        ("message", plain()),
        ("code", or_null(text("The code of the error."))),
        ("hint", or_null(plain())),
        ("status", or_null(json!({ "type": "integer", "description": "The HTTP status." }))),
    ])
}

fn finding() -> Fields {
    fields([
        ("name", text("What was looked at. Several findings may have the same name.")),
        (
            "output",
            or_null(text(
                "The output that it is about; null where it is about none, or about a disk.",
            )),
        ),
        ("level", json!({ "enum": ["ok", "warning", "problem"] })),
        ("message", plain()),
        ("hint", or_null(plain())),
        ("code", or_null(text("The code of the error, of a problem."))),
    ])
}

fn object(fields: Fields) -> Value {
    let is_optional = |name: &str| name.ends_with('?');
    let required: Vec<_> =
        fields.iter().map(|(name, _)| name.clone()).filter(|name| !is_optional(name)).collect();
    let named = |(name, value): (String, Value)| (name.trim_end_matches('?').to_owned(), value);
    json!({
        "type": "object",
        "properties": fields.into_iter().map(named).collect::<Map<_, _>>(),
        "required": required,
        "additionalProperties": false,
    })
}

fn array(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn list(items: Value) -> Value {
    object(fields([("items", array(items))]))
}

fn plain() -> Value {
    json!({ "type": "string" })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

/// A time as the SQLite output has it.
fn time() -> Value {
    let pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$";
    json!({ "type": "string", "format": "date-time", "pattern": pattern })
}

/// What is NULL where the token may not read it.
fn known(value: Value, description: &str) -> Value {
    let mut value = or_null(value);
    value["description"] = json!(format!("{description} NULL where the token may not read them."));
    value
}

/// Anything of a type may be NULL, too. What has no type may be it in any case.
fn or_null(mut value: Value) -> Value {
    if let Some(ty) = value.get("type").cloned() {
        value["type"] = json!([ty, "null"]);
    }
    value
}
