-- Question: Which percentage of temporary flags is stale, in each environment?
-- Definition: Stale flags (see `stale_flags`) as a percentage of temporary flags that are not archived.
-- Source: LaunchDarkly's documentation, "Flag health": https://launchdarkly.com/docs/home/releases/flag-health
-- Assumptions: A flag that is too young to be stale is not stale, whatever its status. If the
--   status of an older flag is unknown, so is the percentage; without temporary flags, it is NULL.
--   Flags and environments are those in the tables: a run with `--skip flags` keeps those of an
--   earlier one. If no run has read a project's flags, everything about them is unknown.
-- Needs: flags, environments, flag_statuses?
-- Stored: until a threshold changes
-- Key: project_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: critical boolean: Whether the environment is critical.
-- Column: temporary_flags integer?: Temporary flags that are not archived; NULL where no run has read the flags.
-- Column: stale_flags integer?: Those of them that are stale; NULL where that is unknown.
-- Column: stale_percentage real?: Stale flags per hundred temporary ones.
-- Column: unknown_flags integer?: Temporary flags that might be stale, but have no status, or none that flaglake knows; NULL where no run has read the flags.
-- Column: known_stale_flags integer?: Temporary flags that are known to be stale; NULL where nothing about the project's flags is known.
-- Example: SELECT * FROM stale_percentages WHERE critical ORDER BY stale_percentage DESC
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
temporary_counts AS (
    SELECT project_key, count(*) AS flags, sum(created_at <= stale_created_until) AS old_flags
    FROM limits CROSS JOIN flags USING (project_key)
    WHERE temporary AND state <> 'archived' AND NOT (SELECT is_current FROM stored_state)
      AND CASE WHEN (project_key, flag_key) IN (SELECT project_key, flag_key FROM exempt_flags) THEN 0 ELSE 1 END
    GROUP BY project_key
),
-- Projects whose flags are in the tables, as far as there are any.
projects_read AS (
    SELECT project_key FROM projects
    WHERE EXISTS (SELECT 1 FROM flags WHERE flags.project_key = projects.project_key)
       OR project_key IN (SELECT scope FROM resource_coverage WHERE resource = 'flags' AND is_complete)
),
environments_read AS (
    SELECT project_key, environment_key
    -- CROSS for speed: the other way round, all environments would be compared for each scope.
    FROM environments CROSS JOIN resource_coverage
    WHERE resource = 'flag_statuses' AND is_complete AND scope = project_key || '/' || environment_key
),
known AS (
    SELECT status.project_key, environment_key, count(*) AS flags
    FROM limits CROSS JOIN flags AS flag ON flag.project_key = limits.project_key
    CROSS JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
    WHERE NOT (SELECT is_current FROM stored_state)
      AND temporary AND state <> 'archived' AND flag.created_at <= stale_created_until
      AND CASE WHEN (flag.project_key, flag.flag_key) IN (SELECT project_key, flag_key FROM exempt_flags)
          THEN 0 ELSE 1 END
      -- Another status, new to flaglake, may mean anything.
      AND status IN ('new', 'active', 'launched', 'inactive')
    GROUP BY status.project_key, environment_key
),
stale AS (
    SELECT project_key, environment_key, count(*) AS flags FROM stale_flags WHERE NOT (SELECT is_current FROM stored_state) GROUP BY 1, 2
),
counts AS (
    SELECT
        project_key, environment_key,
        (project_key, environment_key) IN (SELECT project_key, environment_key FROM critical_environments) AS critical,
        CASE WHEN projects_read.project_key IS NOT NULL THEN coalesce(temporary.flags, 0) END AS temporary_flags,
        coalesce(stale.flags, 0) AS stale_flags,
        CASE WHEN projects_read.project_key IS NOT NULL THEN coalesce(temporary.old_flags, 0) END
            - CASE WHEN is_read.project_key IS NULL THEN 0 ELSE coalesce(known.flags, 0) END
            AS unknown_flags
    FROM environments
    LEFT JOIN projects_read USING (project_key)
    LEFT JOIN temporary_counts AS temporary USING (project_key)
    LEFT JOIN environments_read AS is_read USING (project_key, environment_key)
    LEFT JOIN known USING (project_key, environment_key)
    LEFT JOIN stale USING (project_key, environment_key)
)
SELECT
    project_key, environment_key, critical, temporary_flags,
    CASE WHEN unknown_flags = 0 THEN stale_flags END AS stale_flags,
    CASE WHEN unknown_flags = 0 AND temporary_flags > 0
        THEN 100.0 * stale_flags / temporary_flags END AS stale_percentage,
    unknown_flags,
    CASE WHEN temporary_flags IS NOT NULL THEN stale_flags END AS known_stale_flags
FROM counts
