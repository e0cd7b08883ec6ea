//! Text on its way to a terminal, which may be gone, or obey what others chose.

use std::io::Write;

/// Writes a line to standard error. Nobody may be listening any more: that is no reason to stop.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// `text` as one line that a terminal only shows: what would move the cursor, change colours or
/// turn the direction of writing around is spelled out instead.
pub fn spelled_out(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character.is_control() || is_direction(character) {
            true => line.extend(character.escape_default()),
            false => line.push(character),
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
    fn what_a_terminal_obeys_is_spelled_out_and_the_rest_stays() {
        assert_eq!(spelled_out("\u{1b}[2J\u{9b}0m\r\n"), r"\u{1b}[2J\u{9b}0m\r\n");
        assert_eq!(spelled_out("a\u{202e}b"), r"a\u{202e}b");
        assert_eq!(spelled_out(r#"flags “ä” \ 'x' "y" 😀"#), r#"flags “ä” \ 'x' "y" 😀"#);
    }
}
