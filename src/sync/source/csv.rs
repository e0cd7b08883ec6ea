//! CSV with a line of column names: every value is text, and no value is NULL.

use csv::{ByteRecord, ReaderBuilder};

use super::{Blocking, Each, NOT_TEXT, Rows, reader, unreadable};
use crate::Result;
use crate::sync::cell::Cell;

struct Csv {
    reader: csv::Reader<Box<dyn std::io::Read>>,
    columns: Vec<String>,
    place: String,
}

/// Opens a file, and reads its first line.
pub(super) fn open(place: &str) -> Result<Box<dyn Rows>> {
    let mut reader = ReaderBuilder::new().from_reader(reader(place)?);
    let columns = reader.byte_headers().map_err(|error| unreadable(place, error))?;
    let name = |bytes| String::from_utf8_lossy(bytes).trim().to_owned();
    let columns = columns.iter().map(name).collect();
    Ok(Box::new(Csv { reader, columns, place: place.to_owned() }))
}

impl Blocking for Csv {
    fn columns(&self) -> Option<&[String]> {
        Some(&self.columns)
    }

    fn read(mut self, wanted: &[String], each: &mut Each<'_>) -> Result<()> {
        let position = |name: &String| self.columns.iter().position(|column| column == name);
        let positions: Vec<_> = wanted.iter().map(position).collect();
        let mut record = ByteRecord::new();
        loop {
            let read = self.reader.read_byte_record(&mut record);
            if !read.map_err(|error| unreadable(&self.place, error))? {
                return Ok(());
            }
            let cell = |position: &Option<usize>| {
                let bytes = position.and_then(|position| record.get(position));
                bytes.map_or(Cell::Null, untyped)
            };
            let cells: Vec<_> = positions.iter().map(cell).collect();
            each(&cells)?;
        }
    }
}

/// Only the cells that are wanted need be text: others may be of any encoding.
fn untyped(bytes: &[u8]) -> Cell<'_> {
    std::str::from_utf8(bytes).map_or(NOT_TEXT, Cell::Untyped)
}
