//! Text for a terminal: it may be closed, and it obeys control characters in data.

pub mod address;
pub mod suggest;
pub mod values;
pub mod width;

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::redact;

/// A number and what it counts, such as `1 request` or `2 requests`.
pub fn counted(number: impl std::fmt::Display, noun: &str) -> String {
    let number = number.to_string();
    if number == "1" { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Whether the last line of output was written.
static HAS_ENDED: AtomicBool = AtomicBool::new(false);

/// Writes a line to standard error. A failure is ignored: a closed terminal does not end a run.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Writes the last line to standard error: nothing is logged after it. Scripts take the last line
/// for the error, and tasks in the background may still log while they close their connections.
pub fn say_last(line: &str) {
    let mut stderr = io::stderr().lock();
    HAS_ENDED.store(true, Ordering::Relaxed);
    let _ = writeln!(stderr, "{line}");
}

/// Whether [`say_last`] was called.
pub fn has_ended() -> bool {
    HAS_ENDED.load(Ordering::Relaxed)
}

/// Writes a part of the log to standard error, unless [`say_last`] was called. As in [`say`], a
/// failure is ignored.
pub fn write_log(bytes: &[u8]) {
    let _ = write_unless(&HAS_ENDED, &mut io::stderr().lock(), without_secrets(bytes).as_bytes());
}

/// Masks secrets in a part of the log: other crates log addresses as they are configured, including
/// the passwords of proxies.
pub fn without_secrets(bytes: &[u8]) -> String {
    redact::text(&String::from_utf8_lossy(bytes))
}

/// Writes unless `ended` is set. The caller has locked `output`, so that nothing is written after
/// the last line.
fn write_unless(ended: &AtomicBool, output: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    if ended.load(Ordering::Relaxed) { Ok(()) } else { output.write_all(bytes) }
}

/// Turns `text` into one line that is safe to show: characters that would move the cursor, change
/// colours, reverse the direction of writing or cannot be seen are replaced by escapes.
pub fn spelled_out(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unseen(character) {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// JSON without characters that a terminal obeys or that cannot be seen: all of them are in strings,
/// where they may be escapes.
pub fn escaped_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if is_unseen(character) {
            let units = character.encode_utf16(&mut [0; 2]).to_vec();
            text.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(character);
        }
    }
    text
}

/// Whether a character is not seen itself: a terminal obeys it, it changes where the characters after
/// it appear, or it has no width. Those that join letters and emoji (U+200C, U+200D) are no such.
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_logged_after_the_last_line() {
        let (ended, mut output) = (AtomicBool::new(false), Vec::new());
        write_unless(&ended, &mut output, b"before").unwrap();
        ended.store(true, Ordering::Relaxed);
        write_unless(&ended, &mut output, b"after").unwrap();
        assert_eq!(output, b"before");
    }

    #[test]
    fn control_characters_are_escaped_and_the_rest_stays() {
        assert_eq!(spelled_out("\u{1b}[2J\u{9b}0m\r\n"), r"\u{1b}[2J\u{9b}0m\r\n");
        assert_eq!(spelled_out("a\u{202e}b\u{61c}"), r"a\u{202e}b\u{61c}");
        assert_eq!(spelled_out("\u{200b}\u{2060}\u{feff}"), r"\u{200b}\u{2060}\u{feff}");
        assert_eq!(spelled_out(r#"flags “ä” \ 'x' "y" 😀"#), r#"flags “ä” \ 'x' "y" 😀"#);
    }

    #[test]
    fn json_has_no_characters_that_a_terminal_obeys() {
        let evil = "a\u{1b}[2J\u{7f}\u{9b}31m\u{202e}\u{61c}\u{200b}\u{e0041}ä😀";
        let json = serde_json::to_string(evil).unwrap();
        let escaped = escaped_json(&json);
        let expected = "\"a\\u001b[2J\\u007f\\u009b31m\\u202e\\u061c\\u200b\\udb40\\udc41ä😀\"";
        assert_eq!(escaped, expected);
        let read = serde_json::from_str::<serde_json::Value>(&escaped).unwrap();
        assert_eq!(read, evil, "it means the same");
    }
}
