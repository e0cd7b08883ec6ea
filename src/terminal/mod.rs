//! Text on its way to a terminal, which may be closed, or obey what others chose.

pub mod values;

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::redact;

/// Whether the last word was said.
static HAS_ENDED: AtomicBool = AtomicBool::new(false);

/// Writes a line to standard error. Nobody may be listening any more: that is no reason to stop.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Writes a line to standard error after which the log is silent: what still closes its connections
/// in the background would have the last word otherwise, which scripts take for the error.
pub fn say_last(line: &str) {
    let mut stderr = io::stderr().lock();
    HAS_ENDED.store(true, Ordering::Relaxed);
    let _ = writeln!(stderr, "{line}");
}

/// Whether the last word was said.
pub fn has_ended() -> bool {
    HAS_ENDED.load(Ordering::Relaxed)
}

/// Writes a part of the log to standard error, unless the last word was said. As with [`say`], nobody
/// may be listening: what is logged never decides how a run ends.
pub fn write_log(bytes: &[u8]) {
    let _ = write_unless(&HAS_ENDED, &mut io::stderr().lock(), without_secrets(bytes).as_bytes());
}

/// A part of the log as it may be read: other crates log addresses as they are configured, passwords
/// of proxies included.
pub fn without_secrets(bytes: &[u8]) -> String {
    redact::text(&String::from_utf8_lossy(bytes))
}

/// The flag is read while `output` is locked, so that nothing slips in behind the last word.
fn write_unless(ended: &AtomicBool, output: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    if ended.load(Ordering::Relaxed) { Ok(()) } else { output.write_all(bytes) }
}

/// `text` as one line that a terminal only shows: what would move the cursor, change colours or
/// turn the direction of writing around is spelled out instead.
pub fn spelled_out(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || is_direction(character) {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// Whether a character makes what follows look as if it stood elsewhere.
const fn is_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_logged_after_the_last_word() {
        let (ended, mut output) = (AtomicBool::new(false), Vec::new());
        write_unless(&ended, &mut output, b"before").unwrap();
        ended.store(true, Ordering::Relaxed);
        write_unless(&ended, &mut output, b"after").unwrap();
        assert_eq!(output, b"before");
    }

    #[test]
    fn what_a_terminal_obeys_is_spelled_out_and_the_rest_stays() {
        assert_eq!(spelled_out("\u{1b}[2J\u{9b}0m\r\n"), r"\u{1b}[2J\u{9b}0m\r\n");
        assert_eq!(spelled_out("a\u{202e}b"), r"a\u{202e}b");
        assert_eq!(spelled_out(r#"flags “ä” \ 'x' "y" 😀"#), r#"flags “ä” \ 'x' "y" 😀"#);
    }
}
