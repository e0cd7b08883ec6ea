-- Question: Which value is a flag to be replaced with, when it is removed from code?
-- Definition: For each flag that is not archived, what its critical environments serve to everyone that no rule and no
--   target names: where all are on with the same fallthrough variation, that (`all_on`); where all are off with the same
--   off variation, that (`all_off`). Otherwise there is no such value: a percentage rollout decides (`rollout`), all are
--   off and one has no off variation (`no_variation`: the fallback in the code is served), or they differ (`mixed`).
--   `unknown`: there is no critical environment, or no configuration for one, and nothing that is known decides.
-- Source: LaunchDarkly's removal readiness checklist for agents: https://github.com/launchdarkly/agent-skills
-- Assumptions: A rollout that gives everything to one variation serves that variation. What rules, targets and
--   prerequisites serve is not looked into: `has_targeting` says where it may be something else. On in one environment
--   and off in another is mixed, even if both serve the same. Flags and environments are those in the tables: a run with
--   `--skip flags` keeps those of an earlier one.
-- Needs: flags, environments
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: variation_index integer?: Index of the variation that all critical environments serve; NULL where there is none.
-- Column: value json?: The value of that variation.
-- Column: reason text: `all_on`, `all_off`, `rollout`, `no_variation`, `mixed` or `unknown`.
-- Column: has_targeting boolean?: Whether rules, targets or prerequisites may serve another value where a critical environment is on; NULL where that is unknown.
-- Example: SELECT project_key, flag_key, value FROM forward_values WHERE reason = 'all_on' AND NOT has_targeting
WITH
critical AS MATERIALIZED (
    SELECT project_key, environment_key FROM environments WHERE critical
),
served AS (
    SELECT
        flag.project_key, flag.flag_key, is_on,
        critical.environment_key AS critical_environment,
        CASE
            WHEN NOT is_on THEN off_variation
            ELSE coalesce(fallthrough_variation, (
                SELECT variation FROM flag_rollouts AS rollout
                WHERE rollout.project_key = flag.project_key AND rollout.flag_key = flag.flag_key
                  AND rollout.environment_key = critical.environment_key
                  AND rule_index = -1 AND weight = 100000
            ))
        END AS variation,
        is_on AND rule_count + target_count + context_target_count + prerequisite_count > 0 AS has_targeting
    FROM flags AS flag
    LEFT JOIN critical ON critical.project_key = flag.project_key
    LEFT JOIN flag_environments AS configuration
        ON configuration.project_key = flag.project_key AND configuration.flag_key = flag.flag_key
        AND configuration.environment_key = critical.environment_key
    WHERE state <> 'archived'
),
-- In the order of the primary key: nothing is sorted. What is not known stays NULL, and is not counted.
flag_counts AS (
    SELECT
        project_key, flag_key,
        count(critical_environment) AS environments,
        count(is_on) AS known,
        sum(is_on) AS enabled,
        sum(is_on AND variation IS NULL) AS rollouts,
        count(variation) AS served,
        min(variation) AS lowest,
        max(variation) AS highest,
        max(has_targeting) AS has_targeting
    FROM served
    GROUP BY project_key, flag_key
),
reasons AS (
    SELECT
        project_key, flag_key, lowest,
        CASE
            WHEN known = 0 THEN 'unknown'
            WHEN rollouts > 0 THEN 'rollout'
            WHEN enabled NOT IN (0, known) OR lowest <> highest THEN 'mixed'
            WHEN served < known THEN 'no_variation'
            WHEN known < environments THEN 'unknown'
            WHEN enabled = 0 THEN 'all_off'
            ELSE 'all_on'
        END AS reason,
        CASE
            WHEN has_targeting THEN 1
            WHEN known > 0 AND known = environments THEN 0
        END AS has_targeting
    FROM flag_counts
)
SELECT
    reason.project_key, reason.flag_key,
    CASE WHEN reason IN ('all_on', 'all_off') THEN lowest END AS variation_index,
    variation.value, reason, has_targeting
FROM reasons AS reason
LEFT JOIN flag_variations AS variation
    ON variation.project_key = reason.project_key AND variation.flag_key = reason.flag_key
    AND variation_index = lowest AND reason IN ('all_on', 'all_off')
