-- Question: Where would the fallback in the code serve something else than the flag?
-- Definition: Flags that are on and can serve but one variation in an environment (see `served_variations`), where
--   LaunchDarkly has seen another fallback value in the code (see `served_fallbacks`). Removing or archiving such a flag,
--   or losing the connection, changes what users get.
-- Source: LaunchDarkly's field `default` of flag statuses: https://launchdarkly.com/docs/api/feature-flags/get-feature-flag-statuses
-- Assumptions: LaunchDarkly tells one fallback per flag and environment, though code may have several. Flags that are off,
--   or serve several variations, are not listed here; the reason `fallback_differs` in `removal_verdicts` counts them, too.
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
