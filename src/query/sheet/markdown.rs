//! A table of Markdown, as GitHub and chats have it.

use std::io::{self, Write};

use super::Sheet;
use crate::query::value::Value;
use crate::terminal::spelled_out;

/// Writes a pipe table. A text cannot leave its cell or become markup.
#[derive(Debug)]
pub struct Markdown<W> {
    output: W,
}

impl<W: Write> Markdown<W> {
    /// No row yet.
    pub const fn new(output: W) -> Self {
        Markdown { output }
    }

    fn line(&mut self, cells: impl Iterator<Item = String>) -> io::Result<()> {
        let cells: Vec<_> = cells.collect();
        writeln!(self.output, "| {} |", cells.join(" | "))
    }
}

/// A text in a cell: line ends are `<br>`, and characters with a meaning in Markdown are escaped.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    let text = text.replace("\r\n", "\n");
    let mut characters = text.chars().peekable();
    let mut is_in_word = false;
    while let Some(character) = characters.next() {
        let next_is_word = characters.peek().is_some_and(|next| next.is_alphanumeric());
        match character {
            // In a key such as `flag_key`, it means nothing.
            '_' if is_in_word && next_is_word => cell.push('_'),
            '\n' => cell.push_str("<br>"),
            '<' => cell.push_str("&lt;"),
            '&' => cell.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' => cell.extend(['\\', character]),
            other => cell.push(other),
        }
        is_in_word = character.is_alphanumeric();
    }
    spelled_out(&cell)
}

impl<W: Write> Sheet for Markdown<W> {
    fn begin(&mut self, columns: &[String]) -> io::Result<()> {
        self.line(columns.iter().map(|name| cell(name)))?;
        self.line(columns.iter().map(|_| "---".to_owned()))
    }

    fn row(&mut self, row: &[Value<'_>]) -> io::Result<()> {
        let shown = |value: &Value<'_>| value.text().map_or("NULL".to_owned(), |text| cell(&text));
        self.line(row.iter().map(shown))
    }

    fn end(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::written;
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_cell() {
        let rows = [vec![Value::Text("a|b\n<i>\\\u{1b}[2J".into()), Value::Null]];
        let page = written(|out| Box::new(Markdown::new(out)), &["flag_key", "y"], &rows);
        let row = "| a\\|b<br>&lt;i>\\\\\\u{1b}\\[2J | NULL |\n";
        assert_eq!(page, format!("| flag_key | y |\n| --- | --- |\n{row}"));
        assert_eq!(cell("_a_ **b** a_"), "\\_a\\_ \\*\\*b\\*\\* a\\_");
    }
}
