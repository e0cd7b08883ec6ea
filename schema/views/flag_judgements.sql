-- Question: How is each flag judged: is it stale, ready for removal, too old, owned, described?
-- Definition: One row per flag that is not archived: its facts (see `flag_facts`), with the thresholds of its project applied
--   to them (see `project_limits`). A judgement is NULL where it is unknown. Exempt flags (see `exempt_flags`)
--   are neither stale, nor ready for anything, nor too old. The other views about flags, `scorecards` and the daily figures count these rows.
-- Source: See `stale_flags`, `flag_readiness`, `flag_lifecycle`, `unowned_flags` and `flag_hygiene`.
-- Assumptions: One condition that is known to fail decides, whatever is unknown besides. Where code references were not read,
--   and the conditions do not decide, LaunchDarkly's own verdict does, if it gives one (`by_launchdarkly`). If
--   it gives none, a flag that meets all other conditions is `code_not_checked`.
-- Needs: projects, flags, environments, flag_statuses?, code_references?, members?, teams?
-- Stored: until a threshold changes
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: state text: `live` or `deprecated`.
-- Column: temporary boolean: Whether the flag is temporary: meant to be removed later.
-- Column: created_at time: When the flag was created.
-- Column: owner text?: ID of the member who maintains it, else the member's email address; NULL if no member does.
-- Column: team_key text?: Key of its team (see `flag_facts`); NULL if it has none, or that is unknown.
-- Column: is_team_known boolean: Whether its team is known, or that it has none.
-- Column: is_exempt boolean: Whether it is in `exempt_flags`.
-- Column: is_read boolean: Whether the newest run has read all flags and environments of the project.
-- Column: is_old boolean: Whether it is old enough for the stages `ready_for_code_removal` and `ready_to_archive`.
-- Column: critical_environments integer: Critical environments of the project.
-- Column: launched boolean?: Whether it is launched in all critical environments.
-- Column: inactive boolean?: Whether it is inactive in all critical environments.
-- Column: active boolean?: Whether it is new or active in any critical environment.
-- Column: has_code_references boolean?: Whether code on a default branch mentions it.
-- Column: is_prerequisite boolean: Whether another flag depends on it in any environment.
-- Column: is_critical_prerequisite boolean: Whether another flag depends on it in a critical environment.
-- Column: ready_for_code_removal boolean?: Whether it is at LaunchDarkly's stage "ready for code removal".
-- Column: ready_to_archive boolean?: Whether it is at LaunchDarkly's stage "ready to archive".
-- Column: by_launchdarkly boolean: Whether one of these two is LaunchDarkly's own verdict.
-- Column: code_not_checked boolean: Whether it meets all conditions of one of these two but those about code, which is unknown.
-- Column: ld_stage text?: The stage that LaunchDarkly names for a live flag; NULL where it does not say.
-- Column: is_stale boolean?: Whether it is stale in a critical environment (see `stale_flags`).
-- Column: is_over_age boolean: Whether it is temporary and older than `flag_lifetime`.
-- Column: has_owner boolean?: Whether a member or team that maintains it is still in the account.
-- Column: is_tidy boolean: Whether it has a description and a tag.
-- Example: SELECT owner, count(*) AS flags FROM flag_judgements WHERE is_stale GROUP BY owner ORDER BY flags DESC
WITH
-- Materialized: worked out once, not for every flag.
limits AS MATERIALIZED (SELECT * FROM project_limits),
conditions AS (
    SELECT
        flag.*, created_at <= lifecycle_created_until AS is_old,
        state = 'live' AND temporary AND NOT is_exempt AND created_at <= lifecycle_created_until AS is_candidate,
        CASE
            WHEN NOT temporary OR is_exempt THEN 0
            -- Staleness needs a critical environment.
            WHEN critical_environments = 0 THEN NULL
            WHEN created_at > stale_created_until THEN 0
            WHEN critical_quiet_since <= stale_quiet_until THEN 1
            WHEN known_critical_statuses = critical_environments THEN 0
        END AS is_stale,
        temporary AND NOT is_exempt AND created_at < lifetime_from AS is_over_age
    FROM flag_facts AS flag CROSS JOIN limits ON limits.project_key = flag.project_key
    WHERE NOT (SELECT is_current FROM stored_state)
),
verdicts AS (
    SELECT
        *,
        is_candidate AND launched AND has_code_references AND NOT is_critical_prerequisite AS removal_by_conditions,
        is_candidate AND inactive AND NOT has_code_references AND NOT is_prerequisite AS archiving_by_conditions
    FROM conditions
)
SELECT
    project_key, flag_key, state, temporary, created_at,
    coalesce(maintainer_id, maintainer_email) AS owner, team_key, is_team_known, is_exempt, is_read,
    is_old, critical_environments, launched, inactive, active, has_code_references, is_prerequisite,
    is_critical_prerequisite,
    CASE WHEN removal_by_conditions IS NULL AND has_code_references IS NULL
        THEN ld_stage = 'ready_for_code_removal' ELSE removal_by_conditions END AS ready_for_code_removal,
    CASE WHEN archiving_by_conditions IS NULL AND has_code_references IS NULL
        THEN ld_stage = 'ready_to_archive' ELSE archiving_by_conditions END AS ready_to_archive,
    has_code_references IS NULL AND ld_stage IS NOT NULL
        AND (removal_by_conditions IS NULL OR archiving_by_conditions IS NULL) AS by_launchdarkly,
    coalesce(
        is_candidate AND has_code_references IS NULL AND ld_stage IS NULL
        AND (launched AND NOT is_critical_prerequisite OR inactive AND NOT is_prerequisite), 0
    ) AS code_not_checked,
    ld_stage, is_stale, is_over_age, has_owner, has_description AND has_tags AS is_tidy
FROM verdicts
