-- Question: How many flags depend on a flag or a segment in any environment?
-- Definition: One row per flag that other flags have as a prerequisite in any environment, and per
--   segment key that flags name in any environment, with the number of those environments and of
--   distinct flags, which `flag_dependents` lists. Archived flags are not counted.
-- Source: LaunchDarkly's agent skills: https://github.com/launchdarkly/agent-skills
-- Assumptions: As for `flag_dependents`. A segment belongs to one environment; segments with the
--   same key in several environments of a project count as one.
-- Needs: flags, environments, segments?
-- Key: project_key, kind, key
-- Column: project_key text: Key of the project.
-- Column: kind text: `prerequisite` or `segment`.
-- Column: key text: Key of the flag that others depend on, or of the segment.
-- Column: environments integer: Number of environments in which a flag depends on it.
-- Column: flags integer: Number of distinct flags that depend on it in any of them.
-- Example: SELECT kind, key, flags FROM blast_radius_totals ORDER BY flags DESC LIMIT 20
SELECT
    project_key, kind, key,
    count(DISTINCT environment_key) AS environments, count(DISTINCT flag_key) AS flags
FROM flag_dependents
GROUP BY project_key, kind, key
