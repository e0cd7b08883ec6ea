//! Each field of each fixture, with each other type of JSON in its place: a lenient column is NULL
//! and noted, any other refuses the page. Which columns a field feeds is found by changing its
//! value within its type.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use flaglake::model::scope::Scope;
use flaglake::model::table::{Sink, TableInfo, Type, Value as Cell, Written};
use flaglake::resources::PageRows;
use flaglake::{catalog, resources};
use serde_json::{Value, json};

use super::fixture;
use crate::support::mutate::pointers;

type Rows = BTreeMap<(String, String), Vec<String>>;

/// The rows that a page was read into.
#[derive(Default)]
struct Page {
    rows: Rows,
    notes: BTreeSet<(String, String)>,
}

impl Sink for Page {
    fn write(&mut self, table: &'static str, cells: &[Cell<'_>]) -> flaglake::Result<Written> {
        let key = info(table).key.len();
        let cells: Vec<_> = cells.iter().map(|cell| format!("{cell:?}")).collect();
        self.rows.insert((table.to_owned(), cells[..key].join(" ")), cells);
        Ok(Written::Fresh)
    }

    fn note_unexpected(
        &mut self,
        table: &'static str,
        column: &'static str,
        _: &[Cell<'_>],
    ) -> flaglake::Result<()> {
        self.notes.insert((table.to_owned(), column.to_owned()));
        Ok(())
    }

    fn wants(&self, _: &str) -> bool {
        true
    }
}

fn info(table: &str) -> &'static TableInfo {
    static TABLES: LazyLock<Vec<TableInfo>> = LazyLock::new(catalog::tables);
    TABLES.iter().find(|one| one.name == table).unwrap()
}

fn read(resource: &dyn PageRows, page: &Value) -> Option<Page> {
    let mut read = Page::default();
    let scope = match resource.name() {
        "team_maintainers" | "team_roles" => Scope::team("checkout"),
        _ => Scope::environment("web", "production"),
    };
    resource.extract(page.to_string().as_bytes(), &scope, &mut read).ok().map(|()| read)
}

fn with(page: &Value, pointer: &str, value: Value) -> Value {
    let mut page = page.clone();
    *page.pointer_mut(pointer).unwrap() = value;
    page
}

/// Other values of the same type.
fn alike(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(value) => vec![json!(!value)],
        Value::Number(number) if number.is_f64() => vec![json!(0.25)],
        Value::Number(number) => vec![json!(number.as_i64().map_or(1, |number| number - 1))],
        Value::String(text) => {
            let times = ["2001-02-03T04:05:06Z".to_owned(), "https://example.org/x".to_owned()];
            [format!("{text}x")].into_iter().chain(times).map(Value::from).collect()
        }
        Value::Null | Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}

fn others(value: &Value) -> Vec<Value> {
    let all = [json!(true), json!(7.5), json!("word"), json!([]), json!({})];
    let kind = std::mem::discriminant::<Value>;
    all.into_iter().filter(|other| kind(other) != kind(value)).collect()
}

/// The columns that differ; a row that only one page has counts as its key.
fn differences(before: &Rows, after: &Rows) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (key, _) in before.iter().chain(after) {
        let table = info(&key.0);
        let (Some(old), Some(new)) = (before.get(key), after.get(key)) else {
            found.insert((key.0.clone(), table.key.last().unwrap().to_string()));
            continue;
        };
        for (column, (old, new)) in table.columns.iter().zip(old.iter().zip(new)) {
            if old != new {
                found.insert((key.0.clone(), column.name.to_owned()));
            }
        }
    }
    found
}

/// The columns that the value at `pointer`, or anything in it, feeds.
fn fed(resource: &dyn PageRows, page: &Value, pointer: &str) -> BTreeSet<(String, String)> {
    let before = read(resource, page).unwrap().rows;
    let inside = pointers(page.pointer(pointer).unwrap());
    let places = inside.iter().map(|inner| format!("{pointer}{inner}"));
    let changed = places.flat_map(|place| {
        let values = alike(page.pointer(&place).unwrap());
        values.into_iter().map(move |value| with(page, &place, value))
    });
    changed
        .filter_map(|page| read(resource, &page))
        .flat_map(|after| differences(&before, &after.rows))
        .collect()
}

fn column(place: &(String, String)) -> flaglake::model::table::ColumnInfo {
    let table = info(&place.0);
    table.columns[table.position(&place.1).unwrap()]
}

fn is_key((table, column): &(String, String)) -> bool {
    info(table).key.contains(&column.as_str())
}

/// Whether the value at `pointer` is a list or a map of rows, or one of them.
fn decides_rows(resource: &dyn PageRows, page: &Value, pointer: &str, rows: &Rows) -> bool {
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    [pointer, parent].into_iter().filter(|place| is_in_an_item(place)).any(|place| {
        let empty = match page.pointer(place).unwrap() {
            Value::Array(_) => json!([]),
            Value::Object(_) => json!({}),
            _ => return false,
        };
        let emptied = read(resource, &with(page, place, empty));
        emptied.is_some_and(|after| !after.rows.keys().eq(rows.keys()))
    })
}

/// The reason why the page with `other` at `pointer` is not read as the definitions say, if any.
fn fault(
    resource: &dyn PageRows,
    page: &Value,
    pointer: &str,
    fed: &BTreeSet<(String, String)>,
    other: Value,
) -> Option<String> {
    let before = read(resource, page).unwrap();
    let is_lenient = !fed.is_empty()
        && fed.iter().all(|place| column(place).lenient)
        && !decides_rows(resource, page, pointer, &before.rows);
    let Some(after) = read(resource, &with(page, pointer, other)) else {
        return is_lenient.then(|| format!("refused, but {fed:?} decide nothing"));
    };
    let json = |place: &(String, String)| column(place).ty == Type::Json;
    let is_noted = |place: &(String, String)| {
        let mut notes = after.notes.iter().filter(|note| note.0 == place.0);
        notes.any(|note| note == place || is_key(note) || is_key(place))
    };
    let noted = |place: &&(String, String)| !is_noted(place) && !json(place);
    let changed = differences(&before.rows, &after.rows);
    if let Some(silent) = changed.iter().find(noted) {
        return Some(format!("{silent:?} changed in silence"));
    }
    let silent = fed.iter().filter(|place| column(place).lenient).find(noted)?;
    Some(format!("{silent:?} is not noted"))
}

#[test]
fn every_field_of_another_type_does_what_its_columns_say() {
    let (mut faults, mut nulls) = (Vec::new(), BTreeSet::new());
    for resource in resources::ALL {
        let page: Value = serde_json::from_slice(&fixture(*resource)).unwrap();
        for pointer in pointers(&page).iter().filter(|pointer| is_in_an_item(pointer)) {
            let value = page.pointer(pointer).unwrap();
            // A verdict that is `true` or `false` was seen: it says nothing of either question.
            if value.is_null() || pointer.ends_with("/stale") {
                continue;
            }
            let fed = fed(*resource, &page, pointer);
            for other in others(value) {
                let case = format!("{}{pointer} = {other}", resource.name());
                if let Some(after) = read(*resource, &with(&page, pointer, other.clone())) {
                    nulls.extend(after.notes);
                }
                let fault = fault(*resource, &page, pointer, &fed, other);
                faults.extend(fault.map(|fault| format!("{case}: {fault}")));
            }
        }
    }
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
    let lenient = resources::tables().into_iter().flat_map(|table| {
        let columns = table.columns.into_iter().filter(|column| column.lenient);
        columns.map(move |column| (table.name.to_owned(), column.name.to_owned()))
    });
    let never: Vec<_> = lenient.filter(|column| !nulls.contains(column)).collect();
    assert!(never.is_empty(), "never NULL: {never:?}");
}

/// Fields outside the items are tested elsewhere.
fn is_in_an_item(pointer: &str) -> bool {
    let starts = ["/items/", "/flags/"];
    starts.iter().any(|start| pointer.starts_with(start)) && pointer.matches('/').count() > 2
}

/// The result of reading a fixture whose first item is `changed`.
fn read_with(name: &str, changed: &Value) -> Page {
    let resource = resources::ALL.iter().find(|resource| resource.name() == name).unwrap();
    let mut page: Value = serde_json::from_slice(&fixture(*resource)).unwrap();
    let item = &mut page["items"][0];
    if let Some(fields) = changed.as_object() {
        item.as_object_mut().unwrap().extend(fields.clone());
    } else {
        *item = changed.clone();
    }
    read(*resource, &page).unwrap_or_else(|| panic!("{name} is refused with {changed}"))
}

#[test]
fn an_empty_identifier_in_a_list_makes_no_row() {
    let maintainers = json!({"totalCount": 1, "items": [{"_id": "", "email": "", "role": "r"}]});
    let empty = json!(r#"Text("")"#);
    for (resource, changed) in [
        ("tags", json!("")),
        ("flags", json!({"tags": ["", "a"]})),
        ("environments", json!({"tags": ["", "a"]})),
        ("projects", json!({"tags": [""]})),
        ("segments", json!({"tags": [""]})),
        ("metrics", json!({"tags": [""]})),
        ("members", json!({"customRoles": ["", "r"], "teams": [{"key": ""}]})),
        ("access_tokens", json!({"customRoleIds": [""]})),
        ("team_maintainers", json!({"_id": "", "email": ""})),
        ("teams", json!({"maintainers": maintainers})),
    ] {
        let page = read_with(resource, &changed);
        for (table, key) in page.rows.keys() {
            assert!(!key.contains(empty.as_str().unwrap()), "{table}: {key}");
        }
    }
    let kept = read_with("flags", &json!({"tags": ["", "a"]})).rows;
    assert!(kept.keys().any(|(table, key)| table == "flag_tags" && key.ends_with(r#"Text("a")"#)));
}

#[test]
fn a_member_without_an_address_is_a_member() {
    let column = info("members").columns.iter().position(|column| column.name == "email").unwrap();
    for (email, is_noted) in [(json!(""), false), (Value::Null, true), (json!(7), true)] {
        let page = read_with("members", &json!({"_id": "m1", "email": email}));
        let row =
            page.rows.iter().find(|((table, key), _)| table == "members" && key.contains("m1"));
        assert_eq!(row.unwrap().1[column], "Null", "{email}");
        assert_eq!(page.notes.contains(&("members".into(), "email".into())), is_noted, "{email}");
    }
}

#[test]
fn a_time_of_change_that_is_none_costs_no_flag() {
    let resource = resources::ALL.iter().find(|resource| resource.name() == "flags").unwrap();
    let page: Value = serde_json::from_slice(&fixture(*resource)).unwrap();
    let environments = page["items"][0]["environments"].as_object().unwrap();
    let name = environments.keys().next().unwrap();
    let pointer = format!("/items/0/environments/{name}/lastModified");
    for time in [json!("2020"), Value::Null, json!({})] {
        let page = read(*resource, &with(&page, &pointer, time)).unwrap();
        let note = ("flag_environments".to_owned(), "last_modified_at".to_owned());
        assert!(page.notes.contains(&note), "{:?}", page.notes);
    }
}
