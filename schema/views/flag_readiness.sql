-- Question: Which conditions of LaunchDarkly's lifecycle stages does each flag meet?
-- Definition: One row per flag that is not archived, with the conditions that LaunchDarkly's lifecycle stages are
--   made of. A condition is 1, 0, or NULL where it is unknown: a status is missing or none of the four that flaglake
--   knows, statuses or code references were not read, or the project has no critical environment. Ready for code
--   removal: live, temporary, old enough, launched in all critical environments, with code references, not a
--   prerequisite in a critical environment. Ready to archive: live, temporary, old enough, inactive in all critical
--   environments, without code references, not a prerequisite in any environment.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: "Old enough" is the threshold `lifecycle_age` of the project. Where code references were not read, LaunchDarkly's own
--   verdict decides if the other conditions do not. One condition that is known to fail decides,
--   whatever is unknown besides. Archived flags do not count as dependents. Code references are those of default branches.
--   Flags and environments are those in the tables: a run with `--skip flags` keeps those of an earlier one. A flag that
--   is ready by these conditions is not thereby safe to remove or archive: `removal_verdicts` looks at more.
-- Needs: flags, environments, flag_statuses?, code_references?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: state text: `live` or `deprecated`.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: is_old boolean: Whether the flag is old enough for these stages.
-- Column: critical_environments integer: Critical environments of the project.
-- Column: launched boolean?: Whether the flag is launched in all critical environments.
-- Column: inactive boolean?: Whether the flag is inactive in all critical environments.
-- Column: active boolean?: Whether the flag is new or active in any critical environment.
-- Column: has_code_references boolean?: Whether code on a default branch mentions the flag.
-- Column: is_prerequisite boolean: Whether another flag depends on this one in any environment.
-- Column: is_critical_prerequisite boolean: Whether another flag depends on this one in a critical environment.
-- Column: ready_for_code_removal boolean?: Whether the flag is at LaunchDarkly's stage "ready for code removal".
-- Column: ready_to_archive boolean?: Whether the flag is at LaunchDarkly's stage "ready to archive".
-- Column: is_exempt boolean: Whether the flag is in `exempt_flags`; it is ready for nothing then.
-- Column: by_launchdarkly boolean: Whether one of the two stages is LaunchDarkly's own verdict, as code references were not read.
-- Column: code_not_checked boolean: Whether the flag meets all conditions of one of the two stages but those about code, which is unknown.
-- Example: SELECT project_key, count(*) AS flags FROM flag_readiness WHERE launched IS NULL GROUP BY project_key
SELECT
    project_key, flag_key, state, temporary, created_at, is_old, critical_environments, launched, inactive, active,
    has_code_references, is_prerequisite, is_critical_prerequisite, ready_for_code_removal, ready_to_archive,
    is_exempt, by_launchdarkly, code_not_checked
FROM flag_judgements
