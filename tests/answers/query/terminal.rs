//! Results on a terminal.

use std::process::Stdio;

use unicode_width::UnicodeWidthStr;

use super::extracted;
use crate::support::{Run, terminal};

/// What a terminal with this many columns shows.
fn shown(run: &Run, columns: u16, arguments: &[&str]) -> String {
    let mut command = run.command(&["query"]);
    command.args(arguments);
    terminal::shown(command, columns, |command, terminal| {
        command.stdout(terminal).stderr(Stdio::piped());
    })
}

#[test]
fn a_table_fits_the_terminal() {
    let run = extracted();
    let sql = "SELECT flag_key, name, description, created_at FROM flags ORDER BY 1, 2";
    for columns in [60, 200] {
        let table = shown(&run, columns, &[sql]);
        let widest = table.lines().map(UnicodeWidthStr::width).max();
        assert!(widest <= Some(columns.into()), "{widest:?}\n{table}");
        assert!(table.lines().count() > 100, "{table}");
    }
    assert!(shown(&run, 60, &[sql]).contains('…'));
}

#[test]
fn rows_of_many_columns_are_blocks() {
    let run = extracted();
    let blocks = shown(&run, 80, &["SELECT * FROM flags LIMIT 2"]);
    assert!(blocks.contains(" row 2\r\n") && blocks.contains("flag_key "), "{blocks}");
    assert!(blocks.lines().all(|line| line.width() <= 80), "{blocks}");
}

#[test]
fn no_value_is_obeyed_by_a_terminal() {
    let run = extracted();
    let sql = "SELECT char(27) || '[2J' || char(7) AS evil";
    for format in ["table", "csv", "json", "markdown"] {
        let text = shown(&run, 80, &[sql, "--format", format]);
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{format}: {text:?}");
    }
}
