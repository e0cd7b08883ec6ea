-- Question: Which flags have not been requested for a long time, and where?
-- Definition: Flags that are not archived, and are inactive in an environment in which they were last requested at least
--   30 days ago.
-- Source: LaunchDarkly's MCP server, `find-stale-flags`: https://github.com/launchdarkly/mcp-server
-- Assumptions: The period is a threshold (`inactive`). Both temporary and permanent flags are
--   listed; a permanent one may be meant for rare use. Flags that were never requested in the
--   environment are left out: see `never_requested_flags`.
-- Needs: flags, environments, flag_statuses
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: last_requested_at time: When code last requested the flag there.
-- Column: inactive_days integer: Whole days since that time.
-- Example: SELECT project_key, environment_key, count(*) AS flags FROM inactive_flags GROUP BY 1, 2
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
)
SELECT
    project_key, environment_key, flag_key, temporary, last_requested_at,
    CAST(today - julianday(last_requested_at) AS INTEGER) AS inactive_days
FROM limits
CROSS JOIN flags USING (project_key)
CROSS JOIN flag_statuses USING (project_key, flag_key)
WHERE state <> 'archived' AND status = 'inactive' AND last_requested_at <= inactive_until
  AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END
