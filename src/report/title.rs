//! The title of a report.

/// The title that `--title` sets, or the one that every report has without it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Title<'a>(Option<&'a str>);

impl<'a> Title<'a> {
    /// The title that was set; a blank one counts as none.
    pub fn new(set: Option<&'a str>) -> Self {
        Title(set.map(str::trim).filter(|title| !title.is_empty()))
    }

    /// The title.
    pub fn words(&self) -> &'a str {
        self.0.unwrap_or("Feature flags")
    }

    /// The title, and what the report is of, such as `2 accounts`.
    pub fn of(&self, subject: &str) -> String {
        let joint = if self.0.is_some() { ": " } else { " of " };
        format!("{}{joint}{subject}", self.words())
    }
}

/// What a report on the demo account says.
pub const DEMO: &str = "This is the demo: the account and all of its data are invented.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_the_title_that_was_set() {
        assert_eq!(Title::new(Some(" Our flags ")).of("2 accounts"), "Our flags: 2 accounts");
        for none in [None, Some(""), Some(" ")] {
            assert_eq!(Title::new(none).of("2 accounts"), "Feature flags of 2 accounts");
        }
    }
}
