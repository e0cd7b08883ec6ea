-- Question: How many flags depend on a flag or a segment?
-- Definition: One row per environment and flag that other flags there have as a prerequisite, and
--   per segment that flags there name, with the number of those flags, which `flag_dependents`
--   lists. Archived flags are not counted.
-- Source: LaunchDarkly's agent skills: https://github.com/launchdarkly/agent-skills
-- Assumptions: As for `flag_dependents`. For the number over all environments, do not add up these:
--   one flag may depend on another in several environments, and `blast_radius_totals` counts it
--   once.
-- Needs: flags, environments, segments?
-- Key: project_key, environment_key, kind, key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: kind text: `prerequisite` or `segment`.
-- Column: key text: Key of the flag that others depend on, or of the segment.
-- Column: flags integer: Number of flags that depend on it.
-- Example: SELECT kind, key, flags FROM blast_radius ORDER BY flags DESC LIMIT 20
SELECT project_key, environment_key, kind, key, count(*) AS flags
FROM flag_dependents
GROUP BY project_key, environment_key, kind, key
