//! Takes the rows of a result, as many as are wanted.

use std::io;
use std::ops::ControlFlow;

use super::sheet::Sheet;
use super::value::Value;
use crate::Result;

/// The rows that are written so far.
pub struct Page<'p> {
    sheet: Box<dyn Sheet + 'p>,
    /// The most rows that are written; the others are not read.
    limit: Option<u64>,
    rows: u64,
    has_more: bool,
    outcome: io::Result<()>,
}

/// How a result ended.
#[derive(Debug)]
pub struct Written {
    /// The rows that were written.
    pub rows: u64,
    /// Whether there are more.
    pub has_more: bool,
}

impl<'p> Page<'p> {
    /// No row yet.
    pub fn new(sheet: Box<dyn Sheet + 'p>, limit: Option<u64>) -> Self {
        Page { sheet, limit, rows: 0, has_more: false, outcome: Ok(()) }
    }

    /// Takes the names of the columns.
    ///
    /// # Errors
    /// `usage` where the form cannot have them.
    pub(super) fn begin(&mut self, columns: &[String]) -> Result<ControlFlow<()>> {
        self.sheet.check(columns)?;
        let begun = self.sheet.begin(columns);
        Ok(self.went(begun))
    }

    /// Takes a row. Breaks where no other is wanted.
    pub(super) fn row(&mut self, row: &[Value<'_>]) -> ControlFlow<()> {
        if self.limit.is_some_and(|limit| self.rows >= limit) {
            self.has_more = true;
            return ControlFlow::Break(());
        }
        self.rows += 1;
        let written = self.sheet.row(row);
        self.went(written)
    }

    fn went(&mut self, outcome: io::Result<()>) -> ControlFlow<()> {
        self.outcome = outcome;
        if self.outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// Writes the end.
    ///
    /// # Errors
    /// When it or anything before it could not be written.
    pub fn end(mut self) -> io::Result<Written> {
        self.outcome?;
        self.sheet.end()?;
        Ok(Written { rows: self.rows, has_more: self.has_more })
    }
}
