-- Question: Where does the fallback in the code differ from what the flag serves?
-- Definition: Flags that are on and can serve only one variation in an environment (see
--   `served_variations`), where LaunchDarkly has seen another fallback value in the code (see
--   `served_fallbacks`). Users get another value if such a flag is removed or archived, or if the
--   connection fails.
-- Source: LaunchDarkly's field `default` of flag statuses: https://launchdarkly.com/docs/api/feature-flags/get-feature-flag-statuses
-- Assumptions: LaunchDarkly reports one fallback per flag and environment, although code may have
--   several. Flags that are off or serve several variations are not listed here; the reason
--   `fallback_differs` in `removal_verdicts` includes them.
-- Needs: flags, environments, flag_statuses
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: variation_index integer: Position of the variation that is served, from 0.
-- Column: value json: Its value.
-- Column: default_value json: The fallback value in the code.
-- Example: SELECT project_key, flag_key, value, default_value FROM fallback_mismatches WHERE environment_key = 'production'
SELECT project_key, environment_key, flag_key, variation_index, value, default_value
FROM served_fallbacks
WHERE is_on AND differs AND variation_index IS NOT NULL
