//! The daily values of figures: the rows of `project_daily`, summed over the projects.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use rusqlite::Connection;
use serde::Serialize;

use crate::report::columns::rows;

/// A count that is recorded every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Live flags.
    Live,
    /// Temporary flags that are stale in a critical environment.
    StaleInCritical,
    /// Live flags whose code can be removed.
    ReadyForCodeRemoval,
    /// Live flags that are no longer needed.
    ReadyToArchive,
    /// Flags without an owner.
    Unowned,
}

/// A measure on one day.
#[derive(Debug, PartialEq, Serialize)]
pub struct Point {
    /// `2026-11-20`, UTC.
    pub day: String,
    /// The value; `None` if it is unknown for a project.
    pub value: Option<i64>,
}

/// The change of a measure.
#[derive(Debug, PartialEq, Serialize)]
pub struct Change {
    /// The length of the period, in days.
    pub days: i64,
    /// The difference: positive for an increase.
    pub change: i64,
}

/// The counts of each project on each day.
#[derive(Debug, Default)]
pub struct Daily {
    projects: BTreeMap<String, Days>,
    /// The days, as numbers.
    days: BTreeMap<String, i64>,
    /// The days with a run that read the flags of all projects.
    whole: BTreeSet<String>,
}

/// The counts of one project.
#[derive(Debug, Default)]
struct Days {
    values: BTreeMap<String, [Option<i64>; 5]>,
    /// Whether the newest run read all projects, and did not find this one.
    is_deleted: bool,
}

/// The days of the year up to the newest run on which there was a run: rows of others name an earlier
/// one, and have no figures. Later days are ignored, because a run with a wrong clock wrote them.
const YEAR: &str = "
    SELECT project_key, day, CAST(julianday(day) AS INTEGER), live, stale_in_critical,
        ready_for_code_removal, ready_to_archive, unowned,
        project_key NOT IN (SELECT project_key FROM projects)
    FROM project_daily CROSS JOIN latest_extraction
    WHERE day > date(started_at, '-366 days') AND day <= date(started_at) AND day IN (
        SELECT day FROM project_daily AS daily
        WHERE coalesce(stale_in_critical, ready_for_code_removal, ready_to_archive, unowned) IS NOT NULL
           OR day = coalesce((
                SELECT date(run.started_at) FROM extractions AS run
                WHERE run.extraction_id = daily.extraction_id), day))";

/// Runs that read the flags of all projects, and whether each is the newest.
const WHOLE: &str = "
    SELECT date(started_at), extraction_id = (SELECT extraction_id FROM latest_extraction)
    FROM extractions AS run
    WHERE NOT only_selected_projects AND EXISTS (
        SELECT 1 FROM extraction_resources AS part
        WHERE part.extraction_id = run.extraction_id AND resource = 'projects'
          AND outcome = 'complete'
    ) AND NOT EXISTS (
        SELECT 1 FROM extraction_resources AS part
        WHERE part.extraction_id = run.extraction_id AND resource = 'flags' AND outcome = 'skipped'
    )";

impl Daily {
    /// Reads a year of days.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let (mut daily, mut is_newest_whole) = (Daily::default(), false);
        let mut statement = connection.prepare(WHOLE)?;
        let mut runs = statement.query([])?;
        while let Some(run) = runs.next()? {
            is_newest_whole |= run.get::<_, bool>(1)?;
            daily.whole.insert(run.get(0)?);
        }
        rows(connection, YEAR, |row| {
            let values = [row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?];
            let days = daily.add(row.get(0)?, row.get(1)?, row.get(2)?, values);
            days.is_deleted = is_newest_whole && row.get(8)?;
            Ok(())
        })?;
        Ok(daily)
    }

    fn add(
        &mut self,
        project: String,
        day: String,
        number: i64,
        values: [Option<i64>; 5],
    ) -> &mut Days {
        self.days.insert(day.clone(), number);
        let days = self.projects.entry(project).or_default();
        days.values.insert(day, values);
        days
    }

    /// A measure on every day. It covers the projects for which the newest day has a value, and the
    /// deleted projects. For other projects, a change cannot be computed.
    pub fn series(&self, measure: Measure) -> Vec<Point> {
        let known: Vec<_> =
            self.projects.values().filter(|days| self.is_known(days, measure)).collect();
        let point = |day: &String| {
            let values = known.iter().map(|days| self.value_on(days, day, measure));
            Point { day: day.clone(), value: values.sum() }
        };
        if known.is_empty() { Vec::new() } else { self.days.keys().map(point).collect() }
    }

    fn newest(&self) -> Option<&String> {
        self.days.keys().next_back()
    }

    fn is_known(&self, days: &Days, measure: Measure) -> bool {
        let Some(newest) = self.newest() else { return false };
        let last = if days.is_deleted || self.is_absent(days, newest) {
            days.values.values().next_back()
        } else {
            days.values.get(newest)
        };
        last.is_some_and(|values| values[measure as usize].is_some())
    }

    /// The measure of a project on a day: 0 if the runs show that the project did not exist then.
    fn value_on(&self, days: &Days, day: &String, measure: Measure) -> Option<i64> {
        if days.is_deleted && Some(day) == self.newest() {
            return Some(0);
        }
        match days.values.get(day) {
            Some(values) => values[measure as usize],
            None => self.is_absent(days, day).then_some(0),
        }
    }

    /// Whether a project did not exist on a day. Runs that read all projects prove this: one after
    /// the last earlier day with data for the project, and one before the next later day.
    fn is_absent(&self, days: &Days, day: &String) -> bool {
        let before = days.values.range::<String, _>(..day).next_back();
        let after = days.values.range::<String, _>((Bound::Excluded(day), Bound::Unbounded)).next();
        let is_seen = |range| self.whole.range::<String, _>(range).next().is_some();
        !days.values.contains_key(day)
            && before.is_none_or(|(last, _)| is_seen((Bound::Excluded(last), Bound::Included(day))))
            && after.is_none_or(|(next, _)| is_seen((Bound::Included(day), Bound::Excluded(next))))
    }

    /// The change of a measure since about `days` days ago; `None` if no day is near enough.
    pub fn change(&self, series: &[Point], days: i64) -> Option<Change> {
        let newest = series.last()?;
        let now = *self.days.get(&newest.day)?;
        let age = |point: &Point| self.days.get(&point.day).map(|number| now - number);
        let near = |point: &&Point| {
            point.value.is_some()
                && age(point).is_some_and(|age| age >= days && age <= days * 3 / 2)
        };
        let then = series.iter().rev().find(near)?;
        Some(Change { days: age(then)?, change: newest.value? - then.value? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(day: i64) -> String {
        format!("2026-11-{day:02}")
    }

    /// A run of all projects on each day.
    fn daily(rows: &[(&str, i64, Option<i64>)]) -> Daily {
        let mut daily = Daily::default();
        for (project, day, value) in rows {
            daily.add((*project).to_owned(), name(*day), *day, [*value; 5]);
        }
        daily.whole = daily.days.keys().cloned().collect();
        daily
    }

    fn values(daily: &Daily) -> Vec<Option<i64>> {
        daily.series(Measure::Live).into_iter().map(|point| point.value).collect()
    }

    #[test]
    fn new_projects_count_as_zero_before_their_creation() {
        let daily = daily(&[("a", 1, Some(5)), ("a", 8, Some(6)), ("b", 8, Some(2))]);
        assert_eq!(values(&daily), [Some(5), Some(8)]);
        let series = daily.series(Measure::Live);
        assert_eq!(daily.change(&series, 7), Some(Change { days: 7, change: 3 }));
        assert_eq!(daily.change(&series, 30), None);
    }

    #[test]
    fn a_day_with_an_unknown_project_has_no_total() {
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
        let mut daily = daily(&rows);
        daily.whole.remove(&name(2));
        assert_eq!(values(&daily), [Some(6), None, None, Some(5)]);
    }

    #[test]
    fn a_deleted_project_counts_as_zero_after_its_deletion() {
        let rows = [("a", 1, Some(5)), ("b", 1, Some(7)), ("a", 4, Some(5)), ("a", 8, Some(5))];
        let mut daily = daily(&rows);
        assert_eq!(values(&daily), [Some(12), Some(5), Some(5)]);
        // On the fourth, only selected projects were read: project b may have existed, or not.
        daily.whole.remove(&name(4));
        assert_eq!(values(&daily), [Some(12), None, Some(5)]);
    }

    #[test]
    fn a_project_that_was_not_selected_is_left_out() {
        let mut daily = daily(&[("a", 1, Some(5)), ("b", 1, Some(7)), ("a", 8, Some(6))]);
        daily.whole.remove(&name(8));
        assert_eq!(values(&daily), [Some(5), Some(6)]);
    }

    #[test]
    fn a_project_does_not_count_on_the_day_of_its_deletion() {
        let mut daily = daily(&[("a", 1, Some(5)), ("b", 1, Some(7))]);
        daily.projects.get_mut("b").unwrap().is_deleted = true;
        assert_eq!(values(&daily), [Some(5)]);
    }

    #[test]
    fn a_project_counts_as_zero_until_it_is_created_again() {
        let rows = [("a", 1, Some(5)), ("b", 1, Some(7)), ("a", 4, Some(5)), ("a", 8, Some(5))];
        let daily = daily(&[&rows[..], &[("b", 8, Some(2))]].concat());
        assert_eq!(values(&daily), [Some(12), Some(5), Some(7)]);
    }

    #[test]
    fn a_project_that_was_not_selected_before_is_no_increase() {
        let mut daily = daily(&[("a", 1, Some(5)), ("a", 8, Some(6)), ("b", 8, Some(2))]);
        daily.whole.remove(&name(1));
        assert_eq!(values(&daily), [None, Some(8)]);
    }

    #[test]
    fn without_days_there_is_no_trend() {
        assert!(values(&Daily::default()).is_empty());
    }
}
