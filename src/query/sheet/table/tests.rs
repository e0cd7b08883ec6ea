use proptest::prelude::*;

use super::super::written;
use super::*;

fn text(text: &str) -> Value<'_> {
    Value::Text(text.into())
}

fn table(width: Option<usize>, columns: &[&str], rows: &[Vec<Value<'_>>]) -> String {
    written(|out| Box::new(Table::new(out, width)), columns, rows)
}

#[test]
fn columns_are_as_wide_as_their_widest_text() {
    let rows = [
        vec![text("漢字"), Value::Number("7".into()), Value::Null],
        vec![text("a"), Value::Number("123".into()), text("")],
    ];
    let shown = table(None, &["key", "n", "x"], &rows);
    assert_eq!(shown, " key   n    x\n 漢字    7  NULL\n a     123\n");
}

#[test]
fn wide_texts_are_cut_on_a_terminal_only() {
    let long = "long ".repeat(30);
    let rows = [vec![text("short"), text(&long)]];
    let cut = table(Some(40), &["one", "two"], &rows);
    assert!(cut.lines().all(|line| line.width() <= 40), "{cut}");
    assert!(cut.contains("short") && cut.contains('…'), "{cut}");
    assert!(table(None, &["one", "two"], &rows).contains(&"long ".repeat(29)));
}

#[test]
fn rows_of_many_columns_are_blocks() {
    let columns: Vec<_> = (0..20).map(|index| format!("column_{index}")).collect();
    let columns: Vec<_> = columns.iter().map(String::as_str).collect();
    let rows = [vec![text("a value"); 20], vec![Value::Null; 20]];
    let shown = table(Some(80), &columns, &rows);
    assert_eq!(shown.lines().count(), 42, "{shown}");
    assert!(shown.starts_with(" row 1\n   column_0   a value\n"), "{shown}");
}

#[test]
fn a_terminal_gets_no_control_characters() {
    let shown = table(Some(80), &["\u{1b}[1m"], &[vec![text("a\u{1b}[2J\nb\u{202e}")]]);
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    assert_eq!(shown.lines().count(), 2, "{shown}");
}

#[test]
fn rows_after_the_sample_are_written_as_well() {
    let rows: Vec<_> =
        (0..2500).map(|index| vec![Value::Number(index.to_string().into())]).collect();
    let shown = table(Some(80), &["n"], &rows);
    assert_eq!(shown.lines().count(), 2501);
    assert!(shown.ends_with(" 2499\n"), "{shown}");
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_terminal(
        rows in prop::collection::vec(prop::collection::vec("[a-z名前|\u{1b}]{0,60}", 5), 0..6),
        width in 20_usize..120,
    ) {
        let values: Vec<Vec<_>> =
            rows.iter().map(|row| row.iter().map(|one| text(one)).collect()).collect();
        let shown = table(Some(width), &["one", "two", "three", "four", "five"], &values);
        let widest = shown.lines().map(UnicodeWidthStr::width).max();
        prop_assert!(widest <= Some(width), "{widest:?}\n{shown}");
    }
}
