-- Question: Do changes in critical environments need approval, a comment and a confirmation?
-- Definition: One row per critical environment, with whether changes of flags need approval, a
--   comment and a confirmation. An environment is governed if they need all three.
-- Source: Steampipe's examples for LaunchDarkly, `launchdarkly_environment`: https://hub.steampipe.io/plugins/turbot/launchdarkly/tables/launchdarkly_environment
-- Assumptions: Approval counts even if it is limited to flags with certain tags, which
--   `has_approval_tags` shows. If the approval settings are unknown, an environment without a
--   required comment or confirmation is not governed; any other is unknown.
-- Needs: environments
-- Key: project_key, environment_key
-- Column: project_key text: Key of the project.
-- Column: environment_key text: Key of the environment.
-- Column: has_approvals boolean?: Whether changes of flags need approval.
-- Column: has_approval_tags boolean: Whether approval is needed only for flags with certain tags.
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
JOIN critical_environments USING (project_key, environment_key)
