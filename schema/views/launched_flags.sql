-- Question: Which flags have been launched for a long time without a change, and where?
-- Definition: Flags that are not archived, and are launched in an environment in which their configuration last changed
--   at least 30 days ago.
-- Source: LaunchDarkly's MCP server, `find-stale-flags`: https://github.com/launchdarkly/mcp-server
-- Assumptions: The period is a threshold (`launched_unchanged`). Both temporary and permanent flags
--   are listed; a permanent one may be meant to stay launched.
-- Needs: flags, environments, flag_statuses
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: last_modified_at time: When the flag's configuration there last changed.
-- Column: unchanged_days integer: Whole days since that time.
-- Example: SELECT project_key, environment_key, count(*) AS flags FROM launched_flags WHERE temporary GROUP BY 1, 2
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
    project_key, environment_key, flag_key, temporary, last_modified_at,
    CAST(today - julianday(last_modified_at) AS INTEGER) AS unchanged_days
FROM limits
CROSS JOIN flags USING (project_key)
CROSS JOIN flag_statuses USING (project_key, flag_key)
CROSS JOIN flag_environments USING (project_key, flag_key, environment_key)
WHERE state <> 'archived' AND status = 'launched' AND last_modified_at <= launched_until
  AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END
