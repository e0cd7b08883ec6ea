//! The instructions of a change, as LaunchDarkly has them. Keys of individual targets are personal
//! data: they are counted, and never shown.

use serde_json::{Value, json};

use super::words::shortened;

/// The most members of a list that are shown.
const MOST_MEMBERS: usize = 10;

/// Fields of targets that hold one key.
const KEYS: [&str; 3] = ["contextKey", "userKey", "key"];

/// The instructions with the number of keys in place of those of individual targets.
pub fn counted(instructions: &[Value]) -> Vec<Value> {
    instructions.iter().map(without_keys).collect()
}

/// Each instruction as one line of JSON, with keys counted, and long texts and lists shortened.
pub fn lines(instructions: &[Value]) -> Vec<String> {
    instructions.iter().map(|one| brief(&without_keys(one)).to_string()).collect()
}

/// An instruction without the keys of individual targets.
fn without_keys(instruction: &Value) -> Value {
    let kind = instruction["kind"].as_str().unwrap_or_default().to_ascii_lowercase();
    let has_keys = kind.contains("target") || kind.contains("user");
    if has_keys { masked(instruction) } else { instruction.clone() }
}

/// A part of an instruction about targets. Their keys are the members of lists that are no objects,
/// and the fields that are named so.
fn masked(value: &Value) -> Value {
    match value {
        Value::Array(all) if all.iter().any(|one| !one.is_object()) => json!(all.len()),
        Value::Array(all) => all.iter().map(masked).collect(),
        Value::Object(fields) => Value::Object(fields.iter().map(masked_field).collect()),
        other => other.clone(),
    }
}

fn masked_field((name, value): (&String, &Value)) -> (String, Value) {
    let is_key = KEYS.contains(&name.as_str());
    (name.clone(), if is_key { json!(1) } else { masked(value) })
}

/// A value whose texts and lists are short.
fn brief(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(shortened(text)),
        Value::Array(all) => {
            let more = all.len().saturating_sub(MOST_MEMBERS);
            let more = (more > 0).then(|| json!(format!("… and {more} more")));
            all.iter().take(MOST_MEMBERS).map(brief).chain(more).collect()
        }
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), brief(value))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_targets_are_counted_wherever_they_are() {
        for (instruction, expected) in [
            (
                json!({"kind": "addTargets", "values": ["ann", "bob"], "variationId": "v"}),
                json!({"kind": "addTargets", "values": 2, "variationId": "v"}),
            ),
            (
                json!({"kind": "replaceUserTargets", "targets": [{"values": ["ann"]}]}),
                json!({"kind": "replaceUserTargets", "targets": [{"values": 1}]}),
            ),
            (
                json!({"kind": "addExpireUserTargetDate", "userKey": "ann", "value": 7}),
                json!({"kind": "addExpireUserTargetDate", "userKey": 1, "value": 7}),
            ),
            (
                json!({"kind": "addIncludedUsers", "values": [1]}),
                json!({"kind": "addIncludedUsers", "values": 1}),
            ),
        ] {
            assert_eq!(counted(std::slice::from_ref(&instruction)), [expected]);
            assert!(!lines(&[instruction]).concat().contains("ann"));
        }
    }

    #[test]
    fn other_instructions_are_as_they_are_and_long_values_are_shortened() {
        let rule = json!({"kind": "addRule", "clauses": [{"op": "in", "values": ["DE"]}]});
        let rules = [rule];
        assert_eq!(counted(&rules), rules);
        assert_eq!(lines(&rules), [rules[0].to_string()]);
        let long = json!({"kind": "addRule", "text": "x".repeat(200), "values": vec![1; 12]});
        let [line] = &lines(&[long])[..] else { panic!("one line") };
        assert!(line.contains("x…") && line.contains("… and 2 more"), "{line}");
        assert!(line.len() < 150, "{line}");
    }
}
