-- Question: Which flags are safe to remove, and what stands against the others?
-- Definition: For each flag that is not archived: `blocked` where other flags depend on it in any environment
--   (`dependents`), its critical environments do not serve one value (`mixed_variations`, see `forward_values`), or it is
--   new or active in one of them (`live`). Else `unknown` where something that may block it is unknown. Else `caution`
--   where it is permanent (`permanent`) or code mentions it (`code_references`). Else `unknown` where code references or
--   expiring targets are unknown. Else `safe`. The reasons are all that apply, those that name what is unknown too:
--   `no_critical_environment`, `statuses_unknown`, `configurations_unknown`, `code_references_unknown`,
--   `expiring_targets_unknown`.
-- Source: LaunchDarkly's removal readiness checklist for agents: https://github.com/launchdarkly/agent-skills
-- Assumptions: Targets that expire are not read by flaglake: whether there are any is unknown where individual targets
--   are counted in any environment, else there are none. A flag that is on with rules, targets or prerequisites of its
--   own serves several values, unless it is launched there: then it has served one for seven days. Archived flags do
--   not count as dependents. What is blocked for a good reason may still be unknown in other respects. Flags and
--   environments are those in the tables: a run with `--skip flags` keeps those of an earlier one.
-- Needs: flags, environments, flag_statuses?, code_references?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: verdict text: `safe`, `caution`, `blocked` or `unknown`.
-- Column: reasons json: What stands against it, and what is unknown: a sorted list, empty where it is safe.
-- Example: SELECT verdict, reasons, count(*) AS flags FROM removal_verdicts GROUP BY verdict, reasons
WITH
critical AS MATERIALIZED (
    SELECT
        project_key, environment_key,
        EXISTS (
            SELECT 1 FROM resource_coverage
            WHERE resource = 'flag_statuses' AND is_complete
              AND scope = project_key || '/' || environment_key
        ) AS is_read
    FROM environments
    WHERE critical
),
references_read AS (
    SELECT scope AS project_key
    FROM resource_coverage
    WHERE resource = 'code_references' AND is_complete
),
prerequisites AS (
    SELECT prerequisite.project_key, prerequisite_flag_key AS flag_key
    FROM flag_prerequisites AS prerequisite
    JOIN flags AS dependent USING (project_key, flag_key)
    WHERE state <> 'archived'
),
-- What `flag_readiness` and `forward_values` know, read in one go: joining 20,000 rows of each would take half the time.
served AS (
    SELECT
        flag.project_key, flag.flag_key, temporary, status, is_on,
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
        is_on AND rule_count + target_count + context_target_count + prerequisite_count > 0
            AND status IS NOT 'launched' AS is_targeted
    FROM flags AS flag
    LEFT JOIN critical ON critical.project_key = flag.project_key
    LEFT JOIN flag_environments AS configuration
        ON configuration.project_key = flag.project_key AND configuration.flag_key = flag.flag_key
        AND configuration.environment_key = critical.environment_key
    LEFT JOIN flag_statuses AS status
        ON status.project_key = flag.project_key AND status.flag_key = flag.flag_key
        AND status.environment_key = critical.environment_key AND is_read
        -- Another status, new to flaglake, may mean anything.
        AND status IN ('new', 'active', 'launched', 'inactive')
    WHERE state <> 'archived'
),
-- In the order of the primary key: nothing is sorted. What is not known stays NULL, and is not counted.
facts AS (
    SELECT
        project_key, flag_key, temporary,
        count(critical_environment) AS environments,
        count(is_on) AS configurations,
        CASE
            WHEN sum(status IN ('new', 'active')) > 0 THEN 1
            WHEN count(status) = count(critical_environment) AND count(status) > 0 THEN 0
        END AS is_live,
        CASE
            WHEN count(variation) < count(is_on) OR min(variation) <> max(variation)
                OR min(is_on) <> max(is_on) OR sum(is_targeted AND status IS NOT NULL) > 0 THEN 1
            WHEN count(is_on) = count(critical_environment) AND sum(is_targeted) = 0 THEN 0
        END AS is_mixed,
        CASE WHEN (project_key, flag_key) IN (SELECT project_key, flag_key FROM prerequisites) THEN 1 ELSE 0 END
            AS is_prerequisite,
        CASE WHEN project_key IN (SELECT project_key FROM references_read) THEN EXISTS (
            SELECT 1 FROM code_references AS reference
            WHERE reference.project_key = served.project_key AND reference.flag_key = served.flag_key
        ) END AS has_code_references,
        EXISTS (
            SELECT 1 FROM flag_environments AS configuration
            WHERE configuration.project_key = served.project_key AND configuration.flag_key = served.flag_key
              AND target_count + context_target_count > 0
        ) AS has_targets
    FROM served
    GROUP BY project_key, flag_key
)
SELECT
    project_key, flag_key,
    CASE
        WHEN is_prerequisite OR is_mixed OR is_live THEN 'blocked'
        WHEN is_mixed IS NULL OR is_live IS NULL THEN 'unknown'
        WHEN NOT temporary OR has_code_references THEN 'caution'
        WHEN has_code_references IS NULL OR has_targets THEN 'unknown'
        ELSE 'safe'
    END AS verdict,
    '[' || substr(
        CASE WHEN has_code_references THEN ',"code_references"' ELSE '' END
        || CASE WHEN has_code_references IS NULL THEN ',"code_references_unknown"' ELSE '' END
        || CASE WHEN configurations < environments THEN ',"configurations_unknown"' ELSE '' END
        || CASE WHEN is_prerequisite THEN ',"dependents"' ELSE '' END
        || CASE WHEN has_targets THEN ',"expiring_targets_unknown"' ELSE '' END
        || CASE WHEN is_live THEN ',"live"' ELSE '' END
        || CASE WHEN is_mixed THEN ',"mixed_variations"' ELSE '' END
        || CASE WHEN environments = 0 THEN ',"no_critical_environment"' ELSE '' END
        || CASE WHEN NOT temporary THEN ',"permanent"' ELSE '' END
        || CASE WHEN is_live IS NULL AND environments > 0 THEN ',"statuses_unknown"' ELSE '' END,
        2
    ) || ']' AS reasons
FROM facts
