//! The definitions of the figures.

use crate::report::sections::trend::Measure;

/// The definition of a figure. Its query returns the known value, the number of flags that are
/// unknown, and the note.
pub(super) struct Definition {
    pub id: &'static str,
    pub label: &'static str,
    pub less_is_better: bool,
    pub measure: Option<Measure>,
    pub list: &'static str,
    /// A column of the list and its value; none for the whole list.
    pub filter: Option<(&'static str, &'static str)>,
    pub sql: &'static str,
}

/// Projects whose flags no run has read.
pub(super) const NEVER_READ: &str = "
    SELECT count(*) FROM projects
    WHERE NOT EXISTS (SELECT 1 FROM flags WHERE flags.project_key = projects.project_key)
      AND project_key NOT IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete)";

/// Projects whose flags the newest run did not read.
pub(super) const NOT_READ_NOW: &str = "
    SELECT count(*) FROM projects
    WHERE project_key NOT IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete)";

/// A placeholder for the time since which flags count as new.
pub(super) const WINDOW_START: &str = "window start";

/// Every figure, in the order of the report.
pub(super) const DEFINITIONS: [Definition; 6] = [
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
