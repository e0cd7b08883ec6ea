-- Question: Which flags are at LaunchDarkly's stage "ready for code removal"?
-- Definition: Live, temporary flags that are old enough, launched in all critical environments, mentioned by code, and
--   not a prerequisite in a critical environment (see `flag_readiness`).
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: A flag is not listed if any of these conditions is unknown: `flag_lifecycle` reports
--   such a flag as `unknown`. The value that replaces the flag in the code is in `forward_values`.
--   The stage does not depend on what the flag serves: `code_removal_verdict` in `removal_verdicts`
--   says whether removing is safe. Of these flags, it blocks only those that no single value can
--   replace (`mixed_variations`).
-- Needs: flags, environments, flag_statuses, code_references
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: created_at time: When the flag was created.
-- Example: SELECT project_key, count(*) AS flags FROM flags_ready_for_code_removal GROUP BY project_key
SELECT project_key, flag_key, created_at
FROM flag_readiness
WHERE ready_for_code_removal
