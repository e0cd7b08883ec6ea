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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a longer-word b", 5), ["a", "longer-word", "b"]);
        assert_eq!(wrapped("漢字 ab", 6), ["漢字", "ab"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
