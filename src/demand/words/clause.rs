//! The conditions of rules, in words.

use serde::Deserialize;
use serde_json::Value;

use crate::model::time;

/// The most values of a clause that are shown.
const MOST_VALUES: usize = 10;

/// The clauses of a rule, all of which must be met.
pub fn clauses(clauses: &[Value]) -> String {
    if clauses.is_empty() {
        return "always".to_owned();
    }
    clauses.iter().map(clause).collect::<Vec<_>>().join(" and ")
}

/// A condition of a rule: <https://launchdarkly.com/docs/sdk/concepts/flag-evaluation-rules>.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Clause {
    #[serde(default)]
    attribute: String,
    op: String,
    values: Vec<Value>,
    #[serde(default)]
    negate: bool,
    context_kind: Option<String>,
}

/// A clause in words. One of another form is shown as it is.
fn clause(value: &Value) -> String {
    let Ok(clause) = Clause::deserialize(value) else { return value.to_string() };
    let values = values(&clause);
    if clause.op == "segmentMatch" {
        let is = if clause.negate { "is not" } else { "is" };
        return format!("{is} in the segment {values}");
    }
    let kind = clause.context_kind.as_deref().filter(|kind| *kind != "user");
    let kind = kind.map(|kind| format!("{kind} ")).unwrap_or_default();
    let op = operator(&clause);
    format!("{kind}`{}` {op} {values}", clause.attribute)
}

/// An operator in words. An unknown one is shown as it is.
fn operator(clause: &Clause) -> String {
    match (both_ways(clause), clause.negate) {
        (Some((is, _)), false) => is.to_owned(),
        (Some((_, is_not)), true) => is_not.to_owned(),
        (None, false) => clause.op.clone(),
        (None, true) => format!("not {}", clause.op),
    }
}

/// An operator that is known, and its negation.
fn both_ways(clause: &Clause) -> Option<(&'static str, &'static str)> {
    let several = clause.values.len() > 1;
    let words = match clause.op.as_str() {
        "in" if several => ("is one of", "is not one of"),
        "in" => ("is", "is not"),
        "startsWith" => ("starts with", "does not start with"),
        "endsWith" => ("ends with", "does not end with"),
        "contains" => ("contains", "does not contain"),
        "matches" => ("matches", "does not match"),
        "lessThan" => ("<", "is not <"),
        "lessThanOrEqual" => ("≤", "is not ≤"),
        "greaterThan" => (">", "is not >"),
        "greaterThanOrEqual" => ("≥", "is not ≥"),
        "before" => ("is before", "is not before"),
        "after" => ("is after", "is not after"),
        "semVerEqual" => ("is version", "is not version"),
        "semVerLessThan" => ("is a version below", "is not a version below"),
        "semVerGreaterThan" => ("is a version above", "is not a version above"),
        _ => return None,
    };
    Some(words)
}

/// The values of a clause. Operators that are known hold for any of them.
fn values(clause: &Clause) -> String {
    if clause.values.is_empty() {
        return "(no values)".to_owned();
    }
    let more = clause.values.len().saturating_sub(MOST_VALUES);
    let shown = clause.values.iter().take(MOST_VALUES).map(|value| shown(clause, value));
    let mut shown: Vec<_> = shown.collect();
    let is_any = match clause.op.as_str() {
        "in" => false,
        op => op == "segmentMatch" || both_ways(clause).is_some(),
    };
    if more > 0 {
        let last = if is_any { "or" } else { "and" };
        return format!("{} {last} {more} more", shown.join(", "));
    }
    match shown.pop() {
        Some(last) if is_any && !shown.is_empty() => format!("{} or {last}", shown.join(", ")),
        last => shown.into_iter().chain(last).collect::<Vec<_>>().join(", "),
    }
}

/// A value: a time where the operator compares times, and a text without quotes where it can be
/// told from everything else.
fn shown(clause: &Clause, value: &Value) -> String {
    let is_time = matches!(clause.op.as_str(), "before" | "after");
    let time = value.as_i64().filter(|_| is_time).and_then(|milliseconds| {
        let mut text = String::new();
        time::push(milliseconds, &mut text).map(|()| text)
    });
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => time.unwrap_or_else(|| other.to_string()),
    }
}

/// Whether a text has nothing that separates values or ends a clause, and is no other value.
fn is_plain(text: &str) -> bool {
    let separates = |one: char| one.is_whitespace() || r#",;"'`→"#.contains(one);
    let is_other = serde_json::from_str::<Value>(text).is_ok();
    !text.is_empty() && !text.contains(separates) && !is_other
}
