-- Question: Which environments are critical?
-- Definition: Environments that match a pattern in the setting `critical_environments` of the project, else of all projects
--   (see `scorecard_settings`); without such a setting, those that LaunchDarkly marks as critical.
-- Source: flaglake's own setting; LaunchDarkly's documentation, "Critical environments": https://launchdarkly.com/docs/home/account/environment/critical
-- Assumptions: In a pattern, `*` stands for any text and `?` for one character. A project whose patterns match nothing has
--   no critical environment.
-- Needs: environments
-- Stored: always
-- Key: project_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: is_marked boolean: Whether LaunchDarkly marks it as critical.
-- Example: SELECT project_key, count(*) AS environments FROM critical_environments GROUP BY project_key
SELECT project_key, environment_key, critical AS is_marked
FROM environments AS environment
WHERE coalesce(
    -- NULL without such a setting.
    (
        SELECT max(environment_key GLOB value) FROM scorecard_settings AS own
        WHERE setting = 'critical_environments' AND own.project_key = environment.project_key
    ),
    (
        SELECT max(environment_key GLOB value) FROM scorecard_settings AS general
        WHERE setting = 'critical_environments' AND general.project_key = ''
    ),
    critical
)
