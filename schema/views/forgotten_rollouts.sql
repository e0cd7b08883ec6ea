-- Question: Which rollouts were completed in one environment but never in another?
-- Definition: Flags that are not archived, launched in at least one environment and inactive in at least one other.
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: Only statuses that the newest extraction read are used. Every flag is inactive in an
--   environment without traffic: a flag that is listed only because of such an environment is not
--   forgotten.
-- Needs: flags, environments, flag_statuses
-- Stored: always
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: launched_environments integer: Environments where the flag is launched.
-- Column: inactive_environments integer: Environments where the flag is inactive.
-- Column: launched_in json: Keys of the environments where it is launched, sorted.
-- Column: inactive_in json: Keys of the environments where it is inactive, sorted.
-- Example: SELECT project_key, flag_key, inactive_in FROM forgotten_rollouts ORDER BY inactive_environments DESC
WITH
-- Statuses that an earlier run has read say nothing about now.
environments_read AS MATERIALIZED (
    SELECT project_key, environment_key
    -- CROSS for speed: the other way round, all environments would be compared for each scope.
    FROM environments CROSS JOIN resource_coverage
    WHERE resource = 'flag_statuses' AND is_complete AND scope = project_key || '/' || environment_key
),
-- In the order of the primary key: nothing is sorted, and the keys of a flag's environments come in order.
rollouts AS (
    SELECT
        flag.project_key, flag.flag_key,
        sum(status = 'launched') AS launched_environments,
        sum(status = 'inactive') AS inactive_environments,
        json_group_array(status.environment_key) FILTER (WHERE status = 'launched') AS launched_in,
        json_group_array(status.environment_key) FILTER (WHERE status = 'inactive') AS inactive_in
    FROM flags AS flag
    CROSS JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
    CROSS JOIN environments_read AS is_read
        ON is_read.project_key = status.project_key AND is_read.environment_key = status.environment_key
    WHERE state <> 'archived' AND status IN ('launched', 'inactive')
    GROUP BY flag.project_key, flag.flag_key
)
SELECT project_key, flag_key, launched_environments, inactive_environments, launched_in, inactive_in
FROM rollouts
WHERE launched_environments > 0 AND inactive_environments > 0
