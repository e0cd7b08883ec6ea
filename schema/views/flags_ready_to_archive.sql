-- Question: Which flags are at LaunchDarkly's stage "ready to archive"?
-- Definition: Live, temporary flags that are old enough, inactive in all critical environments, not mentioned by code,
--   and not a prerequisite in any environment (see `flag_readiness`).
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: A flag is not listed if any of these conditions is unknown: `flag_lifecycle` reports
--   such a flag as `unknown`. Every flag is inactive in an environment without traffic, even a flag
--   that will be needed when traffic starts. The stage looks at critical environments only:
--   `archive_verdict` in `removal_verdicts` says whether archiving is safe. It blocks none of these
--   flags.
-- Needs: flags, environments, flag_statuses, code_references
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: created_at time: When the flag was created.
-- Example: SELECT project_key, count(*) AS flags FROM flags_ready_to_archive GROUP BY project_key
SELECT project_key, flag_key, created_at
FROM flag_readiness
WHERE ready_to_archive
