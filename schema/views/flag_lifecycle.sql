-- Question: At which lifecycle stage is each flag, and does LaunchDarkly agree?
-- Definition: One row per flag. The stage of an archived or deprecated flag is its state. Any other
--   flag is ready for code removal or ready to archive if `flag_readiness` says so, live if
--   `flag_readiness` knows that it is neither, and unknown otherwise. Where only code references are
--   missing to decide, and LaunchDarkly gives no verdict, the stage is `code_not_checked`: the flag
--   is launched or inactive everywhere critical, but nobody knows whether code mentions it. LaunchDarkly's own stage is
--   the one that LaunchDarkly reports, live where it reports that neither applies, and NULL where it
--   reports nothing.
-- Source: LaunchDarkly's documentation, "Flag statuses and lifecycle stages": https://launchdarkly.com/docs/home/flags/flag-status
-- Assumptions: LaunchDarkly applies the lifecycle settings of each project, flaglake applies
--   `lifecycle_age` in `scorecard_thresholds`: set that to the projects' value before you look into
--   disagreements. A stage does not mean that removing or archiving is safe: see
--   `removal_verdicts`.
-- Needs: flags, environments, flag_statuses?, code_references?
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: stage text: `live`, `ready_for_code_removal`, `ready_to_archive`, `code_not_checked`, `deprecated`, `archived` or `unknown`.
-- Column: ld_stage text?: The stage of a live flag that LaunchDarkly names; NULL where it does not say.
-- Column: disagrees boolean?: Whether both stages of a live flag are known and differ; NULL where they cannot be compared.
-- Example: SELECT project_key, stage, count(*) AS flags FROM flag_lifecycle GROUP BY project_key, stage
SELECT
    project_key, flag_key, stage, ld_stage,
    CASE WHEN stage IN ('live', 'ready_for_code_removal', 'ready_to_archive') AND NOT by_launchdarkly AND NOT is_exempt
        THEN stage <> ld_stage END AS disagrees
FROM (
    SELECT
        project_key, flag_key, ld_stage, by_launchdarkly, is_exempt,
        CASE
            WHEN state = 'deprecated' THEN 'deprecated'
            WHEN ready_for_code_removal THEN 'ready_for_code_removal'
            WHEN ready_to_archive THEN 'ready_to_archive'
            WHEN NOT ready_for_code_removal AND NOT ready_to_archive THEN 'live'
            WHEN code_not_checked THEN 'code_not_checked'
            ELSE 'unknown'
        END AS stage
    FROM flag_judgements
)
UNION ALL
SELECT
    project_key, flag_key, 'archived', NULL, NULL
FROM flags
WHERE state = 'archived'
