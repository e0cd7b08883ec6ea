-- Question: Which flags are stale, and where?
-- Definition: Temporary flags that are not archived, were created at least 30 days ago, and have been inactive or
--   launched in an environment for at least 7 days.
-- Source: LaunchDarkly's documentation, "Flag health": https://launchdarkly.com/docs/home/releases/flag-health
-- Assumptions: Both periods are thresholds (`stale_flag_age`, `stale_status`). LaunchDarkly does
--   not report since when a flag is inactive or launched. A flag counts as inactive since its last
--   request, or since its creation if it was never requested; as launched since its configuration
--   last changed there; and as either since flaglake first saw the status, if that is earlier.
--   Every flag is inactive in an environment without traffic: look at critical environments first.
--   Flags are those in the tables: a run with `--skip flags` keeps those of an earlier one.
-- Needs: flags, flag_statuses
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: status text: `inactive` or `launched`.
-- Column: age_days integer: Whole days since the flag was created.
-- Column: status_days integer: Whole days since `quiet_since`.
-- Column: created_at time: When the flag was created.
-- Column: quiet_since time: The earlier of when flaglake first saw the status, and when the flag was last requested (else created) where it is inactive, or its configuration last changed where it is launched.
-- Example: SELECT project_key, environment_key, count(*) AS flags FROM stale_flags GROUP BY 1, 2
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
-- Statuses that an earlier run has read say nothing about now. For speed, what was not read is
-- looked up: there is little of it, most often nothing. In a CASE, as NOT IN would look through it for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
),
old_enough AS (
    SELECT project_key, flag_key, created_at
    -- In this order for speed: the other way round, SQLite would index all statuses first.
    FROM limits CROSS JOIN flags USING (project_key)
    WHERE temporary AND state <> 'archived' AND created_at <= stale_created_until
      AND CASE WHEN (project_key, flag_key) IN (SELECT project_key, flag_key FROM exempt_flags) THEN 0 ELSE 1 END
),
-- One pass for speed; in a CASE, so that only a launched flag's configuration is looked up.
quiet AS (
    SELECT
        project_key, environment_key, flag_key, status, created_at,
        min(coalesce(status_since, '9999'), CASE status
            WHEN 'inactive' THEN coalesce(last_requested_at, created_at)
            ELSE coalesce((
                SELECT last_modified_at FROM flag_environments AS configuration
                WHERE configuration.project_key = now.project_key
                  AND configuration.flag_key = now.flag_key
                  AND configuration.environment_key = now.environment_key
            ), '9999')
        END) AS quiet_since
    FROM old_enough CROSS JOIN flag_statuses AS now USING (project_key, flag_key)
    WHERE status IN ('inactive', 'launched')
)
SELECT
    project_key, environment_key, flag_key, status,
    CAST(today - julianday(created_at) AS INTEGER) AS age_days,
    CAST(today - julianday(quiet_since) AS INTEGER) AS status_days,
    created_at, quiet_since
FROM quiet JOIN limits USING (project_key)
WHERE quiet_since <= stale_quiet_until
  AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END
