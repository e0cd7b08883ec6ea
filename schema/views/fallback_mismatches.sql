-- Question: Where would the fallback in the code serve something else than the flag?
-- Definition: Flags that are on and can serve but one variation in an environment, where LaunchDarkly has seen another
--   fallback value in the code. Removing or archiving such a flag, or losing the connection, changes what users get.
-- Source: LaunchDarkly's field `default` of flag statuses: https://launchdarkly.com/docs/api/feature-flags/get-feature-flag-statuses
-- Assumptions: One variation is served where the flag has no prerequisites, its fallthrough is a variation, not a rollout,
--   and so are rules and individual targets, if any, and the same. That a flag is launched says that one variation was
--   served, not which. LaunchDarkly tells one fallback per flag and environment, though code may have several. Values are
--   compared as JSON: neither white space nor the order of an object's keys matters.
-- Needs: flags, environments, flag_statuses
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: variation_index integer: Position of the variation that is served, from 0.
-- Column: value json: Its value.
-- Column: default_value json: The fallback value in the code.
-- Example: SELECT project_key, flag_key, value, default_value FROM fallback_mismatches WHERE environment_key = 'production'
WITH
-- Statuses that an earlier run has read say nothing about now. For speed, what was not read is
-- looked up: there is little of it, most often nothing. In a CASE, as NOT IN would look through it for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
),
serving AS (
    SELECT project_key, environment_key, flag_key, fallthrough_variation AS variation_index
    FROM flag_environments AS configuration
    WHERE is_on AND prerequisite_count = 0 AND fallthrough_variation IS NOT NULL
      AND (
          rule_count = 0
          OR NOT EXISTS (
              SELECT 1 FROM flag_rules AS rule
              WHERE rule.project_key = configuration.project_key
                AND rule.flag_key = configuration.flag_key
                AND rule.environment_key = configuration.environment_key
                AND rule.variation IS NOT configuration.fallthrough_variation
                AND disabled IS NOT 1
          )
      )
      AND (
          target_count + context_target_count = 0
          OR NOT EXISTS (
              SELECT 1 FROM flag_targets AS target
              WHERE target.project_key = configuration.project_key
                AND target.flag_key = configuration.flag_key
                AND target.environment_key = configuration.environment_key
                AND target.variation <> configuration.fallthrough_variation
          )
      )
),
-- Most values are the same to the letter: only the others have to be taken apart.
different AS (
    SELECT
        project_key, environment_key, flag_key, variation_index, variation.value, default_value,
        CASE
            WHEN json_valid(variation.value)
                THEN replace(json_type(variation.value), 'real', 'integer')
        END AS type,
        CASE
            WHEN json_valid(default_value) THEN replace(json_type(default_value), 'real', 'integer')
        END AS default_type
    FROM serving
    CROSS JOIN flag_statuses USING (project_key, flag_key, environment_key)
    CROSS JOIN flag_variations AS variation USING (project_key, flag_key, variation_index)
    WHERE default_value <> variation.value
      AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END
)
SELECT project_key, environment_key, flag_key, variation_index, value, default_value
FROM different
WHERE CASE
    -- Nested too deeply for SQLite: unknown.
    WHEN type IS NULL OR default_type IS NULL THEN 0
    WHEN type <> default_type THEN 1
    WHEN type NOT IN ('object', 'array')
        THEN json_extract(value, '$') IS NOT json_extract(default_value, '$')
    ELSE EXISTS (
        SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom
        FROM json_tree(different.value) AS leaf
        EXCEPT
        SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom
        FROM json_tree(different.default_value) AS leaf
    ) OR EXISTS (
        SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom
        FROM json_tree(different.default_value) AS leaf
        EXCEPT
        SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom
        FROM json_tree(different.value) AS leaf
    )
END
