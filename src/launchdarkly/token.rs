//! The access token: its sources, its form, and how it stays secret.

use std::io::Read;
use std::path::Path;
use std::{fmt, fs, io};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::trouble::{Advise, Trouble};
use crate::error::Kind;
use crate::error::redact;
use crate::system::hash::hash;
use crate::terminal::values::{trim, variable};
use crate::{Error, Result};

/// The environment variables that may hold the token. The first one that is set counts.
pub const VARIABLES: [&str; 2] = ["LAUNCHDARKLY_ACCESS_TOKEN", "LD_ACCESS_TOKEN"];

/// An access token of valid form. `Debug` does not show it.
#[derive(Clone)]
pub struct Token(SecretString);

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(***)")
    }
}

impl Token {
    /// Takes the token from `file` (`-` is standard input), or else from the environment: from
    /// `named`, if there is one. `advise` supplies the hints of errors.
    ///
    /// # Errors
    /// `invalid_credentials` if there is none, `usage` if it cannot be a token.
    pub fn find(file: Option<&Path>, named: Option<&str>, advise: Advise) -> Result<Self> {
        if let Some(path) = file {
            // Files and pipes usually end with a newline that is not part of the token.
            return Token::parse(trim(&read(path, advise)?));
        }
        let names = named.map_or_else(|| VARIABLES.to_vec(), |name| vec![name]);
        for name in names {
            let value = variable(name)
                .map_err(|_| Error::usage(format!("the access token in `{name}` is not text")))?;
            if let Some(value) = value {
                return Token::parse(&value);
            }
        }
        match named {
            None => Err(missing(advise)),
            Some(name) => Err(missing(advise).hint(format!("set the variable `{name}`"))),
        }
    }

    /// Checks that `text` can be an access token.
    ///
    /// # Errors
    /// `usage`, with the defect but without the token.
    pub fn parse(text: &str) -> Result<Self> {
        match defect(text) {
            Some((message, hint)) => Err(Error::usage(message).hint(hint)),
            None => Ok(Token(SecretString::from(text))),
        }
    }

    /// The value of the `Authorization` header: the raw token, without a scheme.
    pub(super) fn header(&self) -> HeaderValue {
        let mut value = HeaderValue::from_str(self.0.expose_secret())
            .unwrap_or_else(|_| HeaderValue::from_static(""));
        value.set_sensitive(true);
        value
    }

    /// A number that identifies the token without revealing it.
    pub fn fingerprint(&self) -> u64 {
        hash(self.0.expose_secret())
    }

    /// `text` with the token, and everything that looks like a token or an SDK key, masked.
    pub(super) fn redact(&self, text: &str) -> String {
        let text = text.replace(self.0.expose_secret(), "***");
        let word = |word: &str| {
            ["sdk-", "mob-", "api-"].iter().any(|prefix| word.contains(prefix)).then_some("***")
        };
        text.split_inclusive(char::is_whitespace)
            .map(|part| word(part).map_or(part.to_owned(), |mask| format!("{mask} ")))
            .collect()
    }
}

fn read(path: &Path, advise: Advise) -> Result<String> {
    let mut text = String::new();
    let outcome = if path == Path::new("-") {
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    outcome.map_err(|error| {
        let path = redact::value(&path.to_string_lossy());
        Error::usage(format!("could not read the access token from `{path}`: {error}"))
            .hint(advise(Trouble::TokenFile))
    })
}

fn missing(advise: Advise) -> Error {
    Error::new(Kind::InvalidCredentials, "there is no access token").hint(advise(Trouble::NoToken))
}

/// What other APIs, and forms that ask for a token, put before it.
const PREFIXES: [&str; 6] =
    ["Bearer ", "api-key ", "api_key ", "apikey ", "token ", "Authorization: "];

/// Why `text` cannot be an access token, and the advice for that.
fn defect(text: &str) -> Option<(String, String)> {
    if let Some(prefix) = PREFIXES.into_iter().find(|prefix| starts_with(text, prefix)) {
        return Some((
            format!("the access token starts with `{prefix}`"),
            format!("paste the token exactly as LaunchDarkly shows it: remove `{prefix}`"),
        ));
    }
    let (message, hint) = other_defect(text)?;
    Some((message.to_owned(), hint.to_owned()))
}

/// Whether `text` starts with `prefix`, in letters of any case.
fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn other_defect(text: &str) -> Option<(&'static str, &'static str)> {
    const CREATE: &str = "create an access token in LaunchDarkly under Organization settings, \
                          Authorization";
    let starts = |prefix: &str| starts_with(text, prefix);
    if text.trim().is_empty() {
        Some(("the access token is empty", CREATE))
    } else if starts("sdk-") {
        Some(("this is an SDK key (`sdk-…`), not an access token", CREATE))
    } else if starts("mob-") {
        Some(("this is a mobile key (`mob-…`), not an access token", CREATE))
    } else if text.contains(['\r', '\n']) {
        Some(("the access token contains a newline", "remove the newline, and anything after it"))
    } else if text.bytes().any(|byte| !byte.is_ascii_graphic()) {
        Some((
            "the access token contains a space or another character that no token has",
            "copy the token again, without quotes and spaces",
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_token_is_a_usage_error_without_the_token() {
        for (text, wrong) in [
            ("", "empty"),
            (" \n", "empty"),
            ("Bearer api-1234", "`Bearer `"),
            ("bearer api-1234", "`Bearer `"),
            ("api-key api-1234", "`api-key `"),
            ("API-Key api-1234", "`api-key `"),
            ("token api-1234", "`token `"),
            ("Authorization: api-1234", "`Authorization: `"),
            ("sdk-1234-abcd", "SDK key"),
            ("mob-1234-abcd", "mobile key"),
            ("api-1234\n", "newline"),
            ("api-12\r\n34", "newline"),
            ("api 1234", "space"),
            ("api-\u{e9}1234", "character"),
        ] {
            let error = Token::parse(text).expect_err(text);
            assert_eq!(error.kind(), Kind::Usage);
            assert!(error.to_string().contains(wrong), "{text:?}: {error}");
            assert!(!error.to_string().contains("1234"), "{error}");
            assert!(error.advice().is_some());
        }
    }

    #[test]
    fn a_token_is_never_shown() {
        let token = Token::parse("api-1234").unwrap();
        assert_eq!(format!("{token:?} {:?}", token.header()), "Token(***) Sensitive");
        assert_eq!(token.redact("bad token api-1234! see sdk-77").trim(), "bad token ***! see ***");
    }
}
