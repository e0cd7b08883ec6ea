-- What fills `project_daily`: the figures of each project that the newest run read, for the day on which it started.
-- A figure is NULL where a view cannot tell it, or does not know it of every flag.
INSERT INTO main.project_daily
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
    SELECT
        stale_flags.project_key, flag_key, max(critical.environment_key IS NOT NULL) AS in_critical
    FROM stale_flags LEFT JOIN critical_environments AS critical
        ON critical.project_key = stale_flags.project_key AND critical.environment_key = stale_flags.environment_key
    GROUP BY stale_flags.project_key, flag_key
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
    FROM latest_extraction CROSS JOIN gaps CROSS JOIN project_thresholds USING (project_key)
    CROSS JOIN flags USING (project_key)
    WHERE threshold = 'stale_flag_age' AND temporary AND state <> 'archived'
      AND created_at <= strftime('%Y-%m-%dT%H:%M:%fZ', started_at, '-' || value || ' days')
      AND (project_key, flag_key) NOT IN (SELECT project_key, flag_key FROM exempt_flags)
      AND NOT (is_read AND EXISTS (
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
      AND CASE WHEN (project_key, flag_key) IN (SELECT project_key, flag_key FROM exempt_flags) THEN 0 ELSE 1 END
      AND (maintainer_id IS NOT NULL AND NOT has_members OR maintainer_team_key IS NOT NULL AND NOT has_teams)
      -- An address without an ID is a maintainer, of whom nothing else is known.
      AND (maintainer_id IS NOT NULL OR maintainer_email IS NULL)
      AND NOT CASE WHEN has_members AND maintainer_id IN (SELECT member_id FROM members) THEN 1 ELSE 0 END
      AND NOT CASE WHEN has_teams AND maintainer_team_key IN (SELECT team_key FROM teams) THEN 1 ELSE 0 END
    GROUP BY project_key
),
unowned AS (
    SELECT project_key, count(*) AS flags FROM unowned_flags GROUP BY project_key
),
bounds AS (
    SELECT
        project_key,
        sum(coalesce(is_stale, 0)) AS stale_min, sum(coalesce(is_stale, 1)) AS stale_max,
        sum(coalesce(ready_to_archive, 0)) AS archive_min, sum(coalesce(ready_to_archive, 1)) AS archive_max,
        sum(coalesce(ready_for_code_removal, 0)) AS removal_min,
        sum(coalesce(ready_for_code_removal, 1)) AS removal_max,
        sum(coalesce(has_owner, 1) = 0 AND NOT is_exempt) AS unowned_min,
        sum(coalesce(has_owner, 0) = 0 AND NOT is_exempt) AS unowned_max
    FROM flag_judgements
    GROUP BY project_key
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
        AND project_key IN (SELECT project_key FROM critical_environments)
        THEN coalesce(stale_counts.flags_in_critical, 0) END,
    CASE WHEN readiness.project_key IS NULL THEN 0 ELSE readiness.ready_to_archive END,
    CASE WHEN readiness.project_key IS NULL THEN 0 ELSE readiness.ready_for_code_removal END,
    CASE WHEN coalesce(owners.unknown, 0) = 0 THEN coalesce(unowned.flags, 0) END,
    0,
    0,
    coalesce(bounds.stale_min, 0),
    coalesce(bounds.stale_max, 0),
    coalesce(bounds.archive_min, 0),
    coalesce(bounds.archive_max, 0),
    coalesce(bounds.removal_min, 0),
    coalesce(bounds.removal_max, 0),
    coalesce(bounds.unowned_min, 0),
    coalesce(bounds.unowned_max, 0)
FROM latest_extraction
JOIN projects
LEFT JOIN flag_counts USING (project_key)
LEFT JOIN readiness USING (project_key)
LEFT JOIN undecided USING (project_key)
LEFT JOIN stale_counts USING (project_key)
LEFT JOIN owners USING (project_key)
LEFT JOIN unowned USING (project_key)
LEFT JOIN bounds USING (project_key)
WHERE project_key IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete)
ON CONFLICT (project_key, day) DO UPDATE SET
    extraction_id = excluded.extraction_id,
    live = excluded.live,
    deprecated = excluded.deprecated,
    temporary = excluded.temporary,
    permanent = excluded.permanent,
    archived = excluded.archived,
    stale = excluded.stale,
    stale_in_critical = excluded.stale_in_critical,
    ready_to_archive = excluded.ready_to_archive,
    ready_for_code_removal = excluded.ready_for_code_removal,
    unowned = excluded.unowned,
    stale_in_critical_min = excluded.stale_in_critical_min,
    stale_in_critical_max = excluded.stale_in_critical_max,
    ready_to_archive_min = excluded.ready_to_archive_min,
    ready_to_archive_max = excluded.ready_to_archive_max,
    ready_for_code_removal_min = excluded.ready_for_code_removal_min,
    ready_for_code_removal_max = excluded.ready_for_code_removal_max,
    unowned_min = excluded.unowned_min,
    unowned_max = excluded.unowned_max;

-- What happened from the first to the last day of each project that the newest run read, by the day on which it happened.
-- Flags that were deleted since count as well, as far as a run has seen them.
DROP TABLE IF EXISTS temp.daily_events;
CREATE TEMP TABLE daily_events AS
WITH
days AS MATERIALIZED (
    SELECT
        scope AS project_key,
        (SELECT min(day) FROM main.project_daily WHERE project_key = scope) AS first,
        (SELECT max(day) FROM main.project_daily WHERE project_key = scope) AS last
    FROM resource_coverage
    WHERE resource = 'flags' AND is_complete
),
created AS (
    SELECT DISTINCT project_key, flag_key, created_at
    FROM days CROSS JOIN main.flags_history USING (project_key)
    WHERE created_at >= first
),
archived AS (
    SELECT DISTINCT project_key, flag_key, archived_at
    FROM days CROSS JOIN main.flags_history USING (project_key)
    WHERE archived_at >= first
),
events AS (
    SELECT project_key, substr(created_at, 1, 10) AS day, 1 AS created, 0 AS archived FROM created
    UNION ALL
    SELECT project_key, substr(archived_at, 1, 10), 0, 1 FROM archived
)
SELECT project_key, day, sum(created) AS created, sum(archived) AS archived
FROM events CROSS JOIN days USING (project_key)
WHERE day <= last
GROUP BY project_key, day;

-- Days without a row on which something happened get one: flags were then what the run before had found, as far as
-- anybody knows; all else is not known. On days without any run, all projects get one, so that sums over projects hold.
INSERT INTO main.project_daily (
    project_key, day, extraction_id, live, deprecated, temporary, permanent, archived, created, archived_that_day
)
WITH
wanted AS (
    SELECT project_key, day FROM temp.daily_events
    UNION
    SELECT project.project_key, quiet.day
    FROM (
        SELECT DISTINCT day FROM temp.daily_events
        WHERE day NOT IN (SELECT substr(started_at, 1, 10) FROM main.extractions)
    ) AS quiet
    CROSS JOIN (
        SELECT project_key, min(day) AS first, max(day) AS last FROM main.project_daily GROUP BY project_key
    ) AS project
    WHERE quiet.day BETWEEN first AND last
      AND project.project_key IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete)
)
SELECT
    before.project_key, wanted.day, before.extraction_id,
    before.live, before.deprecated, before.temporary, before.permanent, before.archived, 0, 0
FROM wanted
CROSS JOIN main.project_daily AS before
    ON before.project_key = wanted.project_key
    AND before.day = (
        SELECT max(day) FROM main.project_daily AS earlier
        WHERE earlier.project_key = wanted.project_key AND earlier.day < wanted.day
    )
WHERE NOT EXISTS (
    SELECT 1 FROM main.project_daily AS same WHERE same.project_key = wanted.project_key AND same.day = wanted.day
);

-- A count never falls: versions of deleted flags may have been forgotten since (`--history-retention`).
UPDATE main.project_daily AS today SET
    created = max(today.created, event.created),
    archived_that_day = max(today.archived_that_day, event.archived)
FROM temp.daily_events AS event
WHERE event.project_key = today.project_key AND event.day = today.day
  AND (event.created > today.created OR event.archived > today.archived_that_day);

DROP TABLE temp.daily_events
