//! Masks secrets in text from users before an error or a log shows it.
//!
//! It may mask more than the secret, but never less.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The text that replaces a secret.
const MASK: &str = "***";

/// Schemes that may precede another one, as in `parquet:s3://bucket`.
const WRAPPERS: [&str; 5] = ["parquet:", "delta:", "sqlite:", "jdbc:", "file:"];

/// A field is secret if its name contains one of these words.
const SECRET_NAMES: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "credential",
    "signature",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "accesskey",
];

/// Further names of secret fields, which only count in [`value`]: in a sentence they are common.
const SECRET_IN_VALUE: [&str; 5] = ["pass", "key", "auth", "sig", "sas"];

/// Masks the secrets in `text`, which is a single value: user information in an address, fields
/// such as `password=…`, and LaunchDarkly's tokens and keys.
pub fn value(text: &str) -> String {
    let decoded = decoded(text);
    let masked = value_as_it_is(&decoded);
    // The character that separates the secret from the rest may be percent-encoded.
    if masked == decoded { value_as_it_is(text) } else { masked }
}

/// Masks the secrets in `text`, which may be a sentence that quotes several values.
pub fn text(text: &str) -> String {
    if !text.contains(['@', '=', '%']) {
        return text.to_owned();
    }
    let is_end = |character: char| character.is_whitespace() || character == '"';
    let parts = text.split_inclusive(is_end).map(|part| {
        let word = part.trim_end_matches(is_end);
        let decoded = decoded(word);
        let masked = without_secrets(&decoded, is_bare_secret);
        let masked = if masked == decoded { without_secrets(word, is_bare_secret) } else { masked };
        format!("{masked}{}", &part[word.len()..])
    });
    without_fields_in_text(&parts.collect::<String>())
}

fn value_as_it_is(text: &str) -> String {
    let masked = without_secrets(text, |name, _| {
        is_secret(name) || SECRET_IN_VALUE.contains(&name.to_lowercase().as_str())
    });
    let masked = cut_user(&masked)
        .map_or_else(|| masked.clone(), |start| format!("{}{MASK}", &masked[..start]));
    without_keys(&masked)
}

/// The start of user information without an `@`, which is missing if the password has a blank or a
/// comma and only the part before it was taken as the value.
fn cut_user(text: &str) -> Option<usize> {
    let start = option_length(text);
    let start = start + wrappers_length(&text[start..]);
    let start = start + slashes(&text[start..])?;
    let (_, port) = text[start..].split(['/', '?', '#']).next()?.split_once(':')?;
    let is_port = port.chars().all(|character| character.is_ascii_digit());
    (!is_port && !text[start..].starts_with(['[', '*'])).then_some(start)
}

/// Whether a field is secret and ends at the next blank. Quoted values may contain blanks: see
/// [`without_fields_in_text`].
fn is_bare_secret(name: &str, value: &str) -> bool {
    is_secret(name) && !value.is_empty() && !value.starts_with(['\'', '"'])
}

/// Masks user information, and everything from the value of the first field that `is_secret`: the
/// end of that value depends on the syntax, which is not known.
fn without_secrets(text: &str, is_secret: impl Fn(&str, &str) -> bool) -> String {
    let user = user(text);
    let field = equals_signs(text).find(|(name, start)| is_secret(name, &text[*start..]));
    match (user, field.map(|(_, start)| start)) {
        (None, None) => text.to_owned(),
        (Some((start, end)), None) => format!("{}{MASK}{}", &text[..start], &text[end..]),
        (Some((start, end)), Some(field)) if field >= end => {
            format!("{}{MASK}{}{MASK}", &text[..start], &text[end..field])
        }
        // One may be a part of the other.
        (user, Some(field)) => {
            let start = user.map_or(field, |(start, _)| start.min(field));
            format!("{}{MASK}", &text[..start])
        }
    }
}

/// Decodes percent-encoding, up to four layers of it.
fn decoded(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    for _ in 0..4 {
        let inner = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if inner == text {
            break;
        }
        text = Cow::Owned(inner);
    }
    text.into_owned()
}

/// The start and the end of user information. It ends at the last `@`, because a password may
/// contain any character without the escape that it needs.
fn user(text: &str) -> Option<(usize, usize)> {
    let end = text.rfind('@')?;
    user_start(&text[..end]).map(|start| (start, end))
}

/// The start of user information in `before`, the text before an `@`; `None` if there is none.
fn user_start(before: &str) -> Option<usize> {
    let opening = before.len() - before.trim_start_matches(['\'', '`', '(', '<', '[']).len();
    let start = opening + option_length(&before[opening..]);
    let start = start + wrappers_length(&before[start..]);
    let rest = &before[start..];
    match slashes(rest) {
        Some(length) => {
            let authority = rest[length..].split('/').next().unwrap_or_default();
            let is_path = authority.len() < rest.len() - length && !rest[length..].contains(':');
            (!is_path).then_some(start + length)
        }
        None => rest.contains(':').then_some(start),
    }
}

/// The length of a leading `--option=` or `NAME=`.
fn option_length(text: &str) -> usize {
    let is_name = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    let name = text.find(|character| !is_name(character)).filter(|end| *end > 0);
    name.filter(|end| text[*end..].starts_with('=')).map_or(0, |end| end + 1)
}

fn wrappers_length(text: &str) -> usize {
    let mut rest = text;
    while let Some(wrapper) = WRAPPERS.iter().find(|wrapper| rest.starts_with(**wrapper)) {
        if rest[wrapper.len()..].starts_with('/') {
            break;
        }
        rest = &rest[wrapper.len()..];
    }
    text.len() - rest.len()
}

/// The length of a leading `scheme://` or `//`.
fn slashes(text: &str) -> Option<usize> {
    let (scheme, _) = text.split_once("//")?;
    let name = scheme.strip_suffix(':').unwrap_or(scheme);
    let is_scheme = (name.len() < scheme.len() || scheme.is_empty())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "+.-".contains(character));
    is_scheme.then_some(scheme.len() + 2)
}

/// Masks the value of each secret field, up to its closing quote or the next blank.
fn without_fields_in_text(text: &str) -> String {
    let Some((_, start)) = equals_signs(text).find(|(name, _)| is_secret(name)) else {
        return text.to_owned();
    };
    let (before, field) = text.split_at(start);
    let blanks = field.len() - field.trim_start_matches(' ').len();
    let field = &field[blanks..];
    let quote = field.chars().next().filter(|first| matches!(first, '\'' | '"'));
    let length = match quote {
        Some(quote) => field[1..].find(quote).map_or(field.len(), |end| end + 2),
        None => field.find([' ', '\t', '\n', '\r', '"']).unwrap_or(field.len()),
    };
    format!("{before}{MASK}{}", without_fields_in_text(&field[length..]))
}

/// For each `=`: the name before it, and the start of the value after it.
fn equals_signs(text: &str) -> impl Iterator<Item = (&str, usize)> {
    text.match_indices('=').map(|(at, _)| {
        let before = text[..at].trim_end();
        let is_name = |character: char| character.is_alphanumeric() || "-_.".contains(character);
        let name = before.rfind(|character| !is_name(character));
        let length = |at: usize| before[at..].chars().next().map_or(0, char::len_utf8);
        (&before[name.map_or(0, |at| at + length(at))..], at + 1)
    })
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    let names_file = name.ends_with("file") || name.ends_with("path");
    !names_file && SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

/// Masks everything that looks like one of LaunchDarkly's tokens or keys.
fn without_keys(text: &str) -> String {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let words = text.split_inclusive(|character| !is_part(character)).map(|part| {
        let word = part.trim_end_matches(|character| !is_part(character));
        let key = ["api-", "sdk-", "mob-"].iter().find_map(|start| word.strip_prefix(start));
        let is_key = key.is_some_and(|key| {
            key.len() >= 12 && key.contains(|character: char| character.is_ascii_digit())
        });
        if is_key { format!("{MASK}{}", &part[word.len()..]) } else { part.to_owned() }
    });
    words.collect()
}

#[cfg(test)]
mod tests;
