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
-- Without a critical environment, what is stale in one is unknown.
unknown AS (
    SELECT
        project_key,
        sum(unknown_flags) > 0 AS stale,
        coalesce(sum(unknown_flags) FILTER (WHERE critical), 1) > 0 AS stale_in_critical
    FROM stale_percentages
    GROUP BY project_key
),
stale AS (
    SELECT
        project_key,
        count(DISTINCT flag_key) AS flags,
        count(DISTINCT CASE WHEN critical THEN flag_key END) AS flags_in_critical
    -- CROSS for speed: the other way round, all stale flags would be kept and indexed first.
    FROM stale_flags CROSS JOIN environments USING (project_key, environment_key)
    GROUP BY project_key
),
-- Who maintains a flag is known, but whether they are still there only where people were read.
owners AS (
    SELECT
        project_key,
        sum(maintainer_id IS NOT NULL) AS by_member,
        sum(maintainer_team_key IS NOT NULL) AS by_team
    FROM flags
    WHERE state <> 'archived'
    GROUP BY project_key
),
unowned AS (
    SELECT project_key, count(*) AS flags FROM unowned_flags GROUP BY project_key
),
people AS (
    SELECT
        max(resource = 'members' AND is_complete) AS has_members,
        max(resource = 'teams' AND is_complete) AS has_teams
    FROM resource_coverage
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
    CASE WHEN NOT unknown.stale THEN coalesce(stale.flags, 0) END,
    CASE WHEN NOT unknown.stale_in_critical THEN coalesce(stale.flags_in_critical, 0) END,
    CASE WHEN readiness.project_key IS NULL THEN 0 ELSE readiness.ready_to_archive END,
    CASE WHEN readiness.project_key IS NULL THEN 0 ELSE readiness.ready_for_code_removal END,
    CASE WHEN (has_members OR coalesce(by_member, 0) = 0) AND (has_teams OR coalesce(by_team, 0) = 0)
        THEN coalesce(unowned.flags, 0) END,
    0,
    0
FROM latest_extraction
CROSS JOIN people
JOIN projects
LEFT JOIN flag_counts USING (project_key)
LEFT JOIN readiness USING (project_key)
LEFT JOIN unknown USING (project_key)
LEFT JOIN stale USING (project_key)
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
