-- What fills `project_daily`: the figures of each project that the newest run read, for the day on which it started.
-- A figure is NULL where a view cannot tell it, or does not know it of every flag.
INSERT OR REPLACE INTO main.project_daily
WITH
flag_counts AS (
    SELECT
        project_key,
        sum(state = 'live') AS live,
        sum(state = 'deprecated') AS deprecated,
        sum(temporary AND state <> 'archived') AS temporary,
        sum(NOT temporary AND state <> 'archived') AS permanent,
        sum(state = 'archived') AS archived
    FROM flags
    GROUP BY project_key
),
readiness AS (
    SELECT
        project_key,
        CASE WHEN count(*) = count(ready_to_archive) THEN sum(ready_to_archive) END AS ready_to_archive,
        CASE WHEN count(*) = count(ready_for_code_removal) THEN sum(ready_for_code_removal) END
            AS ready_for_code_removal
    FROM flag_readiness
    WHERE state = 'live'
    GROUP BY project_key
),
stale AS MATERIALIZED (
    SELECT project_key, flag_key, max(critical) AS in_critical
    -- CROSS for speed: the other way round, all stale flags would be kept and indexed first.
    FROM stale_flags CROSS JOIN environments USING (project_key, environment_key)
    GROUP BY project_key, flag_key
),
stale_counts AS (
    SELECT project_key, count(*) AS flags, sum(in_critical) AS flags_in_critical FROM stale GROUP BY project_key
),
gaps AS (
    SELECT
        project_key, environment_key, critical,
        project_key || '/' || environment_key IN (
            SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
        ) AS is_read
    FROM stale_percentages
    WHERE unknown_flags > 0
),
-- Flags that lack a status, and may be stale. For speed, they are looked for where there are any: most often nowhere.
unknown AS (
    SELECT project_key, flag_key, max(critical) AS in_critical
    FROM gaps CROSS JOIN flags USING (project_key)
    WHERE temporary AND state <> 'archived' AND created_at <= (
        SELECT strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || value || ' days')
        FROM latest_extraction, scorecard_thresholds
        WHERE threshold = 'stale_flag_age'
    ) AND NOT (is_read AND EXISTS (
        SELECT 1 FROM flag_statuses AS status
        WHERE status.project_key = gaps.project_key AND status.flag_key = flags.flag_key
          AND status.environment_key = gaps.environment_key
          AND status IN ('new', 'active', 'launched', 'inactive')
    ))
    GROUP BY project_key, flag_key
),
-- One that is known to be stale somewhere counts, whatever is unknown elsewhere.
undecided AS (
    SELECT
        project_key,
        sum(stale.flag_key IS NULL) AS flags,
        sum(unknown.in_critical AND stale.in_critical IS NOT 1) AS flags_in_critical
    FROM unknown LEFT JOIN stale USING (project_key, flag_key)
    GROUP BY project_key
),
people AS (
    SELECT
        max(resource = 'members' AND is_complete) AS has_members,
        max(resource = 'teams' AND is_complete) AS has_teams
    FROM resource_coverage
),
-- Of whose maintainers nobody is known to be there, and somebody is not known to be gone.
owners AS (
    SELECT project_key, count(*) AS unknown
    FROM flags CROSS JOIN people
    WHERE state <> 'archived'
      AND (maintainer_id IS NOT NULL AND NOT has_members OR maintainer_team_key IS NOT NULL AND NOT has_teams)
      -- An address without an ID is a maintainer, of whom nothing else is known.
      AND (maintainer_id IS NOT NULL OR maintainer_email IS NULL)
      AND NOT CASE WHEN has_members AND maintainer_id IN (SELECT member_id FROM members) THEN 1 ELSE 0 END
      AND NOT CASE WHEN has_teams AND maintainer_team_key IN (SELECT team_key FROM teams) THEN 1 ELSE 0 END
    GROUP BY project_key
),
unowned AS (
    SELECT project_key, count(*) AS flags FROM unowned_flags GROUP BY project_key
)
SELECT
    project_key,
    substr(started_at, 1, 10),
    extraction_id,
    coalesce(flag_counts.live, 0),
    coalesce(flag_counts.deprecated, 0),
    coalesce(flag_counts.temporary, 0),
    coalesce(flag_counts.permanent, 0),
    coalesce(flag_counts.archived, 0),
    CASE WHEN coalesce(undecided.flags, 0) = 0 THEN coalesce(stale_counts.flags, 0) END,
    -- Without a critical environment, what is stale in one is unknown.
    CASE WHEN coalesce(undecided.flags_in_critical, 0) = 0
        AND project_key IN (SELECT project_key FROM environments WHERE critical)
        THEN coalesce(stale_counts.flags_in_critical, 0) END,
    CASE WHEN readiness.project_key IS NULL THEN 0 ELSE readiness.ready_to_archive END,
    CASE WHEN readiness.project_key IS NULL THEN 0 ELSE readiness.ready_for_code_removal END,
    CASE WHEN coalesce(owners.unknown, 0) = 0 THEN coalesce(unowned.flags, 0) END,
    0,
    0
FROM latest_extraction
JOIN projects
LEFT JOIN flag_counts USING (project_key)
LEFT JOIN readiness USING (project_key)
LEFT JOIN undecided USING (project_key)
LEFT JOIN stale_counts USING (project_key)
LEFT JOIN owners USING (project_key)
LEFT JOIN unowned USING (project_key)
WHERE project_key IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete);

-- Counts what happened on the day, and on that of the run before: it had only begun then. Flags that were deleted since
-- count as well, as far as a run has seen them.
UPDATE main.project_daily AS today SET
    created = (
        SELECT count(DISTINCT flag_key || ' ' || created_at) FROM flags_history AS version
        WHERE version.project_key = today.project_key
          AND created_at >= today.day AND created_at < date(today.day, '+1 day')
    ),
    archived_that_day = (
        SELECT count(DISTINCT flag_key || ' ' || archived_at) FROM flags_history AS version
        WHERE version.project_key = today.project_key
          AND archived_at >= today.day AND archived_at < date(today.day, '+1 day')
    )
WHERE project_key IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete)
  AND (project_key, day) IN (
      SELECT project_key, max(day) FROM main.project_daily GROUP BY project_key
      UNION
      SELECT project_key, max(day) FROM main.project_daily
      WHERE day < (SELECT substr(started_at, 1, 10) FROM latest_extraction)
      GROUP BY project_key
  )
