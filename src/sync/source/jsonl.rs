//! JSON Lines: one object a line, whose members are the columns.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{Blocking, Each, NOT_TEXT, Rows, reader, unreadable};
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

/// The members of a line. One that is there twice has no value: which of them is meant is not known.
struct Line<'l>(HashMap<String, Option<&'l RawValue>>);

impl<'l> Deserialize<'l> for Line<'l> {
    fn deserialize<D: Deserializer<'l>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(LineVisitor)
    }
}

struct LineVisitor;

impl<'l> Visitor<'l> for LineVisitor {
    type Value = Line<'l>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'l>>(self, mut access: A) -> std::result::Result<Line<'l>, A::Error> {
        let mut members = HashMap::new();
        while let Some((name, value)) = access.next_entry::<String, &'l RawValue>()? {
            let value = if members.contains_key(&name) { None } else { Some(value) };
            members.insert(name, value);
        }
        Ok(Line(members))
    }
}

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

/// Returns whether the line is a JSON object. Only the members that are wanted need be text.
fn row(line: &[u8], wanted: &[String], each: &mut Each<'_>) -> Result<bool> {
    let (text, mark) = marked(line);
    let Ok(Line(members)) = serde_json::from_str(&text) else { return Ok(false) };
    // Texts with escapes are decoded here, since a cell borrows.
    let values: Vec<_> = wanted
        .iter()
        .map(|name| members.get(name.as_str()).map(|raw| Member::of(*raw, mark)))
        .collect();
    let cells: Vec<_> =
        values.iter().map(|value| value.as_ref().map_or(Cell::Absent, Member::cell)).collect();
    each(&cells).map(|()| true)
}

/// The line as text. Where it has bytes that are not UTF-8, a character that it does not have stands
/// in for them.
fn marked(line: &[u8]) -> (Cow<'_, str>, Option<char>) {
    let text = String::from_utf8_lossy(line);
    let Cow::Owned(text) = text else { return (text, None) };
    let Some(mark) = ('\u{e000}'..='\u{f8ff}').find(|mark| !text.contains(*mark)) else {
        return (Cow::Owned(text), Some(char::REPLACEMENT_CHARACTER));
    };
    let mut all = String::with_capacity(text.len());
    for chunk in line.utf8_chunks() {
        all.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            all.push(mark);
        }
    }
    (Cow::Owned(all), Some(mark))
}

/// The value of a member.
enum Member<'l> {
    Text(Cow<'l, str>),
    Other(Cell<'l>),
}

impl<'l> Member<'l> {
    /// The value that is written as `raw`. A `mark` in it stands for bytes that are not UTF-8.
    fn of(raw: Option<&'l RawValue>, mark: Option<char>) -> Self {
        let Some(raw) = raw.map(RawValue::get) else { return Member::Other(TWICE) };
        if mark.is_some_and(|mark| raw.contains(mark)) {
            return Member::Other(NOT_TEXT);
        }
        let Some(inner) = raw.strip_prefix('"') else { return Member::Other(other(raw)) };
        match inner.strip_suffix('"').filter(|inner| !inner.contains('\\')) {
            Some(text) => Member::Text(Cow::Borrowed(text)),
            None => serde_json::from_str(raw).map_or(Member::Other(HALF), Member::Text),
        }
    }

    fn cell(&self) -> Cell<'_> {
        match self {
            Member::Text(text) => Cell::Text(text),
            Member::Other(cell) => *cell,
        }
    }
}

/// Readers of JSON differ in which one they take.
const TWICE: Cell<'static> = Cell::Other("a member that is there twice");

/// `\ud800` without the half that follows it is no character.
const HALF: Cell<'static> = Cell::Other("a text with half of a surrogate pair");

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
