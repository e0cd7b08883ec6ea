-- Question: Which environments have no traffic?
-- Definition: Environments in which no flag of the project, archived ones included, was requested for 30 days.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages", by which every flag is inactive in such an environment: https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: The period is a threshold (`quiet_environment`). Environments that may have no traffic are listed too:
--   `is_quiet` is NULL if the newest run did not read all statuses there, if a flag has no status, or if a flag counts
--   as requested but LaunchDarkly does not say when. A recent request decides, whichever run has read it. A new
--   environment has no traffic yet; LaunchDarkly does not report when an environment was created. Environments
--   of projects without flags are not listed: no flag can be requested in them.
-- Needs: environments, flags, flag_statuses?
-- Key: project_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: critical boolean: Whether the environment is critical (see `critical_environments`).
-- Column: last_requested_at time?: When a flag was last requested there, as far as known; NULL where none ever was.
-- Column: quiet_days integer?: Whole days since that time.
-- Column: flags integer: Flags of the project that are not archived.
-- Column: is_quiet boolean?: 1, or NULL where that is not known.
-- Example: SELECT project_key, environment_key, quiet_days FROM quiet_environments WHERE is_quiet AND critical
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
-- For speed: in most environments, one of the first flags was requested lately, and no more are looked at.
quiet AS MATERIALIZED (
    SELECT project_key, environment_key, today
    FROM limits CROSS JOIN environments AS environment USING (project_key)
    WHERE NOT EXISTS (
        SELECT 1 FROM flag_statuses AS status
        WHERE status.project_key = environment.project_key
          AND status.environment_key = environment.environment_key
          AND last_requested_at > quiet_environment_until
    )
),
environments_read AS (
    SELECT project_key, environment_key
    -- CROSS for speed: the other way round, all environments would be compared for each scope.
    FROM quiet CROSS JOIN resource_coverage
    WHERE resource = 'flag_statuses' AND is_complete AND scope = project_key || '/' || environment_key
),
-- For speed, only rows of quiet environments are sorted and joined.
requests AS MATERIALIZED (
    SELECT
        project_key, environment_key, max(last_requested_at) AS last_requested_at,
        count(*) FILTER (WHERE state <> 'archived') AS statuses,
        -- Another status, new to flaglake, may mean anything.
        count(*) FILTER (WHERE last_requested_at IS NULL AND status NOT IN ('new', 'inactive')) AS undated
    FROM flag_statuses CROSS JOIN flags USING (project_key, flag_key)
    WHERE (project_key, environment_key) IN (SELECT project_key, environment_key FROM quiet)
    GROUP BY project_key, environment_key
),
counts AS MATERIALIZED (
    SELECT project_key, count(*) AS flags FROM flags WHERE state <> 'archived' GROUP BY project_key
)
SELECT
    project_key, environment_key,
    CASE WHEN (project_key, environment_key) IN (
        SELECT project_key, environment_key FROM critical_environments
    ) THEN 1 ELSE 0 END AS critical,
    last_requested_at,
    CAST(today - julianday(last_requested_at) AS INTEGER) AS quiet_days,
    flags,
    CASE WHEN statuses = flags AND undated = 0 AND (project_key, environment_key) IN (
        SELECT project_key, environment_key FROM environments_read
    ) THEN 1 END AS is_quiet
FROM quiet
CROSS JOIN counts USING (project_key)
LEFT JOIN requests USING (project_key, environment_key)
