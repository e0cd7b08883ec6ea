//! Flags that can be removed, and the reasons against removing others.

use super::{Definition, FLAG, PROJECT, column};
use crate::report::columns::Kind;

/// Two views with a row for every flag are combined by `UNION ALL` and `GROUP BY`, which sort. A
/// join could compare each row of one with each row of the other, because SQLite has no index for
/// the rows of a view.
pub(super) const LISTS: &[Definition] = &[
    Definition {
        id: "flags_ready_for_code_removal",
        view: "flags_ready_for_code_removal",
        title: "Ready for code removal",
        meaning: "Temporary flags, launched in every critical environment, that are still in the code. Replace each flag by its “value that stays”. A flag without such a value is blocked.",
        empty: "No flag is ready for code removal.",
        columns: &[
            PROJECT,
            FLAG,
            column("age_days", "Age in days", Kind::Number),
            column("value", "Value that stays", Kind::Text),
            column("verdict", "Safe to remove?", Kind::Word),
        ],
        sql: "SELECT project_key, flag_key, CAST(julianday(started_at) - julianday(flags.created_at) AS INTEGER) AS age_days,
                  value, verdict
              FROM (
                  SELECT project_key, flag_key, max(verdict) AS verdict, max(value) AS value
                  FROM (
                      SELECT project_key, flag_key, 1 AS is_ready, NULL AS verdict, NULL AS value
                      FROM flags_ready_for_code_removal
                      UNION ALL
                      SELECT project_key, flag_key, 0, code_removal_verdict, NULL FROM removal_verdicts
                      UNION ALL
                      SELECT project_key, flag_key, 0, NULL, value FROM forward_values)
                  GROUP BY project_key, flag_key
                  HAVING max(is_ready))
              CROSS JOIN flags USING (project_key, flag_key)
              CROSS JOIN latest_extraction
              ORDER BY age_days DESC, project_key, flag_key",
    },
    Definition {
        id: "flags_ready_to_archive",
        view: "flags_ready_to_archive",
        title: "Ready to archive",
        meaning: "Temporary flags that nothing requests in any critical environment, that no code refers to, and on which no flag depends.",
        empty: "No flag is ready to archive.",
        columns: &[
            PROJECT,
            FLAG,
            column("age_days", "Age in days", Kind::Number),
            column("archive_verdict", "Safe to archive?", Kind::Word),
            column("archive_reasons", "Reasons", Kind::Words),
        ],
        sql: "SELECT project_key, flag_key, CAST(julianday(started_at) - julianday(flags.created_at) AS INTEGER) AS age_days,
                  archive_verdict, archive_reasons
              FROM (
                  SELECT project_key, flag_key, max(archive_verdict) AS archive_verdict, max(archive_reasons) AS archive_reasons
                  FROM (
                      SELECT project_key, flag_key, 1 AS is_ready, NULL AS archive_verdict, NULL AS archive_reasons
                      FROM flags_ready_to_archive
                      UNION ALL
                      SELECT project_key, flag_key, 0, archive_verdict, archive_reasons FROM removal_verdicts)
                  GROUP BY project_key, flag_key
                  HAVING max(is_ready))
              CROSS JOIN flags USING (project_key, flag_key)
              CROSS JOIN latest_extraction
              ORDER BY age_days DESC, project_key, flag_key",
    },
    Definition {
        id: "stale_flags",
        view: "stale_flags",
        title: "Stale flags",
        meaning: "Temporary flags, {stale_flag_age} old or older, that have been inactive or launched for {stale_status}, by environment.",
        empty: "No stale flags.",
        columns: &[
            PROJECT,
            FLAG,
            column("environment_key", "Environment", Kind::Text),
            column("critical", "Critical", Kind::Boolean),
            column("status", "Status", Kind::Word),
            column("status_days", "Days in it", Kind::Number),
            column("age_days", "Age in days", Kind::Number),
        ],
        sql: "SELECT project_key, flag_key, environment_key,
                  (project_key, environment_key) IN (SELECT project_key, environment_key FROM critical_environments) AS critical,
                  status, status_days, age_days
              FROM stale_flags
              JOIN environments USING (project_key, environment_key)
              ORDER BY critical DESC, age_days DESC, project_key, flag_key, environment_key",
    },
    Definition {
        id: "forgotten_rollouts",
        view: "forgotten_rollouts",
        title: "Forgotten rollouts",
        meaning: "Flags that are launched in some environments and inactive in others.",
        empty: "No forgotten rollouts.",
        columns: &[
            PROJECT,
            FLAG,
            column("launched_in", "Launched in", Kind::Texts),
            column("inactive_in", "Inactive in", Kind::Texts),
        ],
        sql: "SELECT project_key, flag_key, launched_in, inactive_in
              FROM forgotten_rollouts
              ORDER BY project_key, flag_key",
    },
    Definition {
        id: "never_requested_flags",
        view: "never_requested_flags",
        title: "Never requested",
        meaning: "Flags, {never_requested_age} old or older, that nothing has ever requested in any environment.",
        empty: "Every flag has been requested.",
        columns: &[
            PROJECT,
            FLAG,
            column("age_days", "Age in days", Kind::Number),
            column("created_at", "Created", Kind::Day),
        ],
        sql: "SELECT project_key, flag_key, age_days, created_at
              FROM never_requested_flags
              ORDER BY age_days DESC, project_key, flag_key",
    },
    Definition {
        id: "inactive_flags",
        view: "inactive_flags",
        title: "Inactive for {inactive}",
        meaning: "Flags that nothing has requested for {inactive}, by environment.",
        empty: "No flag has been inactive for {inactive}.",
        columns: &[
            PROJECT,
            FLAG,
            column("environment_key", "Environment", Kind::Text),
            column("inactive_days", "Days inactive", Kind::Number),
            column("last_requested_at", "Last requested", Kind::Day),
        ],
        sql: "SELECT project_key, flag_key, environment_key, inactive_days, last_requested_at
              FROM inactive_flags
              ORDER BY inactive_days DESC, project_key, flag_key, environment_key",
    },
    Definition {
        id: "launched_flags",
        view: "launched_flags",
        title: "Launched, unchanged for {launched_unchanged}",
        meaning: "Flags that serve everybody the same variation, and have not changed for {launched_unchanged}, by environment.",
        empty: "No flag has been launched and unchanged for {launched_unchanged}.",
        columns: &[
            PROJECT,
            FLAG,
            column("environment_key", "Environment", Kind::Text),
            column("unchanged_days", "Days unchanged", Kind::Number),
            column("last_modified_at", "Last changed", Kind::Day),
        ],
        sql: "SELECT project_key, flag_key, environment_key, unchanged_days, last_modified_at
              FROM launched_flags
              ORDER BY unchanged_days DESC, project_key, flag_key, environment_key",
    },
    Definition {
        id: "removal_verdicts",
        view: "removal_verdicts",
        title: "Safe to remove or archive?",
        meaning: "Whether a flag is safe to remove from code, with the value to replace it by, and whether it is safe to archive, with the reasons against each. Code that still requests an archived flag gets the fallback.",
        empty: "There are no flags.",
        columns: &[
            PROJECT,
            FLAG,
            column("verdict", "Safe to remove from code?", Kind::Word),
            column("reasons", "Reasons", Kind::Words),
            column("value", "Value that stays", Kind::Text),
            column("archive_verdict", "Safe to archive?", Kind::Word),
            column("archive_reasons", "Reasons (archiving)", Kind::Words),
        ],
        sql: "SELECT project_key, flag_key, max(verdict) AS verdict, max(reasons) AS reasons,
                  max(value) AS value, max(archive_verdict) AS archive_verdict, max(archive_reasons) AS archive_reasons
              FROM (
                  SELECT project_key, flag_key, code_removal_verdict AS verdict, code_removal_reasons AS reasons,
                      NULL AS value, archive_verdict, archive_reasons
                  FROM removal_verdicts
                  UNION ALL
                  SELECT project_key, flag_key, NULL, NULL, value, NULL, NULL FROM forward_values)
              GROUP BY project_key, flag_key
              ORDER BY CASE max(verdict) WHEN 'safe' THEN 0 WHEN 'caution' THEN 1
                           WHEN 'blocked' THEN 2 ELSE 3 END, project_key, flag_key",
    },
    Definition {
        id: "code_reference_mismatches",
        view: "code_reference_mismatches",
        title: "Code does not match",
        meaning: "Archived flags that code still refers to, so that it gets the fallback value, and live flags that no code refers to.",
        empty: "Flags and code match.",
        columns: &[
            PROJECT,
            FLAG,
            column("mismatch", "Mismatch", Kind::Word),
            column("repositories", "Repositories", Kind::Number),
        ],
        sql: "SELECT project_key, flag_key, mismatch, repositories
              FROM code_reference_mismatches
              ORDER BY mismatch, project_key, flag_key",
    },
    Definition {
        id: "fallback_mismatches",
        view: "fallback_mismatches",
        title: "Fallback differs",
        meaning: "Flags that serve everybody one value, although the fallback in the code is a different value. Without the flag, users get the fallback.",
        empty: "No fallback is known to differ.",
        columns: &[
            PROJECT,
            FLAG,
            column("environment_key", "Environment", Kind::Text),
            column("value", "Value served", Kind::Text),
            column("default_value", "Fallback in code", Kind::Text),
        ],
        sql: "SELECT project_key, flag_key, environment_key, value, default_value
              FROM fallback_mismatches
              ORDER BY project_key, flag_key, environment_key",
    },
];
