//! JSON Lines: one object a line, whose members are the columns.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Blocking, Each, Rows, reader, unreadable};
use crate::Result;
use crate::sync::cell::Cell;

/// The longest line that is read, in bytes.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

struct JsonLines {
    reader: BufReader<Box<dyn Read>>,
    place: String,
}

/// Opens a file.
pub(super) fn open(place: &str) -> Result<Box<dyn Rows>> {
    let reader = BufReader::with_capacity(64 * 1024, reader(place)?);
    Ok(Box::new(JsonLines { reader, place: place.to_owned() }))
}

/// The members of a line.
#[derive(Deserialize)]
struct Line<'l>(#[serde(borrow)] HashMap<Cow<'l, str>, &'l RawValue>);

impl Blocking for JsonLines {
    fn columns(&self) -> Option<&[String]> {
        None
    }

    fn read(mut self, wanted: &[String], each: &mut Each<'_>) -> Result<()> {
        let (mut line, mut number) = (Vec::new(), 0);
        while self.line(&mut line)? {
            number += 1;
            let text = line.trim_ascii();
            // A line that is cut short is no bad row: its writer has stopped early.
            if !text.is_empty() && !row(text, wanted, each)? {
                return Err(unreadable(&self.place, format!("line {number} is no JSON object")));
            }
        }
        Ok(())
    }
}

impl JsonLines {
    /// Reads a line; returns false at the end.
    fn line(&mut self, line: &mut Vec<u8>) -> Result<bool> {
        line.clear();
        let mut limited = (&mut self.reader).take(LONGEST_LINE);
        let read =
            limited.read_until(b'\n', line).map_err(|error| unreadable(&self.place, error))?;
        if read as u64 == LONGEST_LINE {
            return Err(unreadable(&self.place, "a line is longer than 16 MiB"));
        }
        // A byte order mark may start the file.
        if line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        Ok(read > 0)
    }
}

/// Returns whether the line is a JSON object.
fn row(text: &[u8], wanted: &[String], each: &mut Each<'_>) -> Result<bool> {
    let Ok(Line(members)) = serde_json::from_slice(text) else { return Ok(false) };
    // Texts with escapes are decoded here, since a cell borrows.
    let texts: Vec<Option<Cow<'_, str>>> = wanted
        .iter()
        .map(|name| members.get(name.as_str()).and_then(|raw| decoded(raw.get())))
        .collect();
    let cell = |(name, text): (&String, &'_ Option<Cow<'_, str>>)| match text {
        Some(_) => None,
        None => members.get(name.as_str()).map(|raw| other(raw.get())),
    };
    let others: Vec<_> = wanted.iter().zip(&texts).map(cell).collect();
    let cells: Vec<_> = texts
        .iter()
        .zip(&others)
        .map(|(text, other)| match (text, other) {
            (Some(text), _) => Cell::Text(text),
            (None, Some(other)) => *other,
            (None, None) => Cell::Absent,
        })
        .collect();
    each(&cells).map(|()| true)
}

/// The text of a JSON string.
fn decoded(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?;
    if !inner.contains('\\') {
        return inner.strip_suffix('"').map(Cow::Borrowed);
    }
    serde_json::from_str(raw).ok().map(Cow::Owned)
}

/// A JSON value that is no string.
fn other(raw: &str) -> Cell<'_> {
    match raw {
        "null" => Cell::Null,
        "true" => Cell::Bool(true),
        "false" => Cell::Bool(false),
        _ if raw.starts_with(['{', '[']) => Cell::Json(raw),
        _ => raw.parse().map_or_else(|_| real(raw), Cell::Int),
    }
}

fn real(raw: &str) -> Cell<'_> {
    raw.parse().map_or(Cell::Other("a number that cannot be read"), Cell::Real)
}
