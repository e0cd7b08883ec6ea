//! What is wrong with an address that a person wrote.

use crate::Error;
use crate::error::redact;

/// The correction to suggest for a text that is refused.
#[derive(Debug)]
pub enum Meant {
    /// A sentence that quotes nothing of the text.
    Rule(&'static str),
    /// A sentence that quotes parts of the text.
    Quoting(String),
}

/// An address, or why it is refused.
pub type Parsed<T> = std::result::Result<T, Meant>;

/// The error of a text. If the text contains a secret, no part of it is quoted, because a part of a
/// secret does not always look like one.
pub fn refuse(text: &str, what: &str, meant: &Meant) -> Error {
    let masked = redact::value(text);
    let meant = match meant {
        Meant::Rule(rule) => *rule,
        Meant::Quoting(sentence) if masked == text => sentence,
        Meant::Quoting(_) => "",
    };
    let separator = if meant.is_empty() { "" } else { ": " };
    Error::usage(format!("`{masked}` is not {what}{separator}{meant}"))
}
