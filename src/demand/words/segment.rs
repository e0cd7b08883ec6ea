//! The rules of segments, in words.

use serde_json::Value;

use super::clause::clauses;
use super::{percent, plural, spelled_by};

/// Whom a rule of a segment includes: "`email` ends with @example.com, 25 % of users". `rule` is one
/// of the `rules` of `segments show`.
pub fn segment_rule(rule: &Value) -> String {
    let when = clauses(rule["clauses"].as_array().map_or(&[], Vec::as_slice));
    let Some(weight) = rule["weight"].as_i64() else { return when };
    let kind = rule["rollout_context_kind"].as_str().unwrap_or("user");
    let by = rule["bucket_by"].as_str().filter(|by| !matches!(*by, "key" | "")).map(spelled_by);
    format!("{when}, {} % of {}{}", percent(weight), plural(kind), by.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rule_says_whom_it_includes() {
        let clauses = json!([{"attribute": "email", "op": "endsWith", "values": ["@a.example"]}]);
        let mut rule = json!({"clauses": clauses, "weight": null, "rollout_context_kind": "user"});
        assert_eq!(segment_rule(&rule), "`email` ends with @a.example");
        rule["weight"] = json!(12_500);
        let expected = "`email` ends with @a.example, 12.5 % of users";
        assert_eq!(segment_rule(&rule), expected);
        rule["bucket_by"] = json!("team");
        assert_eq!(segment_rule(&rule), format!("{expected} (divided by `team`)"));
        rule["clauses"] = json!([{"op": "isNew", "values": []}]);
        assert!(segment_rule(&rule).starts_with("`` isNew"), "an unknown clause is shown");
    }
}
