//! Results on a terminal.

use std::fs::File;
use std::io::Read;
use std::process::Stdio;

use nix::pty::Winsize;
use unicode_width::UnicodeWidthStr;

use super::extracted;
use crate::support::{Run, ended};

/// What a terminal with this many columns shows.
fn shown(run: &Run, columns: u16, arguments: &[&str]) -> String {
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    let terminal = nix::pty::openpty(Some(&size), None).unwrap();
    let mut command = run.command(&["query"]);
    let child = command.args(arguments).stdout(terminal.slave).stderr(Stdio::piped());
    let child = child.spawn().unwrap();
    // Its own handle of the terminal would keep the terminal open.
    drop(command);
    let mut bytes = Vec::new();
    // The end of a terminal is an error.
    let _ = File::from(terminal.master).read_to_end(&mut bytes);
    ended(child.wait_with_output().unwrap()).succeeded();
    String::from_utf8(bytes).unwrap()
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
