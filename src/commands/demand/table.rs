//! Tables for people.

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};
use console::measure_text_width;

use crate::terminal::spelled_out;

/// The widest column that is never wrapped, so that keys and IDs can be copied.
const WHOLE: usize = 40;

/// Where the text of a column is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrap {
    /// Nowhere, unless it is very wide.
    Never,
    /// Between the keys of a path.
    AtSlashes,
    /// Between words.
    AtBlanks,
}

impl Wrap {
    /// Where a line may end.
    const fn delimiter(self) -> char {
        match self {
            Wrap::AtSlashes => '/',
            Wrap::Never | Wrap::AtBlanks => ' ',
        }
    }
}

/// A table of at most `width` columns of the terminal. Columns that `wraps` does not name are wrapped
/// at blanks.
pub(super) fn text(
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    wraps: &[Wrap],
    width: u16,
) -> String {
    let spelled = |row: Vec<String>| row.iter().map(|text| spelled_out(text)).collect();
    let rows: Vec<Vec<String>> = rows.into_iter().map(spelled).collect();
    let wrap = |index: usize| wraps.get(index).copied().unwrap_or(Wrap::AtBlanks);
    let all: Vec<&Vec<String>> = std::iter::once(&header).chain(&rows).collect();
    let columns = all.iter().map(|row| row.len()).max().unwrap_or_default();
    let columns = (0..columns).map(|index| Column::of(&all, index, wrap(index))).collect();
    let widths = fitted(columns, usize::from(width));
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width);
    if !header.is_empty() {
        table.set_header(header);
    }
    table.add_rows(rows);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_delimiter(wrap(index).delimiter());
        let width = widths.get(index).map_or(1, |width| width + PADDING);
        let width = Width::Fixed(u16::try_from(width).unwrap_or(u16::MAX));
        column.set_constraint(ColumnConstraint::Absolute(width));
    }
    let text = table.to_string();
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The blanks around the text of a column.
const PADDING: usize = 2;

/// The widths that a column may have.
struct Column {
    /// Nothing is wrapped.
    natural: usize,
    /// No word is broken, unless it is very long.
    least: usize,
}

impl Column {
    fn of(rows: &[&Vec<String>], index: usize, wrap: Wrap) -> Self {
        let texts = || rows.iter().filter_map(|row| row.get(index));
        let natural = texts().map(|text| measure_text_width(text)).max().unwrap_or_default();
        let words = texts().flat_map(|text| parts(text, wrap)).map(measure_text_width);
        let least = words.max().unwrap_or_default().min(WHOLE);
        Column { natural: natural.max(1), least: least.max(1) }
    }
}

/// The width of each column, so that all fit together. The widest columns are wrapped first.
fn fitted(columns: Vec<Column>, width: usize) -> Vec<usize> {
    let room = width.saturating_sub(columns.len() * PADDING);
    let mut widths: Vec<_> = columns.iter().map(|column| column.least).collect();
    while widths.iter().sum::<usize>() > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > 1 => *widest -= 1,
            _ => return widths,
        }
    }
    for _ in widths.iter().sum()..room {
        let wanting = columns.iter().map(|column| column.natural).zip(&mut widths);
        let wanting = wanting.map(|(natural, width)| (natural.saturating_sub(*width), width));
        match wanting.max_by_key(|(missing, _)| *missing) {
            Some((missing, width)) if missing > 0 => *width += 1,
            _ => break,
        }
    }
    widths
}

/// The parts of a text that are not wrapped.
fn parts(text: &str, wrap: Wrap) -> impl Iterator<Item = &str> {
    let is_end = move |one: char| wrap != Wrap::Never && one == wrap.delimiter();
    text.split(is_end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
        let cell = prop_oneof![
            "[a-z]{0,12}( [a-z]{1,12}){0,6}",
            "[a-z-]{30,120}",
            "[a-z]{1,20}(/[a-z-]{1,30}){0,2}",
            "[名前が長い]{0,30}",
        ];
        prop::collection::vec(prop::collection::vec(cell, 6), 1..8)
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_terminal(rows in rows(), width in 80_u16..160) {
            let wraps = [Wrap::Never, Wrap::AtBlanks, Wrap::AtSlashes];
            let header = ["one", "two", "three", "four", "five", "six"].map(str::to_owned).to_vec();
            let text = text(header, rows, &wraps, width);
            let widest = text.lines().map(measure_text_width).max();
            prop_assert!(widest <= Some(usize::from(width)), "{widest:?}\n{text}");
        }
    }
}
