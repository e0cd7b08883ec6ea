-- Question: Which flags depend on a flag or a segment, and where?
-- Definition: One row per environment, flag or segment, and flag that has the one as a prerequisite there, or that names
--   the other. Archived flags do not count as dependents.
-- Source: LaunchDarkly's agent skills: https://github.com/launchdarkly/agent-skills
-- Assumptions: A flag names a segment if one of its rules does, or if LaunchDarkly lists it with
--   the segment, which LaunchDarkly does not do for all segments (`segments.flag_count` is NULL
--   then). Flags that are off and rules that are disabled count, because they may be turned on.
--   Only direct dependents are listed, not the flags that depend on those. `blast_radius` and
--   `blast_radius_totals` count these rows.
-- Needs: flags, environments, segments?
-- Key: project_key, environment_key, kind, key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: kind text: `prerequisite` or `segment`.
-- Column: key text: Key of the flag that others depend on, or of the segment.
-- Column: flag_key text: Key of a flag that depends on it.
-- Example: SELECT flag_key, environment_key FROM flag_dependents WHERE kind = 'segment' AND key = 'staff' ORDER BY 1, 2
WITH
-- Segments that an earlier run has read say nothing about now.
environments_read AS (
    SELECT project_key, environment_key
    -- CROSS for speed: the other way round, all environments would be compared for each scope.
    FROM environments CROSS JOIN resource_coverage
    WHERE resource = 'segments' AND is_complete AND scope = project_key || '/' || environment_key
),
-- For speed, rules are taken apart only where the word is in them.
segment_matches AS (
    SELECT
        project_key, environment_key, flag_key,
        CASE WHEN json_valid(clauses) THEN clauses END AS clauses
    FROM flag_rules
    WHERE instr(clauses, 'segmentMatch') > 0
),
dependents AS (
    SELECT
        project_key, environment_key, 'prerequisite' AS kind, prerequisite_flag_key AS key, flag_key
    FROM flag_prerequisites
    UNION
    SELECT rule.project_key, rule.environment_key, 'segment', CAST(segment.value AS TEXT), rule.flag_key
    FROM segment_matches AS rule
    CROSS JOIN json_each(rule.clauses) AS clause
    CROSS JOIN json_each(rule.clauses, clause.fullkey || '.values') AS segment
    WHERE json_extract(rule.clauses, clause.fullkey || '.op') = 'segmentMatch'
      AND segment.type = 'text'
    UNION
    SELECT project_key, environment_key, 'segment', segment_key, flag_key
    FROM segment_flags JOIN environments_read USING (project_key, environment_key)
)
SELECT project_key, environment_key, dependents.kind, key, flag_key
FROM dependents CROSS JOIN flags USING (project_key, flag_key)
WHERE state <> 'archived'
