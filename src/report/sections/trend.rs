//! How figures changed from day to day: `project_daily`, added up over projects.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;

/// What is counted every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Live flags.
    Live,
    /// Temporary flags that are stale in a critical environment.
    StaleInCritical,
    /// Live flags of which the code can go.
    ReadyForCodeRemoval,
    /// Live flags that nothing needs any more.
    ReadyToArchive,
    /// Flags that nobody owns.
    Unowned,
}

/// A measure on one day.
#[derive(Debug, PartialEq, Serialize)]
pub struct Point {
    /// `2026-11-20`, UTC.
    pub day: String,
    /// None where a project's is not known.
    pub value: Option<i64>,
}

/// How a measure changed.
#[derive(Debug, PartialEq, Serialize)]
pub struct Change {
    /// Since how many days ago.
    pub days: i64,
    /// How much more there is now.
    pub change: i64,
}

/// What is known of each project on each day.
#[derive(Debug, Default)]
pub struct Daily {
    projects: BTreeMap<String, BTreeMap<String, [Option<i64>; 5]>>,
    days: BTreeSet<String>,
    /// The days, as numbers.
    numbers: BTreeMap<String, i64>,
}

impl Daily {
    /// Reads a year of days.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let sql =
            "SELECT project_key, day, CAST(julianday(day) AS INTEGER), live, stale_in_critical,
                          ready_for_code_removal, ready_to_archive, unowned
                   FROM project_daily
                   WHERE day > (SELECT date(max(day), '-366 days') FROM project_daily)";
        let mut daily = Daily::default();
        rows(connection, sql, |row| {
            let values = [row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?];
            daily.add(row.get(0)?, row.get(1)?, row.get(2)?, values);
            Ok(())
        })?;
        Ok(daily)
    }

    fn add(&mut self, project: String, day: String, number: i64, values: [Option<i64>; 5]) {
        self.projects.entry(project).or_default().insert(day.clone(), values);
        self.numbers.insert(day.clone(), number);
        self.days.insert(day);
    }

    /// A measure on every day, over the projects of which it is known on the newest.
    pub fn series(&self, measure: Measure) -> Vec<Point> {
        let known: Vec<_> =
            self.projects.values().filter(|days| self.is_known(days, measure)).collect();
        let point = |day: &String| {
            let values = known.iter().map(|days| value_on(days, day, measure));
            Point { day: day.clone(), value: values.sum() }
        };
        match known.is_empty() {
            true => Vec::new(),
            false => self.days.iter().map(point).collect(),
        }
    }

    fn is_known(&self, days: &BTreeMap<String, [Option<i64>; 5]>, measure: Measure) -> bool {
        let newest = self.days.last().and_then(|day| days.get(day));
        newest.is_some_and(|values| values[measure as usize].is_some())
    }

    /// How a measure changed since about `days` days ago; none where no day is near enough.
    pub fn change(&self, series: &[Point], days: i64) -> Option<Change> {
        let newest = series.last()?;
        let now = *self.numbers.get(&newest.day)?;
        let age = |point: &Point| self.numbers.get(&point.day).map(|number| now - number);
        let near = |point: &&Point| {
            point.value.is_some()
                && age(point).is_some_and(|age| age >= days && age <= days * 3 / 2)
        };
        let then = series.iter().rev().find(near)?;
        Some(Change { days: age(then)?, change: newest.value? - then.value? })
    }
}

/// A project that is new on a day had nothing before.
fn value_on(days: &BTreeMap<String, [Option<i64>; 5]>, day: &str, measure: Measure) -> Option<i64> {
    let is_new = || days.keys().next().is_none_or(|first| first.as_str() > day);
    match days.get(day) {
        Some(values) => values[measure as usize],
        None => is_new().then_some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily(rows: &[(&str, i64, Option<i64>)]) -> Daily {
        let mut daily = Daily::default();
        for (project, day, value) in rows {
            let name = format!("2026-11-{day:02}");
            daily.add((*project).to_owned(), name, *day, [*value; 5]);
        }
        daily
    }

    fn values(daily: &Daily) -> Vec<Option<i64>> {
        daily.series(Measure::Live).into_iter().map(|point| point.value).collect()
    }

    #[test]
    fn projects_are_added_up_and_new_ones_had_nothing() {
        let daily = daily(&[("a", 1, Some(5)), ("a", 8, Some(6)), ("b", 8, Some(2))]);
        assert_eq!(values(&daily), [Some(5), Some(8)]);
        let series = daily.series(Measure::Live);
        assert_eq!(daily.change(&series, 7), Some(Change { days: 7, change: 3 }));
        assert_eq!(daily.change(&series, 30), None);
    }

    #[test]
    fn a_day_on_which_a_project_is_not_known_is_a_gap_and_one_never_known_is_left_out() {
        let rows = [
            ("a", 1, Some(5)),
            ("b", 1, Some(1)),
            ("a", 2, Some(5)),
            ("a", 3, None),
            ("b", 3, Some(1)),
            ("a", 4, Some(4)),
            ("b", 4, Some(1)),
            ("c", 4, None),
        ];
        assert_eq!(values(&daily(&rows)), [Some(6), None, None, Some(5)]);
    }

    #[test]
    fn without_days_there_is_no_trend() {
        assert!(values(&Daily::default()).is_empty());
    }
}
