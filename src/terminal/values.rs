//! Values from arguments, variables and files: blanks around them are ignored.

use std::ffi::OsStr;

use clap::builder::TypedValueParser;
use clap::{Arg, Command};

use crate::error::redact;

/// `text` without surrounding blanks, line ends and byte order marks.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}')
}

/// A path without surrounding tabs, line ends and byte order marks. Blanks may be a part of it.
pub fn trim_path(text: &str) -> &str {
    text.trim_matches(['\r', '\n', '\t', '\u{feff}'])
}

/// The trimmed value of an environment variable; `None` if it is unset or blank.
///
/// # Errors
/// If it is not text.
pub fn variable(name: &str) -> Result<Option<String>, std::env::VarError> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(trim(&value).to_owned()).filter(|value| !value.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A parser that trims a value first.
#[derive(Clone)]
pub struct Trimmed<P>(pub P);

impl<P: TypedValueParser> TypedValueParser for Trimmed<P> {
    type Value = P::Value;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let trimmed = value.to_str().map(|text| OsStr::new(trim(text)));
        self.0.parse_ref(command, argument, trimmed.unwrap_or(value))
    }

    fn possible_values(
        &self,
    ) -> Option<Box<dyn Iterator<Item = clap::builder::PossibleValue> + '_>> {
        self.0.possible_values()
    }
}

/// Values separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<T> List<T> {
    /// Parses each value with `parse`. Surplus commas are ignored.
    ///
    /// # Errors
    /// Those of `parse`; also if there is no value, or if the text seems to contain a password.
    pub fn parse<E: ToString>(
        text: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Self, String> {
        if redact::value(text) != text {
            return Err("it looks like an address or a field with a password".to_owned());
        }
        let values = text.split(',').map(trim).filter(|value| !value.is_empty()).map(parse);
        let values = values.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
        if values.is_empty() {
            return Err("the list is empty".to_owned());
        }
        Ok(List(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Result<Vec<String>, String> {
        List::parse(text, |value| Ok::<_, String>(value.to_owned())).map(|list| list.0)
    }

    #[test]
    fn blanks_and_byte_order_marks_are_trimmed() {
        assert_eq!(trim("\u{feff} \ta b\r\n"), "a b");
        assert_eq!(trim_path("\u{feff} a b \r\n"), " a b ");
    }

    #[test]
    fn surplus_blanks_and_commas_of_a_list_are_ignored() {
        for text in ["a,b", "a, b", " a ,b,", ",a,,b", "a,b\n"] {
            assert_eq!(list(text), Ok(vec!["a".to_owned(), "b".to_owned()]), "{text:?}");
        }
        for text in ["", " ", ",", " , ,"] {
            assert!(list(text).is_err(), "{text:?}");
        }
    }
}
