//! The conditions of rules, in words.

use serde::Deserialize;
use serde_json::Value;

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
    let values = values(&clause.values);
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
    let several = clause.values.len() > 1;
    let (is, is_not) = match clause.op.as_str() {
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
        other if clause.negate => return format!("not {other}"),
        other => return other.to_owned(),
    };
    if clause.negate { is_not } else { is }.to_owned()
}

fn values(values: &[Value]) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let shown: Vec<_> = values.iter().take(MOST_VALUES).map(text).collect();
    let more = values.len().saturating_sub(MOST_VALUES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
