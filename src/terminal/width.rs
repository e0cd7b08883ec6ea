//! The width of a terminal, and text that is wrapped to it.

use std::io::{self, IsTerminal};

use rustix::termios::tcgetwinsize;
use unicode_width::UnicodeWidthStr;

/// The width of a terminal that does not say how wide it is.
const DEFAULT: usize = 80;

/// The columns of standard output; `None` if it is not a terminal, and lines may be of any length.
pub fn columns() -> Option<usize> {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    let columns = tcgetwinsize(&stdout).map_or(0, |size| size.ws_col.into());
    Some(if columns == 0 { DEFAULT } else { columns })
}

/// `text` as lines of at most `width` columns, broken between words. A longer word has a line of
/// its own.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// `text` after `start`, in lines of at most `width` columns; later lines are indented below the text.
/// Without a width, it is one line.
pub fn hanging(start: &str, text: &str, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(start.width()).max(20));
    let indent = " ".repeat(start.width());
    let line = |(index, line): (usize, &String)| {
        let start = if index == 0 { start } else { &indent };
        format!("{}\n", format!("{start}{line}").trim_end())
    };
    wrapped(text, room).iter().enumerate().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_lines_hang_below_the_text() {
        assert_eq!(hanging("ok  ", "a word", None), "ok  a word\n");
        let text = hanging("ok  ", "one two three four five six", Some(24));
        assert_eq!(text, "ok  one two three four\n    five six\n");
    }

    #[test]
    fn text_is_wrapped_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a longer-word b", 5), ["a", "longer-word", "b"]);
        assert_eq!(wrapped("漢字 ab", 6), ["漢字", "ab"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
