//! Cells of the charts' tables: numbers that lead to the rows that they count.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::report::links::encoded;
use crate::report::words::grouped;

/// A cell of a chart's table.
#[derive(Debug, PartialEq, Eq)]
pub struct Cell {
    /// The number or name.
    pub text: String,
    /// The list of the rows that it counts, as a fragment of the page's address; none where it counts
    /// none, or the page has no such list.
    pub address: Option<String>,
}

impl Cell {
    /// A text that leads nowhere.
    pub fn plain(text: impl Into<String>) -> Self {
        Cell { text: text.into(), address: None }
    }

    /// A number of rows of a list, which `filter` names by values of columns.
    pub fn counted(number: i64, list: &str, filter: &[(&str, &str)]) -> Self {
        let address = || address(list, filter);
        Cell { text: grouped(number), address: (number > 0).then(address) }
    }
}

/// A list with a filter, as a fragment of the page's address.
fn address(list: &str, filter: &[(&str, &str)]) -> String {
    let words = filter.iter().map(|(column, value)| format!("&{column}={}", encoded(value)));
    format!("#list={list}{}", words.collect::<String>())
}

/// The filter of the times in a month such as `2026-12`: from its start, and before that of the next.
pub fn month_range(month: &str) -> Option<String> {
    let first: Date = format!("{month}-01").parse().ok()?;
    let next = first.checked_add(1.month()).ok()?;
    Some(format!("{month}..{}", next.strftime("%Y-%m")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_leads_to_its_rows_and_none_leads_nowhere() {
        let cell = |number| Cell::counted(number, "flags", &[("project", "a b&c"), ("owner", "")]);
        let address = "#list=flags&project=a%20b%26c&owner=";
        let expected = Cell { text: "1,234".to_owned(), address: Some(address.to_owned()) };
        assert_eq!([cell(1234), cell(0)], [expected, Cell::plain("0")]);
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        assert_eq!(month_range("2026-12").as_deref(), Some("2026-12..2027-01"));
        assert_eq!(month_range("2026-1x"), None);
    }
}
