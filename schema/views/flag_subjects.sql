-- Question: Which subjects does each flag count for?
-- Definition: One row per flag that is not archived and subject that it counts for: its project, its team, the member who
--   maintains it, each of its tags, and each repository whose code mentions it. A flag without a team, a maintainer
--   or a tag counts for the subject `(none)` of that kind.
-- Source: flaglake's own; `scorecards` and the daily figures count flags by these subjects.
-- Assumptions: A flag's team is that of `flag_facts`; where it is unknown, the flag has no row for a team. A flag that only a
--   team maintains has no row for an owner. Where code references were not read, there are no rows for repositories.
-- Needs: projects, flags, code_references?, members?
-- Key: project_key, flag_key, subject_kind, subject
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: subject_kind text: `project`, `team`, `owner`, `tag` or `repository`.
-- Column: subject text: Key of the project or team, ID (else email address) of the member, the tag, the name of the repository, or `(none)`.
-- Example: SELECT subject, count(*) AS flags FROM flag_subjects WHERE subject_kind = 'tag' GROUP BY subject
SELECT project_key, flag_key, 'project' AS subject_kind, project_key AS subject FROM flag_facts
UNION ALL
SELECT project_key, flag_key, 'team', CAST(coalesce(team_key, '(none)') AS TEXT) FROM flag_facts WHERE is_team_known
UNION ALL
SELECT project_key, flag_key, 'owner', CAST(coalesce(maintainer_id, maintainer_email, '(none)') AS TEXT)
FROM flag_facts
WHERE coalesce(maintainer_id, maintainer_email) IS NOT NULL OR maintainer_team_key IS NULL
UNION ALL
SELECT project_key, flag_key, 'tag', CAST(coalesce(tag, '(none)') AS TEXT)
FROM flags LEFT JOIN flag_tags USING (project_key, flag_key)
WHERE state <> 'archived'
UNION ALL
SELECT DISTINCT project_key, flag_key, 'repository', repository
FROM flags JOIN code_references USING (project_key, flag_key)
WHERE state <> 'archived' AND project_key IN (
    SELECT scope FROM resource_coverage WHERE resource = 'code_references' AND is_complete
)
