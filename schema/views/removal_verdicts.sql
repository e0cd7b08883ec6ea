-- Question: Which flags are safe to remove from code, which are safe to archive, and why not the others?
-- Definition: For each flag that is not archived, two verdicts: `safe`, `caution`, `blocked` or `unknown`. Removing a flag
--   from code replaces it by one value. That is `blocked` where there is no such value (`mixed_variations`, see
--   `forward_values`), the flag is new or active in a critical environment (`live`), or other flags depend on it in one
--   (`dependents`). Else it is `unknown` where something that may block it is. Else it calls for `caution` where the flag
--   is permanent (`permanent`), code mentions it (`code_references`), or flags depend on it elsewhere. Else it is
--   `unknown` where code references or expiring targets are. Else it is `safe`. Archiving a flag ends it everywhere:
--   code that still requests it is served the fallback in the code. That is `blocked` where a critical environment still
--   requests the flag (`still_requested`), it is `live`, or it has `dependents` in any environment. Else it is `unknown`
--   where a status in a critical environment is. Else it calls for `caution` where other environments still request the
--   flag, code mentions it, it is permanent, it is younger than `lifecycle_age` (`recently_created`), or a fallback that
--   was seen in its code is not what it serves (`fallback_differs`, see `served_fallbacks`). Else it is `unknown` where
--   any of that is. Else it is `safe`. The reasons are all that apply, those that name what is unknown too.
-- Source: LaunchDarkly's removal readiness checklist for agents: https://github.com/launchdarkly/agent-skills; its documentation,
--   "Archiving flags": https://launchdarkly.com/docs/home/flags/archive
-- Assumptions: A flag is still requested where it is active or launched, or was last requested within `still_requested` in
--   `scorecard_thresholds`; a status that says `inactive` all the same calls for caution only. Where no environment is
--   critical, dependents and requests in any environment block, and what does not is unknown (`no_critical_environment`).
--   Targets that expire are not read by flaglake: whether there are any is unknown where individual targets are counted
--   in any environment (`expiring_targets_unknown`), else there are none. The fallback is unknown where the flag was ever
--   requested and LaunchDarkly tells none, or what the flag serves is unknown (`fallback_unknown`). `statuses_unknown` is
--   of critical environments for code, of all for archiving. A flag that is safe to remove from code may still be
--   requested, by code that LaunchDarkly does not search. Archived flags do not count as dependents. LaunchDarkly's
--   stages (see `flag_lifecycle`) look at less: one that is ready for code removal there may serve several variations.
--   No flag that is ready to archive there is blocked here, and a live one that is safe to archive is ready to archive.
--   Flags and environments are those in the tables: a run with `--skip flags` keeps those of an earlier one.
-- Needs: flags, environments, flag_statuses?, code_references?
-- Stored: until a threshold changes
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: verdict text: The same as `code_removal_verdict`: it says nothing about archiving.
-- Column: reasons json: The same as `code_removal_reasons`.
-- Column: code_removal_verdict text: Whether the flag can be removed from code: `safe`, `caution`, `blocked` or `unknown`.
-- Column: code_removal_reasons json: The reasons against it, including what is unknown: a sorted list, empty where it is safe.
-- Column: archive_verdict text: Whether the flag can be archived: `safe`, `caution`, `blocked` or `unknown`.
-- Column: archive_reasons json: The reasons against that, including what is unknown: a sorted list, empty where it is safe.
-- Example: SELECT archive_verdict, archive_reasons, count(*) AS flags FROM removal_verdicts GROUP BY archive_verdict, archive_reasons
WITH
fallbacks AS MATERIALIZED (
    SELECT project_key, flag_key, max(differs) AS differs, sum(differs IS NULL) AS unknown
    FROM served_fallbacks
    WHERE NOT (SELECT is_current FROM stored_state)
    GROUP BY project_key, flag_key
),
replacements AS MATERIALIZED (
    SELECT project_key, flag_key, max(reason) AS reason, max(unknown_environments) AS unknown_environments
    FROM forward_values
    WHERE NOT (SELECT is_current FROM stored_state)
    GROUP BY project_key, flag_key
),
limits AS MATERIALIZED (SELECT * FROM project_limits),
facts AS (
    SELECT
        flag.project_key, flag.flag_key, temporary, created_at <= lifecycle_created_until AS is_old, active AS is_live,
        has_code_references, is_prerequisite,
        is_critical_prerequisite OR is_prerequisite AND critical_environments = 0 AS is_needed,
        critical_environments = 0 AS is_uncritical,
        CASE WHEN reason IN ('mixed', 'rollout', 'no_variation') THEN 1 WHEN reason <> 'unknown' THEN 0 END AS is_mixed,
        unknown_environments > 0 AS lacks_configurations,
        EXISTS (
            SELECT 1 FROM flag_environments AS configuration
            WHERE configuration.project_key = flag.project_key AND configuration.flag_key = flag.flag_key
              AND target_count + context_target_count > 0
        ) AS has_targets,
        is_requested OR coalesce(last_requested_at > requested_from, 0) AS is_requested,
        is_requested_where_it_blocks OR coalesce(last_blocking_request_at > requested_from, 0)
            AS is_requested_where_it_blocks,
        known_statuses < environments AS lacks_statuses,
        coalesce(differs, 0) AS has_other_fallback,
        coalesce(lacks_fallback OR unknown > 0, 0) AS lacks_fallback
    FROM flag_facts AS flag
    CROSS JOIN limits ON limits.project_key = flag.project_key
    LEFT JOIN replacements
        ON replacements.project_key = flag.project_key AND replacements.flag_key = flag.flag_key
    LEFT JOIN fallbacks ON fallbacks.project_key = flag.project_key AND fallbacks.flag_key = flag.flag_key
    WHERE NOT (SELECT is_current FROM stored_state)
),
-- Materialized: every verdict is given twice.
verdicts AS MATERIALIZED (
    SELECT
        project_key, flag_key,
        CASE
            WHEN is_needed OR is_mixed OR is_live THEN 'blocked'
            WHEN is_mixed IS NULL OR is_live IS NULL THEN 'unknown'
            WHEN NOT temporary OR has_code_references OR is_prerequisite THEN 'caution'
            WHEN has_code_references IS NULL OR has_targets THEN 'unknown'
            ELSE 'safe'
        END AS code_removal_verdict,
        CASE WHEN has_code_references THEN ',"code_references"' ELSE '' END
        || CASE WHEN has_code_references IS NULL THEN ',"code_references_unknown"' ELSE '' END
        || CASE WHEN lacks_configurations THEN ',"configurations_unknown"' ELSE '' END
        || CASE WHEN is_prerequisite THEN ',"dependents"' ELSE '' END
        || CASE WHEN has_targets THEN ',"expiring_targets_unknown"' ELSE '' END
        || CASE WHEN is_live THEN ',"live"' ELSE '' END
        || CASE WHEN is_mixed THEN ',"mixed_variations"' ELSE '' END
        || CASE WHEN is_uncritical THEN ',"no_critical_environment"' ELSE '' END
        || CASE WHEN NOT temporary THEN ',"permanent"' ELSE '' END
        || CASE WHEN is_live IS NULL AND NOT is_uncritical THEN ',"statuses_unknown"' ELSE '' END
            AS code_removal_reasons,
        CASE
            WHEN is_prerequisite OR is_live OR is_requested_where_it_blocks THEN 'blocked'
            WHEN is_live IS NULL THEN 'unknown'
            WHEN NOT temporary OR NOT is_old OR is_requested OR has_code_references OR has_other_fallback THEN 'caution'
            WHEN lacks_statuses OR lacks_fallback OR has_code_references IS NULL THEN 'unknown'
            ELSE 'safe'
        END AS archive_verdict,
        CASE WHEN has_code_references THEN ',"code_references"' ELSE '' END
        || CASE WHEN has_code_references IS NULL THEN ',"code_references_unknown"' ELSE '' END
        || CASE WHEN is_prerequisite THEN ',"dependents"' ELSE '' END
        || CASE WHEN has_other_fallback THEN ',"fallback_differs"' ELSE '' END
        || CASE WHEN lacks_fallback THEN ',"fallback_unknown"' ELSE '' END
        || CASE WHEN is_live THEN ',"live"' ELSE '' END
        || CASE WHEN is_uncritical THEN ',"no_critical_environment"' ELSE '' END
        || CASE WHEN NOT temporary THEN ',"permanent"' ELSE '' END
        || CASE WHEN NOT is_old THEN ',"recently_created"' ELSE '' END
        || CASE WHEN lacks_statuses THEN ',"statuses_unknown"' ELSE '' END
        || CASE WHEN is_requested THEN ',"still_requested"' ELSE '' END
            AS archive_reasons
    FROM facts
)
SELECT
    project_key, flag_key,
    code_removal_verdict AS verdict, '[' || substr(code_removal_reasons, 2) || ']' AS reasons,
    code_removal_verdict, '[' || substr(code_removal_reasons, 2) || ']' AS code_removal_reasons,
    archive_verdict, '[' || substr(archive_reasons, 2) || ']' AS archive_reasons
FROM verdicts
