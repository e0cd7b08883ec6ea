//! A table for people.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Sheet;
use crate::query::value::Value;
use crate::terminal::spelled_out;

/// The rows that decide how wide the columns are. Later rows are written as they come.
const SAMPLE: usize = 1000;

/// The narrowest column that a wide text is cut to. Where columns would be narrower, each row is a
/// block of lines.
const LEAST: usize = 8;

/// The blanks between two columns.
const GAP: usize = 2;

/// Writes a table that fits a terminal. Where there is none, nothing is cut.
#[derive(Debug)]
pub struct Table<W> {
    output: W,
    /// The columns of the terminal.
    width: Option<usize>,
    names: Vec<String>,
    sample: Vec<Vec<Cell>>,
    layout: Option<Layout>,
    rows: usize,
}

/// How rows are written.
#[derive(Debug)]
enum Layout {
    /// One line for each row: the width of each column, and whether some are cut.
    Lines(Vec<usize>, bool),
    /// One line for each value: the width of the names, and that of the values.
    Blocks(usize, Option<usize>),
}

/// A value as it is shown.
#[derive(Debug)]
struct Cell {
    text: String,
    is_number: bool,
}

impl Cell {
    fn of(value: &Value<'_>) -> Self {
        let text = value.text().map_or("NULL".to_owned(), |text| spelled_out(&text));
        Cell { text, is_number: matches!(value, Value::Number(_)) }
    }

    /// The text in a column. A row after the sample may be wider, and is not cut if none is.
    fn shown(&self, width: usize, is_cut: bool) -> String {
        let text = cut(&self.text, if is_cut { width } else { usize::MAX });
        if self.is_number { right(&text, width) } else { left(&text, width) }
    }
}

impl<W: Write> Table<W> {
    /// No row yet.
    pub const fn new(output: W, width: Option<usize>) -> Self {
        Table { output, width, names: Vec::new(), sample: Vec::new(), layout: None, rows: 0 }
    }

    /// Decides on the layout, and writes the rows so far.
    fn lay_out(&mut self) -> io::Result<()> {
        let layout = layout(&self.names, &self.sample, self.width);
        if let Layout::Lines(widths, _) = &layout {
            let header = self.names.iter().zip(widths).map(|(name, width)| left(name, *width));
            let header = header.collect::<Vec<_>>();
            line(&mut self.output, &header, self.width)?;
        }
        self.layout = Some(layout);
        let sample = std::mem::take(&mut self.sample);
        sample.iter().try_for_each(|row| self.write(row))
    }

    fn write(&mut self, row: &[Cell]) -> io::Result<()> {
        self.rows += 1;
        match &self.layout {
            Some(Layout::Blocks(names, values)) => {
                writeln!(self.output, " row {}", self.rows)?;
                for (name, cell) in self.names.iter().zip(row) {
                    let text = cut(&cell.text, values.unwrap_or(usize::MAX));
                    let name = left(&cut(name, *names), *names);
                    writeln!(self.output, "{}", format!("   {name}  {text}").trim_end())?;
                }
                Ok(())
            }
            Some(Layout::Lines(widths, is_cut)) => {
                let cells = row.iter().zip(widths).map(|(cell, width)| cell.shown(*width, *is_cut));
                let cells = cells.collect::<Vec<_>>();
                line(&mut self.output, &cells, self.width)
            }
            None => Ok(()),
        }
    }
}

/// Writes a line.
fn line(output: &mut impl Write, cells: &[String], width: Option<usize>) -> io::Result<()> {
    let text = format!(" {}", cells.join(&" ".repeat(GAP)));
    writeln!(output, "{}", cut(text.trim_end(), width.unwrap_or(usize::MAX)))
}

fn layout(names: &[String], rows: &[Vec<Cell>], width: Option<usize>) -> Layout {
    let natural: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let cells = rows.iter().filter_map(|row| row.get(index));
            cells.map(|cell| cell.text.width()).chain([name.width()]).max().unwrap_or_default()
        })
        .collect();
    let Some(width) = width else { return Layout::Lines(natural, false) };
    let room = width.saturating_sub(1 + GAP * names.len().saturating_sub(1));
    let capped = |cap: usize| natural.iter().map(|one| *one.min(&cap)).collect::<Vec<_>>();
    let fits = |cap: &usize| capped(*cap).iter().sum::<usize>() <= room;
    match (LEAST..=room.max(LEAST)).rev().find(fits) {
        Some(cap) => Layout::Lines(capped(cap), natural.iter().any(|one| *one > cap)),
        None => blocks(names, width),
    }
}

fn blocks(names: &[String], width: usize) -> Layout {
    let widest = names.iter().map(|name| name.width()).max().unwrap_or_default();
    let names = widest.min(width / 2);
    Layout::Blocks(names, Some(width.saturating_sub(names + 5).max(1)))
}

/// `text` in at most `width` columns; what is cut off is an ellipsis.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |character: &char| {
        used += character.width().unwrap_or_default();
        used <= width
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

impl<W: Write> Sheet for Table<W> {
    fn begin(&mut self, columns: &[String]) -> io::Result<()> {
        self.names = columns.iter().map(|name| spelled_out(name)).collect();
        Ok(())
    }

    fn row(&mut self, row: &[Value<'_>]) -> io::Result<()> {
        let cells = row.iter().map(Cell::of).collect::<Vec<_>>();
        if self.layout.is_some() {
            return self.write(&cells);
        }
        self.sample.push(cells);
        if self.sample.len() == SAMPLE { self.lay_out() } else { Ok(()) }
    }

    fn end(&mut self) -> io::Result<()> {
        if self.layout.is_none() {
            self.lay_out()?;
        }
        self.output.flush()
    }
}

#[cfg(test)]
mod tests;
