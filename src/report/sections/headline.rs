//! The figures that come first, with their target and trend.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;

use super::target::{Target, Targets};
use super::trend::{Change, Daily, Measure, Point};
use crate::report::words::grouped;

/// A figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// Its name, which does not change.
    pub id: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// The figure, over the known flags; `None` if it is 0 and some flags are unknown.
    pub value: Option<i64>,
    /// The number of flags for which it is unknown whether they count.
    pub unknown_flags: i64,
    /// The number of projects whose flags were not read.
    pub unread_projects: i64,
    /// More about it, in words; may be empty.
    pub note: String,
    /// Whether less of it is better.
    pub less_is_better: bool,
    /// What it should be; `None` if no threshold says so.
    pub target: Option<Target>,
    /// The changes since about 7 and 30 days ago; empty if there is no data for such a day.
    pub changes: Vec<Change>,
    /// The figure on every day of the last year with an extraction.
    pub series: Vec<Point>,
    /// The list behind it.
    pub list: &'static str,
    /// The filter for the figure's rows in the list: a value of a column, or its earliest time.
    pub filter: BTreeMap<&'static str, String>,
}

/// The definition of a figure. Its query returns the known value, the number of flags that are
/// unknown, and the note.
struct Definition {
    id: &'static str,
    label: &'static str,
    less_is_better: bool,
    measure: Option<Measure>,
    list: &'static str,
    /// A column of the list and its value; none for the whole list.
    filter: Option<(&'static str, &'static str)>,
    sql: &'static str,
}

/// Projects whose flags no run has read.
const NEVER_READ: &str = "
    SELECT count(*) FROM projects
    WHERE NOT EXISTS (SELECT 1 FROM flags WHERE flags.project_key = projects.project_key)
      AND project_key NOT IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete)";

/// Projects whose flags the newest run did not read.
const NOT_READ_NOW: &str = "
    SELECT count(*) FROM projects
    WHERE project_key NOT IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete)";

/// A placeholder for the time since which flags count as new.
const WINDOW_START: &str = "window start";

const DEFINITIONS: [Definition; 6] = [
    Definition {
        id: "live_flags",
        label: "Live flags",
        less_is_better: false,
        measure: Some(Measure::Live),
        list: "flags",
        filter: Some(("state", "live")),
        sql: "SELECT count(*), 0, printf('%,d temporary, %,d permanent',
                  coalesce(sum(temporary), 0), coalesce(sum(NOT temporary), 0))
              FROM flags WHERE state = 'live'",
    },
    Definition {
        id: "stale_flags",
        label: "Stale flags",
        less_is_better: true,
        measure: Some(Measure::StaleInCritical),
        list: "stale_flags",
        filter: Some(("critical", "yes")),
        sql: "WITH percentages AS MATERIALIZED (
                  SELECT project_key, environment_key, critical, unknown_flags
                  FROM stale_percentages),
              stale AS MATERIALIZED (
                  SELECT stale_flags.project_key, flag_key, max(critical.project_key IS NOT NULL) AS critical
                  FROM stale_flags LEFT JOIN critical_environments AS critical
                      ON critical.project_key = stale_flags.project_key
                      AND critical.environment_key = stale_flags.environment_key
                  GROUP BY stale_flags.project_key, flag_key),
              counts AS (
                  SELECT count(*) FILTER (WHERE critical) AS critical, count(*) AS anywhere FROM stale),
              -- A flag that is stale in one environment counts, even if others are unknown.
              unknown AS (
                  SELECT project_key, flag_key
                  FROM percentages AS gap CROSS JOIN flags USING (project_key)
                  WHERE critical AND unknown_flags > 0
                    AND temporary AND state <> 'archived' AND created_at <= (
                        SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || value || ' days')
                        FROM latest_extraction, project_thresholds AS own
                        WHERE threshold = 'stale_flag_age' AND own.project_key = gap.project_key)
                    AND (project_key, flag_key) NOT IN (SELECT project_key, flag_key FROM exempt_flags)
                    AND NOT EXISTS (
                        SELECT 1 FROM flag_statuses AS status CROSS JOIN resource_coverage
                        WHERE status.project_key = gap.project_key
                          AND status.flag_key = flags.flag_key
                          AND status.environment_key = gap.environment_key
                          AND status IN ('new', 'active', 'launched', 'inactive')
                          AND resource = 'flag_statuses' AND is_complete
                          AND scope = gap.project_key || '/' || gap.environment_key)
                  EXCEPT SELECT project_key, flag_key FROM stale WHERE critical)
              SELECT critical,
                     (SELECT count(*) FROM unknown) + (
                         SELECT count(*) FROM flags
                         WHERE temporary AND state <> 'archived' AND project_key NOT IN (
                             SELECT project_key FROM critical_environments)
                           AND (project_key, flag_key) NOT IN (SELECT project_key, flag_key FROM exempt_flags)),
                     'in a critical environment' || CASE
                         WHEN anywhere > 0 OR (SELECT coalesce(max(unknown_flags), 0) FROM percentages) = 0
                         THEN printf('; %,d in any', anywhere) ELSE '' END
              FROM counts",
    },
    Definition {
        id: "ready_for_code_removal",
        label: "Ready for code removal",
        less_is_better: true,
        measure: Some(Measure::ReadyForCodeRemoval),
        list: "flags_ready_for_code_removal",
        filter: None,
        sql: "SELECT coalesce(sum(ready_for_code_removal), 0),
                     count(*) - count(ready_for_code_removal), 'launched in every critical environment'
              FROM flag_readiness WHERE state = 'live'",
    },
    Definition {
        id: "ready_to_archive",
        label: "Ready to archive",
        less_is_better: true,
        measure: Some(Measure::ReadyToArchive),
        list: "flags_ready_to_archive",
        filter: None,
        sql: "SELECT coalesce(sum(ready_to_archive), 0),
                     count(*) - count(ready_to_archive), 'inactive in every critical environment, and not in code'
              FROM flag_readiness WHERE state = 'live'",
    },
    Definition {
        id: "unowned_flags",
        label: "Unowned flags",
        less_is_better: true,
        measure: Some(Measure::Unowned),
        list: "unowned_flags",
        filter: None,
        sql: "WITH people AS (
                  SELECT coalesce(max(resource = 'members' AND is_complete), 0) AS has_members,
                         coalesce(max(resource = 'teams' AND is_complete), 0) AS has_teams
                  FROM resource_coverage),
              unknown AS (
                  SELECT count(*) AS flags FROM flags CROSS JOIN people
                  WHERE state <> 'archived'
                    AND (project_key, flag_key) NOT IN (SELECT project_key, flag_key FROM exempt_flags)
                    AND (maintainer_id IS NOT NULL AND NOT has_members
                         OR maintainer_team_key IS NOT NULL AND NOT has_teams)
                    -- An address without an ID is a maintainer, of whom nothing else is known.
                    AND (maintainer_id IS NOT NULL OR maintainer_email IS NULL)
                    -- One existing maintainer suffices.
                    AND NOT CASE WHEN has_members AND maintainer_id IN (
                        SELECT member_id FROM members) THEN 1 ELSE 0 END
                    AND NOT CASE WHEN has_teams AND maintainer_team_key IN (
                        SELECT team_key FROM teams) THEN 1 ELSE 0 END),
              counts AS (
                  SELECT count(*) AS flags, coalesce(sum(reason <> 'none'), 0) AS departed
                  FROM unowned_flags)
              SELECT counts.flags, unknown.flags,
                     printf('%,d without an owner', counts.flags - departed)
                         || CASE WHEN departed > 0 OR unknown.flags = 0
                                THEN printf(', %,d whose owner left', departed) ELSE '' END
              FROM counts, unknown",
    },
    Definition {
        id: "net_new_flags",
        label: "Net new flags, 30 days",
        less_is_better: true,
        measure: None,
        list: "flags",
        filter: Some(("created_at", WINDOW_START)),
        sql: "WITH bound AS (
                  SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-30 days') AS start
                  FROM latest_extraction),
              counts AS (
                  SELECT coalesce(sum(created_at >= start), 0) AS created,
                         coalesce(sum(archived_at >= start), 0) AS archived
                  FROM flags, bound)
              SELECT created - archived, 0, printf('%,d created, %,d archived', created, archived)
              FROM counts",
    },
];

/// Reads them.
///
/// # Errors
/// When the database cannot be read.
pub fn read(connection: &Connection) -> rusqlite::Result<Vec<Figure>> {
    let daily = Daily::read(connection)?;
    let figures = DEFINITIONS.iter().map(|definition| figure(connection, definition, &daily));
    let mut figures = figures.collect::<rusqlite::Result<Vec<_>>>()?;
    compare(&mut figures, &Targets::read(connection)?);
    Ok(figures)
}

/// Compares figures with their targets. Some count together with another one.
fn compare(figures: &mut [Figure], targets: &Targets) {
    let bounds: BTreeMap<_, _> = figures.iter().map(|one| (one.id, one.bounds())).collect();
    for figure in figures {
        figure.target = targets.of(figure.id).map(|target| {
            let ids = [Some(figure.id), target.with].into_iter().flatten();
            let counted = ids.filter_map(|id| bounds.get(id));
            let (least, most) = counted.fold((0, Some(0)), |sum, (least, most)| {
                (sum.0 + least, sum.1.zip(*most).map(|(one, other)| one + other))
            });
            target.compared(least, most)
        });
    }
}

fn figure(
    connection: &Connection,
    definition: &Definition,
    daily: &Daily,
) -> rusqlite::Result<Figure> {
    let series = definition.measure.map(|measure| daily.series(measure)).unwrap_or_default();
    let changes = [7, 30].into_iter().filter_map(|days| daily.change(&series, days)).collect();
    let filter = filter(connection, definition)?;
    // Flags that an earlier run read do not show which flags are new now.
    let unread = if definition.measure.is_some() { NEVER_READ } else { NOT_READ_NOW };
    let unread_projects = connection.query_row(unread, [], |row| row.get(0))?;
    connection.query_row(definition.sql, [], |row| {
        let (known, unknown_flags) = (row.get(0)?, row.get(1)?);
        let is_known = known != 0 || unknown_flags + unread_projects == 0;
        Ok(Figure {
            id: definition.id,
            label: definition.label,
            // A count of 0 is meaningless if some flags are unknown.
            value: is_known.then_some(known),
            unknown_flags,
            unread_projects,
            // Without data, the note would read "0 of 0".
            note: if is_known || unread_projects == 0 { row.get(2)? } else { String::new() },
            less_is_better: definition.less_is_better,
            target: None,
            changes,
            series,
            list: definition.list,
            filter,
        })
    })
}

fn filter(
    connection: &Connection,
    definition: &Definition,
) -> rusqlite::Result<BTreeMap<&'static str, String>> {
    let sql =
        "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-30 days') FROM latest_extraction";
    let value = |value| match value {
        WINDOW_START => connection.query_row(sql, [], |row| row.get(0)),
        value => Ok(value.to_owned()),
    };
    definition.filter.into_iter().map(|(column, word)| Ok((column, value(word)?))).collect()
}

impl Figure {
    /// The list behind it, as a fragment of the page's address.
    pub fn address(&self) -> String {
        let words = self.filter.iter().map(|(column, value)| format!("&{column}={value}"));
        format!("#list={}{}", self.list, words.collect::<String>())
    }

    /// The least and the most that it can be; the most is unknown where flags were not read.
    fn bounds(&self) -> (i64, Option<i64>) {
        let known = self.value.unwrap_or_default();
        (known, (self.unread_projects == 0).then_some(known + self.unknown_flags))
    }

    /// The lists behind it, where it is made of several: what each has, and its address.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let since = self.filter.get("created_at").filter(|_| self.id == "net_new_flags");
        let archived = |since| format!("#list=flag_lifetimes&archived_at={since}");
        let parts = since.map(|since| [("created", self.address()), ("archived", archived(since))]);
        parts.into_iter().flatten().collect()
    }

    /// The flags and projects for which the figure is unknown, in words; empty if there are none.
    pub fn unknown(&self) -> Vec<String> {
        let several = |count: i64| if count == 1 { "" } else { "s" };
        let (flags, projects) = (self.unknown_flags, self.unread_projects);
        let unknown = format!("not known for {} flag{}", grouped(flags), several(flags));
        let unread =
            format!("flags of {} project{} were not read", grouped(projects), several(projects));
        [(flags, unknown), (projects, unread)]
            .into_iter()
            .filter_map(|(count, words)| (count > 0).then_some(words))
            .collect()
    }

    /// What is said about it, in words; the target as `target` says it.
    pub fn notes(&self, target: impl Fn(&Target) -> String) -> Vec<String> {
        let mut notes = vec![self.note.clone()];
        notes.extend(self.target.as_ref().map(target));
        notes.extend(self.unknown());
        notes.retain(|one| !one.is_empty());
        notes
    }

    /// Whether there is a trend to show.
    pub fn has_trend(&self) -> bool {
        self.series.iter().filter(|point| point.value.is_some()).count() > 1
    }
}
