-- Question: Which flags lack a description or tags?
-- Definition: Every flag that is not archived, with whether it has a description and tags.
-- Source: LaunchDarkly's guide, "Reducing technical debt from feature flags": https://launchdarkly.com/docs/guides/flags/technical-debt
-- Assumptions: A description that consists of white space only counts as missing.
-- Needs: flags
-- Key: project_key, flag_key
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: has_description boolean: Whether the flag has a description.
-- Column: has_tags boolean: Whether the flag has a tag.
-- Example: SELECT project_key, count(*) AS flags FROM flag_hygiene WHERE NOT has_description AND NOT has_tags GROUP BY 1
SELECT
    project_key, flag_key,
    trim(coalesce(description, ''), ' ' || char(9, 10, 13)) <> '' AS has_description,
    EXISTS (
        SELECT 1 FROM flag_tags AS tag
        WHERE tag.project_key = flag.project_key AND tag.flag_key = flag.flag_key
    ) AS has_tags
FROM flags AS flag
WHERE state <> 'archived'
