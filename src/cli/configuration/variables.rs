//! `${VARIABLE}` in the texts of the file.

use std::path::Path;

use toml::Value;

use super::wrong;
use crate::Result;

/// Replaces `${VARIABLE}` in every text.
pub(super) fn substituted(value: Value, path: &Path) -> Result<Value> {
    Ok(match value {
        Value::String(text) => Value::String(with_variables(&text, path)?),
        Value::Array(values) => {
            let values = values.into_iter().map(|value| substituted(value, path));
            Value::Array(values.collect::<Result<_>>()?)
        }
        Value::Table(table) => {
            let pairs = table.into_iter().map(|(key, value)| Ok((key, substituted(value, path)?)));
            Value::Table(pairs.collect::<Result<_>>()?)
        }
        other => other,
    })
}

fn with_variables(text: &str, path: &Path) -> Result<String> {
    let mut parts = text.split("${");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((name, rest)) = part.split_once('}') else {
            return Err(wrong(path, "`${` has no `}`"));
        };
        let value = std::env::var(name).map_err(|_| {
            wrong(path, format!("the environment variable `{name}` is not set, or is not text"))
        })?;
        result.push_str(&value);
        result.push_str(rest);
    }
    Ok(result)
}
