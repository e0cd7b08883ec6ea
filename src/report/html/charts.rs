//! The charts, each with a table of the same numbers.

use crate::report::data::Report;
use crate::report::sections::headline::Figure;
use crate::report::sections::trend::Point;
use crate::report::words::{change, grouped};

/// A chart with its table.
pub struct Chart {
    /// Its name, by which the script knows how to draw it.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// A description of the chart.
    pub meaning: &'static str,
    /// The text to show instead if there is no data.
    pub empty: Option<&'static str>,
    /// The headings of the table's columns.
    pub header: Vec<&'static str>,
    /// The table's rows; the first cell is the row's heading.
    pub rows: Vec<Vec<String>>,
}

/// The charts, in the order of the page.
pub fn charts(report: &Report) -> Vec<Chart> {
    let (trend, velocity) = (trend(report), velocity(report));
    vec![trend, velocity, lifecycle(report), owners(report), statuses(report), ages(report)]
}

fn trend(report: &Report) -> Chart {
    let with_series = |figure: &&Figure| !figure.series.is_empty();
    let figures: Vec<_> = report.summary.headline.iter().filter(with_series).collect();
    // Every series has the same days.
    let days = figures.first().map(|figure| figure.series.len()).unwrap_or_default();
    let shown = |point: &Point| point.value.map_or_else(|| "unknown".to_owned(), grouped);
    let row = |index: usize| {
        let day = figures.first().map(|figure| figure.series[index].day.clone());
        day.into_iter().chain(figures.iter().map(|figure| shown(&figure.series[index]))).collect()
    };
    Chart {
        id: "trend",
        title: "Trend",
        meaning: "Flags to clean up, on every day with an extraction.",
        empty: (days < 2).then_some(
            "This is the first day: there is no trend yet. Every later extraction adds to it.",
        ),
        header: std::iter::once("Day").chain(figures.iter().map(|figure| figure.label)).collect(),
        rows: (0..days).rev().map(row).collect(),
    }
}

fn lifecycle(report: &Report) -> Chart {
    let rows = report.lifecycle.iter().map(|one| {
        let counts = [
            one.live,
            one.ready_for_code_removal,
            one.ready_to_archive,
            one.deprecated,
            one.unknown,
            one.archived,
        ];
        row(one.label(), &counts)
    });
    Chart {
        id: "lifecycle",
        title: "Lifecycle by project",
        meaning: "The stage of each flag in its life cycle. Archived flags are only in the table.",
        empty: report.lifecycle.is_empty().then_some("There are no projects."),
        header: vec![
            "Project",
            "Live",
            "Ready for code removal",
            "Ready to archive",
            "Deprecated",
            "Unknown",
            "Archived",
        ],
        rows: rows.collect(),
    }
}

fn statuses(report: &Report) -> Chart {
    let rows = report.statuses.iter().map(|one| {
        let critical = if one.critical { " (critical)" } else { "" };
        let name = format!("{}/{}{critical}", one.project_key, one.environment_key);
        row(name, &[one.new, one.active, one.launched, one.inactive, one.unknown])
    });
    Chart {
        id: "statuses",
        title: "Status by environment",
        meaning: "The status that LaunchDarkly reports for each flag that is not archived. Critical environments come first, marked by a star.",
        empty: report.statuses.is_empty().then_some("There are no environments."),
        header: vec!["Environment", "New", "Active", "Launched", "Inactive", "Unknown"],
        rows: rows.collect(),
    }
}

fn owners(report: &Report) -> Chart {
    let rows = report.owners.iter().map(|one| {
        let counts =
            [one.ready_for_code_removal, one.ready_to_archive, one.live_flags, one.unknown_flags];
        row(one.label(), &counts)
    });
    let has_debt = report.owners.iter().any(|one| one.debt() > 0);
    Chart {
        id: "owners",
        title: "Debt by owner",
        meaning: "Flags of each owner at LaunchDarkly's stages of clean-up.",
        empty: (!has_debt).then_some("No owner has a flag that is known to be ready for clean-up."),
        header: vec![
            "Owner",
            "Ready for code removal",
            "Ready to archive",
            "Live flags",
            "Unknown",
        ],
        rows: rows.collect(),
    }
}

fn ages(report: &Report) -> Chart {
    let flags: i64 = report.ages.iter().map(|one| one.temporary + one.permanent).sum();
    Chart {
        id: "ages",
        title: "Age",
        meaning: "The age of flags that are not archived.",
        empty: (flags == 0).then_some("There are no flags."),
        header: vec!["Age", "Temporary", "Permanent"],
        rows: report
            .ages
            .iter()
            .map(|one| row(one.label.clone(), &[one.temporary, one.permanent]))
            .collect(),
    }
}

fn velocity(report: &Report) -> Chart {
    let flags: i64 = report.velocity.iter().map(|one| one.created + one.archived).sum();
    let rows = report.velocity.iter().rev().map(|one| {
        vec![one.month.clone(), grouped(one.created), grouped(one.archived), change(one.net)]
    });
    Chart {
        id: "velocity",
        title: "Velocity",
        meaning: "Flags created and archived by month. While the line is above zero, the number of flags grows. The last month is not complete.",
        empty: (flags == 0).then_some("No flag was created or archived in 24 months."),
        header: vec!["Month", "Created", "Archived", "Net"],
        rows: rows.collect(),
    }
}

fn row(name: String, counts: &[i64]) -> Vec<String> {
    std::iter::once(name).chain(counts.iter().copied().map(grouped)).collect()
}
