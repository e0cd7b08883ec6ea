-- Question: Are changes in critical environments under control?
-- Definition: Every critical environment, with whether changes of flags need approval, a comment and a confirmation. It is
--   governed where they need all three.
-- Source: Steampipe's examples for LaunchDarkly, `launchdarkly_environment`: https://hub.steampipe.io/plugins/turbot/launchdarkly/tables/launchdarkly_environment
-- Assumptions: Approval counts although it may be limited to flags with certain tags: `has_approval_tags` says so. Where
--   the approval settings are unknown, an environment that lacks a comment or a confirmation is not governed all the same.
-- Needs: environments
-- Key: project_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: has_approvals boolean?: Whether changes of flags need approval.
-- Column: has_approval_tags boolean: Whether that goes for flags with certain tags only.
-- Column: requires_comments boolean: Whether changes need a comment.
-- Column: confirms_changes boolean: Whether changes need a confirmation.
-- Column: is_governed boolean?: Whether changes need all three.
-- Example: SELECT project_key, environment_key FROM environment_governance WHERE NOT is_governed
SELECT
    project_key, environment_key, approval_required AS has_approvals,
    EXISTS (
        SELECT 1 FROM environment_approval_tags AS tag
        WHERE tag.project_key = environment.project_key
          AND tag.environment_key = environment.environment_key
    ) AS has_approval_tags,
    require_comments AS requires_comments, confirm_changes AS confirms_changes,
    approval_required AND require_comments AND confirm_changes AS is_governed
FROM environments AS environment
WHERE critical
