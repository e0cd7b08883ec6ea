//! The charts, each with a table of the same numbers. Bars and points lead where the table's cells do.

use super::cell::{Cell, month_range};
use crate::report::data::Report;
use crate::report::sections::ages::Age;
use crate::report::sections::headline::Figure;
use crate::report::sections::lifecycle::Stages;
use crate::report::sections::owners::Owner;
use crate::report::sections::statuses::Statuses;
use crate::report::sections::velocity::Month;
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
    pub rows: Vec<Vec<Cell>>,
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
    let row = |index: usize| {
        let day = figures.first().map(|figure| Cell::plain(&figure.series[index].day));
        day.into_iter().chain(figures.iter().map(|figure| point(figure, index))).collect()
    };
    Chart {
        id: "trend",
        title: "Trend",
        meaning: "Flags to clean up, on every day with an extraction. The last day leads to its flags.",
        empty: (days < 2).then_some(
            "This is the first day: there is no trend yet. Every later extraction adds to it.",
        ),
        header: std::iter::once("Day").chain(figures.iter().map(|figure| figure.label)).collect(),
        rows: (0..days).rev().map(row).collect(),
    }
}

/// A figure on one day. The page has the flags of the last day only.
fn point(figure: &Figure, index: usize) -> Cell {
    let Some(value) = figure.series[index].value else { return Cell::plain("unknown") };
    let is_now = index + 1 == figure.series.len() && figure.value == Some(value) && value > 0;
    Cell { text: grouped(value), address: is_now.then(|| figure.address()) }
}

fn lifecycle(report: &Report) -> Chart {
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
            "Code not checked",
            "Deprecated",
            "Unknown",
            "Archived",
        ],
        rows: report.lifecycle.iter().map(stages).collect(),
    }
}

fn stages(one: &Stages) -> Vec<Cell> {
    let project = ("project", one.project_key.as_str());
    let at = |number, stage| Cell::counted(number, "flags", &[project, ("stage", stage)]);
    vec![
        Cell::plain(one.label()),
        at(one.live, "live"),
        Cell::counted(one.ready_for_code_removal, "flags_ready_for_code_removal", &[project]),
        Cell::counted(one.ready_to_archive, "flags_ready_to_archive", &[project]),
        at(one.code_not_checked, "code_not_checked"),
        at(one.deprecated, "deprecated"),
        at(one.unknown, "unknown"),
        at(one.archived, "archived"),
    ]
}

fn statuses(report: &Report) -> Chart {
    Chart {
        id: "statuses",
        title: "Status by environment",
        meaning: "The status that LaunchDarkly reports for each flag that is not archived. Critical environments come first, marked by a star.",
        empty: report.statuses.is_empty().then_some("There are no environments."),
        header: vec!["Environment", "New", "Active", "Launched", "Inactive", "Unknown"],
        rows: report.statuses.iter().map(by_status).collect(),
    }
}

fn by_status(one: &Statuses) -> Vec<Cell> {
    let (project, environment) = (&one.project_key, &one.environment_key);
    let critical = if one.critical { " (critical)" } else { "" };
    let with = |number, status| {
        let filter =
            [("project", project.as_str()), ("environment_key", environment), ("status", status)];
        Cell::counted(number, "flag_statuses", &filter)
    };
    vec![
        Cell::plain(format!("{project}/{environment}{critical}")),
        with(one.new, "new"),
        with(one.active, "active"),
        with(one.launched, "launched"),
        with(one.inactive, "inactive"),
        with(one.unknown, "unknown"),
    ]
}

fn owners(report: &Report) -> Chart {
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
        rows: report.owners.iter().map(debt).collect(),
    }
}

fn debt(one: &Owner) -> Vec<Cell> {
    // Nobody is the owner without a key.
    let owner = ("owner_key", one.owner.as_deref().unwrap_or_default());
    let unknown = ("stage", "unknown,code_not_checked");
    vec![
        Cell::plain(one.label()),
        Cell::counted(one.ready_for_code_removal, "flags_ready_for_code_removal", &[owner]),
        Cell::counted(one.ready_to_archive, "flags_ready_to_archive", &[owner]),
        Cell::counted(one.live_flags, "flags", &[("state", "live"), owner]),
        Cell::counted(one.unknown_flags, "flags", &[unknown, owner]),
    ]
}

fn ages(report: &Report) -> Chart {
    let flags: i64 = report.ages.iter().map(|one| one.temporary + one.permanent).sum();
    Chart {
        id: "ages",
        title: "Age",
        meaning: "The age of flags that are not archived.",
        empty: (flags == 0).then_some("There are no flags."),
        header: vec!["Age", "Temporary", "Permanent"],
        rows: report.ages.iter().map(of_age).collect(),
    }
}

fn of_age(one: &Age) -> Vec<Cell> {
    let below = one.below_days.map(|days| days.to_string()).unwrap_or_default();
    let range = format!("{}..{below}", one.from_days);
    let flags = |number, temporary| {
        let filter =
            [("state", "live,deprecated"), ("temporary", temporary), ("age_days", range.as_str())];
        Cell::counted(number, "flags", &filter)
    };
    vec![Cell::plain(&one.label), flags(one.temporary, "yes"), flags(one.permanent, "no")]
}

fn velocity(report: &Report) -> Chart {
    let flags: i64 = report.velocity.iter().map(|one| one.created + one.archived).sum();
    Chart {
        id: "velocity",
        title: "Velocity",
        meaning: "Flags created and archived by month. While the line is above zero, the number of flags grows. The last month is not complete.",
        empty: (flags == 0).then_some("No flag was created or archived in 24 months."),
        header: vec!["Month", "Created", "Archived", "Net"],
        rows: report.velocity.iter().rev().map(in_month).collect(),
    }
}

fn in_month(one: &Month) -> Vec<Cell> {
    let counted = |number, list, column| match month_range(&one.month) {
        Some(range) => Cell::counted(number, list, &[(column, &range)]),
        None => Cell::plain(grouped(number)),
    };
    vec![
        Cell::plain(&one.month),
        counted(one.created, "flags", "created_at"),
        counted(one.archived, "flag_lifetimes", "archived_at"),
        Cell::plain(change(one.net)),
    ]
}
