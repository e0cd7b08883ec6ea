//! The forms of a result, one file each. A form writes each row when it takes it, or soon after, so
//! that a large result is never in memory as a whole.

mod csv;
mod json;
mod markdown;
mod table;

use std::io;

pub use self::csv::Csv;
pub use self::json::Json;
pub use self::markdown::Markdown;
pub use self::table::Table;

use super::value::Value;
use crate::Result;

/// Writes a result in one form.
pub trait Sheet {
    /// Checks that the form can have these columns.
    ///
    /// # Errors
    /// `usage` where it cannot.
    fn check(&self, _columns: &[String]) -> Result<()> {
        Ok(())
    }

    /// Writes what is before the rows.
    ///
    /// # Errors
    /// When it cannot be written.
    fn begin(&mut self, columns: &[String]) -> io::Result<()>;

    /// Writes a row.
    ///
    /// # Errors
    /// When it cannot be written.
    fn row(&mut self, row: &[Value<'_>]) -> io::Result<()>;

    /// Writes what is after the rows.
    ///
    /// # Errors
    /// When it cannot be written.
    fn end(&mut self) -> io::Result<()>;
}

/// What `write` makes of a result, for tests.
#[cfg(test)]
fn written(
    make: impl FnOnce(&mut Vec<u8>) -> Box<dyn Sheet + '_>,
    columns: &[&str],
    rows: &[Vec<Value<'_>>],
) -> String {
    let mut bytes = Vec::new();
    {
        let mut sheet = make(&mut bytes);
        let columns: Vec<_> = columns.iter().map(ToString::to_string).collect();
        sheet.begin(&columns).unwrap();
        rows.iter().for_each(|row| sheet.row(row).unwrap());
        sheet.end().unwrap();
    }
    String::from_utf8(bytes).unwrap()
}
