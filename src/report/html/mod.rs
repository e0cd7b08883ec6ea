//! The report as one page, which needs no network and no other file.

mod cell;
mod charts;
pub(super) mod embed;
mod matrix;
mod payload;
pub(super) mod tasks;

use askama::Template;

use self::charts::Chart;
use self::matrix::Matrix;
use self::tasks::{MOST_FLAGS, Scope, Tasks};
use super::data::{Report, Summary};
use super::lists::{self, List, Lists};
use super::sections::freshness::Freshness;
use super::sections::gaps::Gap;
use super::sections::headline::Figure;
use super::sections::thresholds::Threshold;
use super::sections::trend::Change;
use super::title::{DEMO, Title};
use super::words::{change, count, decimal, grouped, some, title};
use crate::error::Kind;
use crate::{Error, Result};

/// Draws the charts: <https://www.chartjs.org>.
const CHART_LIBRARY: &str = include_str!("../assets/chart.umd.min.js");
const CHART_LICENCE: &str = include_str!("../assets/chart.js-LICENSE.md");
const SCRIPTS: [&str; 6] = [
    include_str!("../page/tables.js"),
    include_str!("../page/filters.js"),
    include_str!("../page/charts.js"),
    include_str!("../page/bars.js"),
    include_str!("../page/theme.js"),
    include_str!("../page/page.js"),
];
pub(super) const STYLE: &str = include_str!("../page/page.css");

/// The values that the template uses.
#[derive(Template)]
#[template(path = "page.html", config = "src/report/askama.toml")]
struct Page<'a> {
    title: Title<'a>,
    report: &'a Report,
    summary: &'a Summary,
    /// The Content-Security-Policy: it allows this page's own scripts and style, by hash.
    policy: String,
    style: &'static str,
    library: &'static str,
    licence: String,
    script: String,
    /// The data for the scripts, as JSON in which the special characters of HTML are escaped.
    payload: String,
    matrices: Vec<Matrix>,
    tasks: Tasks<'a>,
    charts: Vec<Chart>,
    groups: Vec<(&'static str, Vec<&'a List>)>,
}

/// The page.
///
/// # Errors
/// Never, unless there is a bug.
pub fn render(report: &Report, lists: &Lists, title: Title<'_>) -> Result<String> {
    let bug = |error: &dyn std::fmt::Display| Error::new(Kind::Internal, error.to_string());
    let script = SCRIPTS.join("\n");
    let extraction = &report.summary.extraction;
    let scope = Scope { extraction, account: None, most: MOST_FLAGS };
    let page = Page {
        title,
        report,
        summary: &report.summary,
        policy: embed::policy(&[CHART_LIBRARY, &script], &[STYLE]),
        style: STYLE,
        library: CHART_LIBRARY,
        licence: CHART_LICENCE.replace("--", "—"),
        script,
        payload: embed::json(&payload::payload(report, lists)).map_err(|error| bug(&error))?,
        matrices: matrix::matrices(&report.summary.scorecards),
        tasks: tasks::tasks(&report.work, scope),
        charts: charts::charts(report),
        groups: groups(lists),
    };
    page.render().map_err(|error| bug(&error))
}

fn groups(lists: &Lists) -> Vec<(&'static str, Vec<&List>)> {
    let names = lists::GROUPS.into_iter().map(|(name, _)| name);
    let of_group = |name| lists.all.iter().filter(|list| list.heading.group == name).collect();
    names.map(|name| (name, of_group(name))).collect()
}

impl Summary {
    /// Whether data is missing although the user did not leave it out.
    fn is_incomplete(&self) -> bool {
        let is_chosen = |gap: &Gap| ["skipped", "not_kept"].contains(&gap.outcome.as_str());
        !self.unknown.iter().all(is_chosen) || !self.without_critical_environment.is_empty()
    }

    /// The projects without a critical environment.
    fn shown_without_critical_environment(&self) -> String {
        some(&self.without_critical_environment, 5)
    }
}

impl List {
    /// How many rows it has.
    fn shown_rows(&self) -> String {
        grouped(i64::try_from(self.total).unwrap_or(i64::MAX))
    }
}

impl Freshness {
    /// The number of scopes in which the resource was read completely.
    fn shown_share(&self) -> String {
        format!("{} of {}", grouped(self.complete), grouped(self.scopes))
    }
}

impl Threshold {
    /// The limit with its unit, and with its default where it was changed.
    fn shown(&self) -> String {
        match decimal(self.default_value) {
            default if default == decimal(self.value) => self.words(),
            default => format!("{} (default {default})", self.words()),
        }
    }
}

impl Figure {
    /// The figure for people.
    pub(super) fn shown(&self) -> String {
        self.value.map_or_else(|| "Unknown".to_owned(), grouped)
    }

    /// Its changes in words.
    pub(super) fn shown_changes(&self) -> Vec<(String, &'static str)> {
        let shown = |one: &Change| {
            let mood = match one.change.signum() * if self.less_is_better { -1 } else { 0 } {
                1 => "better",
                -1 => "worse",
                _ => "neutral",
            };
            (format!("{} in {} days", change(one.change), one.days), mood)
        };
        self.changes.iter().map(shown).collect()
    }
}

/// The day of a time.
fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}

/// A time to the minute: `2026-11-20 02:00 UTC`.
pub(super) fn minute(time: &str) -> String {
    let minute: String = time.chars().take(16).collect();
    format!("{} UTC", minute.replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_script_or_style_ends_its_html_element() {
        for script in [CHART_LIBRARY].iter().chain(&SCRIPTS) {
            let script = script.to_lowercase();
            assert!(!script.contains("</script") && !script.contains("<!--"));
        }
        assert!(!STYLE.to_lowercase().contains("</style"));
    }

    #[test]
    fn the_chart_library_has_the_documented_version() {
        let readme = include_str!("../assets/README.md");
        let version =
            CHART_LIBRARY.lines().find_map(|line| line.trim().strip_prefix("* Chart.js v"));
        let version = version.unwrap();
        assert!(readme.contains(&format!("| `chart.js` | {version} |")), "{version}");
    }
}
