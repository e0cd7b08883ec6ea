//! CSV with a line of column names: every value is text, and no value is NULL.

use csv::{ReaderBuilder, StringRecord};

use super::{Blocking, Each, Rows, reader, unreadable};
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
    let columns = reader.headers().map_err(|error| unreadable(place, error))?;
    let columns = columns.iter().map(|name| name.trim().to_owned()).collect();
    Ok(Box::new(Csv { reader, columns, place: place.to_owned() }))
}

impl Blocking for Csv {
    fn columns(&self) -> Option<&[String]> {
        Some(&self.columns)
    }

    fn read(mut self, wanted: &[String], each: &mut Each<'_>) -> Result<()> {
        let position = |name: &String| self.columns.iter().position(|column| column == name);
        let positions: Vec<_> = wanted.iter().map(position).collect();
        let mut record = StringRecord::new();
        loop {
            let read = self.reader.read_record(&mut record);
            if !read.map_err(|error| unreadable(&self.place, error))? {
                return Ok(());
            }
            let cell = |position: &Option<usize>| {
                let text = position.and_then(|position| record.get(position));
                text.map_or(Cell::Null, Cell::Untyped)
            };
            let cells: Vec<_> = positions.iter().map(cell).collect();
            each(&cells)?;
        }
    }
}
