-- Question: Which value replaces a flag when it is removed from code?
-- Definition: One row per flag that is not archived, with what its critical environments serve (see
--   `served_variations`). If the flag is on in all of them and serves the same variation to
--   everyone, that is the value (`all_on`). If it is off in all of them with the same off
--   variation, that is the value (`all_off`). Otherwise there is no such value: an environment
--   serves several variations and its default rule is a percentage rollout (`rollout`), an
--   environment serves several or they differ (`mixed`), or an environment serves only the fallback
--   in the code (`no_variation`). `unknown`: there is no critical environment, or what one serves
--   is unknown and the others do not decide.
-- Source: LaunchDarkly's removal readiness checklist for agents: https://github.com/launchdarkly/agent-skills
-- Assumptions: A flag that is on in one environment and off in another is mixed, even if both serve
--   the same variation. Rules, targets and prerequisites are taken into account: a flag that has
--   some (`has_targeting`) can have a value. Flags and environments are those in the tables: a run
--   with `--skip flags` keeps those of an earlier one.
-- Needs: flags, environments
-- Stored: always
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: variation_index integer?: Index of the variation that all critical environments serve; NULL where there is none.
-- Column: value json?: The value of that variation.
-- Column: reason text: `all_on`, `all_off`, `rollout`, `no_variation`, `mixed` or `unknown`.
-- Column: has_targeting boolean?: Whether a critical environment that is on has rules, targets or prerequisites; NULL where that is unknown.
-- Column: unknown_environments integer: Number of critical environments of which it is unknown what they serve.
-- Example: SELECT project_key, flag_key, value FROM forward_values WHERE reason = 'all_on'
WITH
critical AS MATERIALIZED (
    SELECT project_key, environment_key FROM critical_environments
),
-- Materialized, so that what is served is worked out once. In the order of the primary key: nothing is sorted.
served AS MATERIALIZED (
    SELECT
        flag.project_key, flag.flag_key, is_on,
        critical.environment_key AS critical_environment,
        (
            SELECT variations FROM served_variations AS served
            WHERE served.project_key = configuration.project_key AND served.flag_key = configuration.flag_key
              AND served.environment_key = configuration.environment_key
        ) AS variations,
        fallthrough_variation IS NULL AS has_rollout,
        is_on AND rule_count + target_count + context_target_count + prerequisite_count > 0 AS has_targeting
    FROM flags AS flag
    LEFT JOIN critical ON critical.project_key = flag.project_key
    LEFT JOIN flag_environments AS configuration
        ON configuration.project_key = flag.project_key AND configuration.flag_key = flag.flag_key
        AND configuration.environment_key = critical.environment_key
    WHERE state <> 'archived'
    ORDER BY flag.project_key, flag.flag_key
),
outcomes AS (
    SELECT
        project_key, flag_key, critical_environment, is_on, variations, has_rollout, has_targeting,
        instr(variations, ',') > 0 AS is_mixed,
        CASE WHEN instr(variations, ',') = 0 THEN json_extract(variations, '$[0]') END AS variation
    FROM served
),
-- What is not known stays NULL, and is not counted.
flag_counts AS (
    SELECT
        project_key, flag_key,
        count(critical_environment) AS environments,
        count(is_on) AS configurations,
        count(variations) AS known,
        sum(is_on) AS enabled,
        sum(is_mixed) AS mixed,
        sum(is_on AND is_mixed AND has_rollout) AS rollouts,
        count(variation) AS served,
        min(variation) AS lowest,
        max(variation) AS highest,
        max(has_targeting) AS has_targeting
    FROM outcomes
    GROUP BY project_key, flag_key
),
reasons AS (
    SELECT
        project_key, flag_key, lowest,
        CASE
            WHEN rollouts > 0 THEN 'rollout'
            WHEN mixed > 0 OR lowest <> highest OR enabled NOT IN (0, configurations) THEN 'mixed'
            WHEN served < known THEN 'no_variation'
            WHEN known < environments OR environments = 0 THEN 'unknown'
            WHEN enabled = 0 THEN 'all_off'
            ELSE 'all_on'
        END AS reason,
        environments - known AS unknown_environments,
        CASE
            WHEN has_targeting THEN 1
            WHEN configurations > 0 AND configurations = environments THEN 0
        END AS has_targeting
    FROM flag_counts
)
SELECT
    reason.project_key, reason.flag_key,
    CASE WHEN reason IN ('all_on', 'all_off') THEN lowest END AS variation_index,
    variation.value, reason, has_targeting, unknown_environments
FROM reasons AS reason
LEFT JOIN flag_variations AS variation
    ON variation.project_key = reason.project_key AND variation.flag_key = reason.flag_key
    AND variation_index = lowest AND reason IN ('all_on', 'all_off')
