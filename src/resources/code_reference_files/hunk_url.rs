//! URLs of places in code, made of a repository's template:
//! `https://github.com/acme/shop/blob/${sha}/${filePath}#L${lineNumber}`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::launchdarkly::lenient::{Identifier, Shape, without_credentials};
use crate::model::table::Lenient;

const PATH: &str = "${filePath}";
const LINE: &str = "${lineNumber}";

/// The characters that are percent-encoded in a path.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The most letters around the line number in a fragment, as in `#lines-${lineNumber}`. A longer
/// fragment may hold a secret.
const MOST_LETTERS: usize = 8;

/// A template without the parts that may be credentials.
#[derive(Debug)]
pub struct UrlTemplate {
    /// Without user info, query and fragment.
    bare: String,
    /// The fragment, if it does nothing but name the line.
    fragment: Option<String>,
}

impl Shape for UrlTemplate {
    fn text(text: String) -> Lenient<Self> {
        let bare = without_credentials(&text).filter(|bare| bare.contains(PATH));
        let fragment = text.split_once('#').map(|(_, fragment)| fragment.to_owned());
        let fragment = fragment.filter(|fragment| names_line_only(fragment));
        bare.map_or(Lenient::Unset, |bare| Lenient::Value(UrlTemplate { bare, fragment }))
    }
}

fn names_line_only(fragment: &str) -> bool {
    let around = fragment.replacen(LINE, "", 1);
    let is_plain = around.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    is_plain && around.len() <= MOST_LETTERS && around.len() < fragment.len()
}

/// The URL of a line in a file. It is unexpected if a part that it is made of is.
pub(super) fn of(
    template: Option<&Lenient<UrlTemplate>>,
    commit: &Lenient<Identifier>,
    path: &str,
    line: i64,
) -> Lenient<String> {
    match (template, commit) {
        (Some(Lenient::Value(template)), Lenient::Value(commit)) => {
            Lenient::Value(filled(template, &commit.0, path, line))
        }
        (Some(Lenient::Unexpected), _) | (Some(Lenient::Value(_)), Lenient::Unexpected) => {
            Lenient::Unexpected
        }
        _ => Lenient::Unset,
    }
}

fn filled(template: &UrlTemplate, commit: &str, path: &str, line: i64) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let line = line.to_string();
    // The path comes last: a file may have the name of a placeholder.
    let url = template.bare.replace("${sha}", &encoded(commit)).replace(LINE, &line);
    let url = url.replace(PATH, &encoded(path.trim_start_matches('/')));
    let fragment = template.fragment.as_ref().map(|fragment| fragment.replace(LINE, &line));
    fragment.map_or(url.clone(), |fragment| format!("{url}#{fragment}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The URL of line 7 of a file at commit `8f2c`; empty if there is none.
    fn url(template: &str, path: &str) -> String {
        let template = UrlTemplate::text(template.to_owned());
        let commit = Lenient::Value(Identifier("8f2c".to_owned()));
        of(Some(&template), &commit, path, 7).value().cloned().unwrap_or_default()
    }

    #[test]
    fn placeholders_are_filled() {
        for (template, expected) in [
            (
                "https://github.com/a/b/blob/${sha}/${filePath}#L${lineNumber}",
                "https://github.com/a/b/blob/8f2c/src/x.ts#L7",
            ),
            (
                "https://bitbucket.org/a/b/src/${sha}/${filePath}#lines-${lineNumber}",
                "https://bitbucket.org/a/b/src/8f2c/src/x.ts#lines-7",
            ),
            ("https://x.example/${filePath}/${lineNumber}", "https://x.example/src/x.ts/7"),
        ] {
            assert_eq!(url(template, "/src/x.ts"), expected);
        }
    }

    #[test]
    fn what_may_be_a_secret_is_left_out() {
        let bare = "https://x.example/src/x.ts";
        for template in [
            "https://robot:secret@x.example/${filePath}?token=secret",
            "https://x.example/${filePath}#token-${lineNumber}-of-robot",
            "https://x.example/${filePath}#4${lineNumber}",
            "https://x.example/${filePath}#secret",
        ] {
            assert_eq!(url(template, "src/x.ts"), bare, "{template}");
        }
    }

    #[test]
    fn a_template_without_the_path_gives_no_url() {
        for template in ["", "x", "https://x.example/?path=${filePath}", "https://x.example/"] {
            assert_eq!(url(template, "src/x.ts"), "", "{template}");
        }
    }

    #[test]
    fn paths_are_encoded_and_never_filled_in_themselves() {
        let template = "https://x.example/${filePath}#L${lineNumber}";
        assert_eq!(url(template, "a b/#?.ts"), "https://x.example/a%20b/%23%3F.ts#L7");
        let odd = "https://x.example/%24%7BlineNumber%7D#L7";
        assert_eq!(url(template, "${lineNumber}"), odd);
    }
}
