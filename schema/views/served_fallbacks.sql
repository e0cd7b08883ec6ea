-- Question: Does each flag serve the fallback value that the code has for it?
-- Definition: One row per flag and environment for which LaunchDarkly has seen a fallback value in the code. It differs where
--   the flag can serve another value: the one variation that it serves has another value, or it serves several. Where the
--   flag serves the fallback, for lack of an off variation, they are the same (see `served_variations`).
-- Source: LaunchDarkly's field `default` of flag statuses: https://launchdarkly.com/docs/api/feature-flags/get-feature-flag-statuses
-- Assumptions: LaunchDarkly reports one fallback per flag and environment, although code may have
--   several. Values are compared as JSON: neither white space nor the order of an object's keys
--   matters. No two variations of a flag have the same value. Environments whose statuses the
--   newest run did not read have no rows, because older statuses may be outdated.
-- Needs: flags, environments, flag_statuses
-- Stored: always
-- Key: project_key, environment_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: flag_key text: Key of the flag.
-- Column: is_on boolean: Whether targeting is on.
-- Column: variation_index integer?: Index of the variation that is served; NULL where it is not one, or is unknown.
-- Column: value json?: Its value.
-- Column: default_value json: The fallback value in the code.
-- Column: differs boolean?: Whether the flag can serve something else than the fallback; NULL where that is unknown.
-- Example: SELECT project_key, flag_key, value, default_value FROM served_fallbacks WHERE differs AND NOT is_on
WITH
-- For speed, what was not read is looked up: there is little of it, most often nothing. In a CASE, as NOT IN would look
-- through it for NULLs.
environments_unread AS (
    SELECT project_key, environment_key
    FROM environments
    WHERE project_key || '/' || environment_key NOT IN (
        SELECT scope FROM resource_coverage WHERE resource = 'flag_statuses' AND is_complete
    )
),
-- Materialized, so that what is served is worked out once.
served AS MATERIALIZED (
    SELECT project_key, environment_key, flag_key, is_on, variations, default_value
    FROM flag_statuses CROSS JOIN served_variations USING (project_key, flag_key, environment_key)
    WHERE default_value IS NOT NULL
      AND CASE WHEN (project_key, environment_key) IN (SELECT * FROM environments_unread) THEN 0 ELSE 1 END
),
compared AS (
    SELECT
        served.project_key, environment_key, served.flag_key, is_on, variations, variation_index, value, default_value,
        -- Most values are the same to the letter: only the others have to be taken apart.
        CASE
            WHEN value <> default_value AND json_valid(value) THEN replace(json_type(value), 'real', 'integer')
        END AS type,
        CASE
            WHEN value <> default_value AND json_valid(default_value)
                THEN replace(json_type(default_value), 'real', 'integer')
        END AS default_type
    FROM served
    LEFT JOIN flag_variations AS variation
        ON variation.project_key = served.project_key AND variation.flag_key = served.flag_key
        AND variation_index = CASE WHEN instr(variations, ',') = 0 THEN json_extract(variations, '$[0]') END
)
SELECT
    project_key, environment_key, flag_key, is_on, variation_index, value, default_value,
    CASE
        WHEN instr(variations, ',') > 0 THEN 1
        WHEN variations = '[null]' OR value = default_value THEN 0
        -- Nested too deeply for SQLite: unknown.
        WHEN type IS NULL OR default_type IS NULL THEN NULL
        WHEN type <> default_type THEN 1
        WHEN type NOT IN ('object', 'array') THEN json_extract(value, '$') IS NOT json_extract(default_value, '$')
        ELSE EXISTS (
            SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom FROM json_tree(compared.value) AS leaf
            EXCEPT
            SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom FROM json_tree(compared.default_value) AS leaf
        ) OR EXISTS (
            SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom FROM json_tree(compared.default_value) AS leaf
            EXCEPT
            SELECT fullkey, replace(leaf.type, 'real', 'integer'), atom FROM json_tree(compared.value) AS leaf
        )
    END AS differs
FROM compared
