-- Question: Which variations can each flag serve, in each environment?
-- Definition: One row per flag and environment with a configuration. A flag that is off serves its off variation, or the
--   fallback in the code where it has none. One that is on serves the variations of its individual targets, of its rules
--   in order, and of its default rule. A rule that is disabled, or that no context can match, does not count; after a rule
--   that every context matches, neither later rules nor the default rule count. Of a rollout, the variations count whose
--   weight is above zero. Where a prerequisite can fail, the flag also serves what it serves when off; where one always
--   fails, nothing else. Other views ask this one which values a flag can have.
-- Source: LaunchDarkly's documentation, "Flag evaluation rules in server-side SDKs": https://launchdarkly.com/docs/sdk/concepts/flag-evaluation-rules
-- Assumptions: Every context matches a rule without clauses, or one whose clauses all negate an empty list of segments or
--   of context kinds; no context matches a rule with an empty list that is not negated. Any other rule is taken to match
--   some contexts and not others, and targets are taken to be in use. Rules, and prerequisites that depend on the same
--   flag, are taken to be independent: a combination that cannot occur may add a variation, which makes a flag look as if
--   it served several, never as if it served one. A prerequisite never fails where it is on and can
--   serve nothing but the variation that is needed; it always fails where it is off or cannot serve that variation.
--   Unknown are clauses that cannot be read, rules and default rules that serve nothing, what the weights of a rollout
--   leave over, and prerequisites without a configuration; but one variation that is served, whatever is unknown, is one.
--   What targeting serves is worked out when a configuration is read, so it is unknown for one that an earlier version of
--   flaglake read, until it is read again. Statuses are not looked at: `launched` says that one variation was served for
--   seven days, not which one.
-- Needs: flags, environments
-- Key: project_key, flag_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: environment_key text: Key of the environment.
-- Column: is_on boolean: Whether targeting is on.
-- Column: variations json?: Indexes of the variations that can be served, sorted; `null` in the list is the fallback in the code. NULL where it is unknown.
-- Example: SELECT project_key, flag_key, variations FROM served_variations WHERE environment_key = 'production' AND json_array_length(variations) > 1
WITH RECURSIVE
targeting AS NOT MATERIALIZED (
    SELECT
        project_key, flag_key, environment_key, is_on, coalesce(off_variation, 'null') AS off, prerequisite_count,
        targeting_variations AS list
    FROM flag_environments
),
dependents AS MATERIALIZED (
    SELECT
        dependent.project_key, dependent.environment_key, dependent.flag_key, prerequisite_flag_key,
        CAST(variation AS TEXT) AS needed, is_on, off, prerequisite_count, list
    FROM flag_prerequisites AS dependent
    LEFT JOIN targeting AS prerequisite
        ON prerequisite.project_key = dependent.project_key
        AND prerequisite.flag_key = dependent.prerequisite_flag_key
        AND prerequisite.environment_key = dependent.environment_key
),
-- Flags of which a prerequisite always fails (1), may fail always or never (2), or fails for some contexts (3).
-- A prerequisite may have prerequisites of its own: where its off variation is what is needed, it passes by failing.
failing AS MATERIALIZED (
    SELECT
        project_key, environment_key, flag_key,
        CASE
            WHEN NOT is_on THEN 1
            WHEN list IS NULL THEN 2
            WHEN prerequisite_count > 0 AND off = needed THEN 2
            WHEN instr(replace(replace(list, '[', ','), ']', ','), ',' || needed || ',') = 0 THEN 1
            ELSE 3
        END AS failure
    FROM dependents
    WHERE is_on IS NOT 1 OR list IS NOT '[' || needed || ']'
    UNION
    SELECT dependent.project_key, dependent.environment_key, dependent.flag_key, failure
    FROM failing CROSS JOIN dependents AS dependent
        ON dependent.project_key = failing.project_key AND dependent.environment_key = failing.environment_key
        AND dependent.prerequisite_flag_key = failing.flag_key
    WHERE off <> needed
),
failures AS MATERIALIZED (
    SELECT project_key, environment_key, flag_key, min(failure) AS failure
    FROM failing
    GROUP BY project_key, environment_key, flag_key
)
SELECT
    project_key, flag_key, environment_key, is_on,
    CASE
        WHEN NOT is_on THEN '[' || off || ']'
        WHEN prerequisite_count = 0 THEN list
        ELSE (
            SELECT CASE
                WHEN failure = 1 THEN '[' || off || ']'
                WHEN failure = 2 OR prerequisite_count <> known THEN CASE list WHEN '[' || off || ']' THEN list END
                WHEN failure = 3 AND list IS NOT NULL THEN (
                    SELECT json_group_array(value)
                    FROM (
                        SELECT value FROM json_each(list)
                        UNION
                        SELECT value FROM json_each('[' || off || ']')
                        ORDER BY 1
                    )
                )
                ELSE list
            END
            FROM (
                SELECT count(*) AS known
                FROM flag_prerequisites AS prerequisite
                WHERE prerequisite.project_key = targeting.project_key AND prerequisite.flag_key = targeting.flag_key
                  AND prerequisite.environment_key = targeting.environment_key
            ) LEFT JOIN failures
                ON failures.project_key = targeting.project_key
                AND failures.environment_key = targeting.environment_key
                AND failures.flag_key = targeting.flag_key
        )
    END AS variations
FROM targeting
