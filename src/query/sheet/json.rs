//! One object, `{"items": […]}`, as the lists of other commands are. Each row is a line.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::Sheet;
use crate::query::value::Value;
use crate::terminal::escaped_json;
use crate::{Error, Result};

/// Writes JSON.
#[derive(Debug)]
pub struct Json<W> {
    output: W,
    /// The names, as JSON.
    names: Vec<String>,
    has_rows: bool,
}

impl<W: Write> Json<W> {
    /// No row yet.
    pub const fn new(output: W) -> Self {
        Json { output, names: Vec::new(), has_rows: false }
    }
}

fn string(text: &str) -> String {
    escaped_json(&serde_json::Value::from(text).to_string())
}

/// Numbers are digit for digit.
fn json(value: &Value<'_>) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.text().unwrap_or_default().into_owned(),
        Value::Text(_) | Value::Bytes(_) => string(&value.text().unwrap_or_default()),
    }
}

impl<W: Write> Sheet for Json<W> {
    fn check(&self, columns: &[String]) -> Result<()> {
        let mut seen = BTreeSet::new();
        let twice = columns.iter().find(|name| !seen.insert(*name));
        twice.map_or(Ok(()), |name| {
            Err(Error::usage(format!("two columns of the result are called `{name}`"))
                .hint("in JSON, each needs a name of its own: `SELECT … AS name`"))
        })
    }

    fn begin(&mut self, columns: &[String]) -> io::Result<()> {
        self.names = columns.iter().map(|name| string(name)).collect();
        self.output.write_all(b"{\"items\":[")
    }

    fn row(&mut self, row: &[Value<'_>]) -> io::Result<()> {
        let start = if self.has_rows { ",\n{" } else { "\n{" };
        self.has_rows = true;
        let pairs =
            self.names.iter().zip(row).map(|(name, value)| format!("{name}:{}", json(value)));
        let pairs: Vec<_> = pairs.collect();
        write!(self.output, "{start}{}}}", pairs.join(","))
    }

    fn end(&mut self) -> io::Result<()> {
        self.output.write_all(if self.has_rows { b"\n]}\n" } else { b"]}\n" })?;
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::written;
    use super::*;

    #[test]
    fn values_keep_their_digits_and_their_type() {
        let rows = [vec![
            Value::Number("9223372036854775807".into()),
            Value::Text("\u{1b}\"ä".into()),
            Value::Bytes(b"\xff"[..].into()),
            Value::Null,
        ]];
        let json = written(|out| Box::new(Json::new(out)), &["a", "b", "c", "d"], &rows);
        let row = r#"{"a":9223372036854775807,"b":"\u001b\"ä","c":"ff","d":null}"#;
        assert_eq!(json, format!("{{\"items\":[\n{row}\n]}}\n"));
        assert_eq!(written(|out| Box::new(Json::new(out)), &["a"], &[]), "{\"items\":[]}\n");
    }

    #[test]
    fn two_columns_of_one_name_are_refused() {
        let columns = ["a", "b", "a"].map(str::to_owned);
        let error = Json::new(Vec::new()).check(&columns).unwrap_err();
        assert!(error.to_string().contains("`a`"), "{error}");
    }
}
