//! The work list as CSV, for spreadsheets and trackers: <https://www.rfc-editor.org/rfc/rfc4180>.

use std::borrow::Cow;
use std::fmt::Display;

use csv::{Terminator, WriterBuilder};

use super::links::{flag_url, of_flag};
use super::sections::extraction::Extraction;
use super::sections::work::{Place, Work};
use crate::error::Kind;
use crate::terminal::spelled_out;
use crate::{Error, Result};

/// The names of the columns.
const HEADER: [&str; 14] = [
    "owner",
    "owner_name",
    "project_key",
    "flag_key",
    "name",
    "step",
    "verdict",
    "reasons",
    "value",
    "repositories",
    "places",
    "age_days",
    "url",
    "command",
];

/// A header, and one record for each flag. For a terminal, control characters are escaped: it would
/// obey them.
///
/// # Errors
/// Never, unless there is a bug.
pub fn render(work: &[Work], extraction: &Extraction, is_for_terminal: bool) -> Result<String> {
    let flag_url = flag_url(&extraction.base_url);
    let bug = |error: &dyn Display| Error::new(Kind::Internal, error.to_string());
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADER).map_err(|error| bug(&error))?;
    for flag in work {
        let cells = cells(flag, &flag_url, extraction);
        let cells = cells.iter().map(|cell| harmless(cell).into_owned());
        let shown = |cell: String| if is_for_terminal { spelled_out(&cell) } else { cell };
        let cells = cells.map(shown);
        writer.write_record(cells).map_err(|error| bug(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| bug(&error))?;
    String::from_utf8(bytes).map_err(|error| bug(&error))
}

fn cells(flag: &Work, flag_url: &str, extraction: &Extraction) -> [String; 14] {
    [
        flag.owner.clone().unwrap_or_default(),
        flag.owner_name.clone(),
        flag.project_key.clone(),
        flag.flag_key.clone(),
        flag.name.clone().unwrap_or_default(),
        flag.step.name().to_owned(),
        flag.verdict.clone(),
        flag.reasons.join("; "),
        flag.value.clone().unwrap_or_default(),
        flag.repositories.join("; "),
        flag.places.iter().map(Place::shown).collect::<Vec<_>>().join("; "),
        flag.age_days.to_string(),
        of_flag(flag_url, &flag.project_key, &flag.flag_key),
        flag.command(extraction).unwrap_or_default(),
    ]
}

/// Text that no spreadsheet runs as a formula: it starts with an apostrophe where it would be one,
/// as in the CSV of the page.
fn harmless(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Whether a spreadsheet may run it: <https://owasp.org/www-community/attacks/CSV_Injection>.
fn is_formula(text: &str) -> bool {
    let is_blank = |character: char| character.is_whitespace() || character == '\u{feff}';
    let start = text.trim_start_matches(is_blank);
    text.starts_with(['\t', '\r', '\n'])
        || start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_run_as_a_formula() {
        for formula in ["=1", "+1", "-1", "@A1", "\t1", "\r1", "\n1", " =1", "\u{feff}=1", "＝1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for text in ["", "a=1", "1-1", " a", "'=1"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn a_terminal_gets_no_control_characters() {
        let flag = Work { name: Some("a\u{1b}[2Jb\u{9b}31m".to_owned()), ..Work::example() };
        let extraction = Extraction::example("one", "https://app.launchdarkly.com");
        let flags = std::slice::from_ref(&flag);
        let text = |is_for_terminal| render(flags, &extraction, is_for_terminal).unwrap();
        assert!(!text(true).contains(['\u{1b}', '\u{9b}']));
        assert!(text(false).contains("a\u{1b}[2Jb"));
    }
}
