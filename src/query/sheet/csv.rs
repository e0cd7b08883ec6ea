//! CSV by RFC 4180, with a header.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Sheet;
use crate::query::value::Value;
use crate::terminal::spelled_out;

/// Writes CSV. NULL is an empty field, and an empty text is `""`.
#[derive(Debug)]
pub struct Csv<W> {
    output: W,
    /// Whether control characters are escaped, for a terminal.
    is_for_people: bool,
}

impl<W: Write> Csv<W> {
    /// No row yet.
    pub const fn new(output: W, is_for_people: bool) -> Self {
        Csv { output, is_for_people }
    }

    fn line<'t>(&mut self, fields: impl Iterator<Item = Option<Cow<'t, str>>>) -> io::Result<()> {
        let mut line = String::new();
        for (index, field) in fields.enumerate() {
            if index > 0 {
                line.push(',');
            }
            match field {
                Some(text) if self.is_for_people => push(&mut line, &spelled_out(&text)),
                Some(text) => push(&mut line, &text),
                None => {}
            }
        }
        // Many readers skip an empty line, which would be a row with one NULL.
        let line = if line.is_empty() { "\"\"" } else { &line };
        self.output.write_all(line.as_bytes())?;
        self.output.write_all(b"\r\n")
    }
}

/// Adds a field, in quotes where it needs them.
fn push(line: &mut String, text: &str) {
    let is_plain = !text.is_empty()
        && !text.contains(['"', ',', '\r', '\n'])
        && text.trim_matches([' ', '\t']).len() == text.len();
    if is_plain {
        line.push_str(text);
    } else {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    }
}

impl<W: Write> Sheet for Csv<W> {
    fn begin(&mut self, columns: &[String]) -> io::Result<()> {
        self.line(columns.iter().map(|name| Some(name.into())))
    }

    fn row(&mut self, row: &[Value<'_>]) -> io::Result<()> {
        self.line(row.iter().map(Value::text))
    }

    fn end(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::written;
    use super::*;

    fn text(text: &str) -> Value<'_> {
        Value::Text(text.into())
    }

    #[test]
    fn fields_are_quoted_where_they_need_it() {
        let rows = [
            vec![text("a,\"b\""), text(" c"), Value::Null],
            vec![text("line\nline"), text(""), Value::Number("7".into())],
        ];
        let csv = written(|out| Box::new(Csv::new(out, false)), &["x", "y", "z"], &rows);
        assert_eq!(csv, "x,y,z\r\n\"a,\"\"b\"\"\",\" c\",\r\n\"line\nline\",\"\",7\r\n");
    }

    #[test]
    fn a_row_is_never_an_empty_line() {
        let rows = [vec![Value::Null]];
        assert_eq!(written(|out| Box::new(Csv::new(out, false)), &["x"], &rows), "x\r\n\"\"\r\n");
    }

    #[test]
    fn a_terminal_gets_no_control_characters() {
        let rows = [vec![text("\u{1b}[2J")]];
        let csv = written(|out| Box::new(Csv::new(out, true)), &["x"], &rows);
        assert_eq!(csv, "x\r\n\\u{1b}[2J\r\n");
    }
}
