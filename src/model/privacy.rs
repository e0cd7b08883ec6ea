//! People's names and email addresses are kept, hashed with a key, or dropped.
//!
//! A column's definition says whether it holds any ([`Personal`]). The same text gives the
//! same hash, so that hashed columns join.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::hmac;

use crate::error::redact;
use crate::model::table::{ColumnInfo, Personal, TableInfo, Type};
use crate::terminal::values::{trim, variable};
use crate::{Error, Result};

/// The environment variable that may hold the key.
pub const KEY_VARIABLE: &str = "FLAGLAKE_PERSONAL_DATA_KEY";

/// The shortest key, in bytes; a shorter one is guessed too easily.
const SHORTEST_KEY: usize = 16;

/// The prefix of every hash.
const PREFIX: &str = "hmac-sha256:";

/// The number of hexadecimal digits after the prefix.
const DIGITS: usize = 64;

/// The text that replaces an email address in a text, with `--personal-data drop`.
const DROPPED: &str = "dropped";

/// How personal data is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// Names and addresses stay as they are
    #[default]
    Keep,
    /// They are replaced by a keyed hash (HMAC-SHA-256), so that joins still work
    Hash,
    /// They are left out
    Drop,
}

impl Mode {
    /// Its name on the command line and in `extractions.personal_data`.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Keep => "keep",
            Mode::Hash => "hash",
            Mode::Drop => "drop",
        }
    }
}

/// The mode, with the key that hashing needs.
#[derive(Clone, Default)]
pub enum Privacy {
    /// Personal data stays.
    #[default]
    Keep,
    /// It is hashed with this key.
    Hash(Arc<hmac::Key>),
    /// It is left out.
    Drop,
}

impl fmt::Debug for Privacy {
    /// Without the key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.mode().name())
    }
}

impl Privacy {
    /// Treats personal data by `mode`; a hash takes its key from `file`, or else from
    /// [`KEY_VARIABLE`].
    ///
    /// # Errors
    /// `usage` when the key is missing or too short, or is given although nothing is hashed.
    pub fn new(mode: Mode, file: Option<&Path>) -> Result<Self> {
        match mode {
            Mode::Keep | Mode::Drop if file.is_some() => {
                Err(Error::usage("a key for personal data, but nothing to hash with it")
                    .hint("add `--personal-data hash`"))
            }
            Mode::Keep => Ok(Privacy::Keep),
            Mode::Drop => Ok(Privacy::Drop),
            Mode::Hash => Privacy::with_key(&key(file)?),
        }
    }

    /// Hashes with `key`.
    ///
    /// # Errors
    /// `usage` when it is too short.
    pub fn with_key(key: &[u8]) -> Result<Self> {
        if key.len() < SHORTEST_KEY {
            return Err(Error::usage(format!(
                "the key for personal data has {} bytes; it takes at least {SHORTEST_KEY}",
                key.len()
            ))
            .hint("`openssl rand -hex 32` makes one"));
        }
        Ok(Privacy::Hash(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, key))))
    }

    /// The mode without the key.
    pub const fn mode(&self) -> Mode {
        match self {
            Privacy::Keep => Mode::Keep,
            Privacy::Hash(_) => Mode::Hash,
            Privacy::Drop => Mode::Drop,
        }
    }

    /// A text that must be equal for one run to resume another. The key cannot be derived from it.
    pub fn fingerprint(&self) -> String {
        format!("{} {}", self.mode().name(), self.one("flaglake"))
    }

    /// The text that replaces `text` in `column`; `None` where it is left out.
    pub fn treat(&self, column: &ColumnInfo, text: &str) -> Option<String> {
        match (column.personal, self) {
            (Personal::No, _) | (_, Privacy::Keep) => Some(text.to_owned()),
            (Personal::Whole, Privacy::Drop) => (!column.nullable).then(String::new),
            (Personal::Whole, Privacy::Hash(_)) => Some(self.one(text)),
            (Personal::Mentions, _) => Some(self.in_text(text)),
        }
    }

    /// Whether `column` of `table` holds personal data. Any text except keys and IDs may mention a
    /// person.
    pub fn concerns(table: &TableInfo, column: &ColumnInfo) -> Personal {
        let is_text = matches!(column.ty, Type::Text | Type::Json);
        let names = ["_key", "_id"].iter().any(|end| column.name.ends_with(end));
        match column.personal {
            Personal::No if is_text && !names && !table.key.contains(&column.name) => {
                Personal::Mentions
            }
            personal => personal,
        }
    }

    /// The columns of `table` that hold personal data, with their positions.
    pub fn columns(table: &TableInfo) -> impl Iterator<Item = (usize, ColumnInfo)> {
        let columns = table.columns.iter().enumerate().map(|(index, column)| {
            (index, ColumnInfo { personal: Privacy::concerns(table, column), ..*column })
        });
        columns.filter(|(_, column)| column.personal != Personal::No)
    }

    /// Treats a value that is a name or an email address as a whole.
    pub fn treat_own(&self, text: &mut String) {
        *text = match self {
            Privacy::Keep => return,
            Privacy::Drop => String::new(),
            Privacy::Hash(_) => self.one(text),
        };
    }

    /// The text with every email address and hash replaced by one word, so that it is equal for
    /// every mode.
    pub fn without_people(text: &str) -> String {
        let dropped = Privacy::Drop.in_text(text);
        let mut parts = dropped.split(PREFIX);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| match part.get(..DIGITS).filter(|one| is_hex(one)) {
            Some(_) => text + DROPPED + &part[DIGITS..],
            None => text + PREFIX + part,
        })
    }

    /// A hash is left as it is, so that a value that is treated twice still joins.
    fn one(&self, text: &str) -> String {
        let Privacy::Hash(key) = self else { return DROPPED.to_owned() };
        if text.is_empty() || is_hash(text) {
            return text.to_owned();
        }
        let tag = hmac::sign(key, text.as_bytes());
        let digits = tag.as_ref().iter().map(|byte| format!("{byte:02x}"));
        format!("{PREFIX}{}", digits.collect::<String>())
    }

    /// Replaces all email addresses in a text.
    fn in_text(&self, text: &str) -> String {
        let mut treated = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, word, after)) = next_address(rest) {
            treated.push_str(before);
            treated.push_str(&self.one(word));
            rest = after;
        }
        treated + rest
    }
}

fn is_hash(text: &str) -> bool {
    let digits = text.strip_prefix(PREFIX);
    digits.is_some_and(|digits| digits.len() == DIGITS && is_hex(digits))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether `character` can be part of an email address. Other characters enclose an address in
/// JSON, policies and links.
fn in_address(character: char) -> bool {
    !character.is_whitespace()
        && !character.is_control()
        && !"\"'`<>()[]{},;:/\\|=&?".contains(character)
}

/// The forms of the sign `@`: plain, in JSON, in URLs.
const SIGNS: [&str; 3] = ["@", "\\u0040", "%40"];

/// The first email address in `text`, with the text before and after it.
fn next_address(text: &str) -> Option<(&str, &str, &str)> {
    let mut signs: Vec<_> = SIGNS
        .iter()
        .flat_map(|sign| text.match_indices(sign).map(|(at, found)| (at, found.len())))
        .collect();
    signs.sort_unstable();
    for (at, length) in signs {
        let (before, after) = (&text[..at], &text[at + length..]);
        let start = before
            .rfind(|one| !in_address(one))
            .map_or(0, |found| found + before[found..].chars().next().map_or(1, char::len_utf8));
        let end = after.find(|one| !in_address(one)).unwrap_or(after.len());
        // A full stop ends the sentence, not the address.
        let end = after[..end].trim_end_matches('.').len();
        if start < at && end > 0 {
            return Some((&text[..start], &text[start..at + length + end], &after[end..]));
        }
    }
    None
}

fn key(file: Option<&Path>) -> Result<Vec<u8>> {
    let text = match file {
        Some(path) => std::fs::read_to_string(path).map_err(|error| {
            let path = redact::value(&path.to_string_lossy());
            Error::usage(format!("could not read the key in `{path}`: {error}"))
        })?,
        None => variable(KEY_VARIABLE).ok().flatten().ok_or_else(|| {
            Error::usage("hashing personal data takes a key")
                .hint(format!("give `--personal-data-key-file`, or set {KEY_VARIABLE}"))
        })?,
    };
    Ok(trim(&text).as_bytes().to_vec())
}

#[cfg(test)]
mod tests;
