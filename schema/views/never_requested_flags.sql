-- Question: Which flags has code never requested?
-- Definition: Flags that are not archived, were created at least 7 days ago, and have never been requested in any
--   environment of their project.
-- Source: LaunchDarkly's agent skills, "Flag health signals": https://github.com/launchdarkly/agent-skills
-- Assumptions: The age is a threshold (`never_requested_age`). A flag is listed only if its status
--   is known in every environment. If a status is missing or was not read, or there is no
--   environment, the flag may have been requested.
-- Needs: flags, environments, flag_statuses
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: age_days integer: Whole days since that time.
-- Example: SELECT project_key, flag_key, age_days FROM never_requested_flags ORDER BY age_days DESC
WITH
limits AS MATERIALIZED (SELECT * FROM project_limits),
-- Projects whose statuses the newest run has read in every environment.
projects_read AS (
    SELECT project_key, count(*) AS environments
    FROM environments
    LEFT JOIN resource_coverage ON resource = 'flag_statuses' AND is_complete
        AND scope = project_key || '/' || environment_key
    GROUP BY project_key
    HAVING count(scope) = count(*)
),
-- In the order of the primary key, for speed: nothing has to be sorted.
never_requested AS (
    SELECT project_key, flag_key, count(*) AS environments
    FROM flag_statuses
    GROUP BY project_key, flag_key
    HAVING count(last_requested_at) = 0
)
SELECT
    project_key, flag_key, temporary, created_at,
    CAST(today - julianday(created_at) AS INTEGER) AS age_days
FROM limits
CROSS JOIN never_requested USING (project_key)
CROSS JOIN flags USING (project_key, flag_key)
CROSS JOIN projects_read USING (project_key)
WHERE state <> 'archived' AND created_at <= never_requested_created_until
  AND never_requested.environments = projects_read.environments
