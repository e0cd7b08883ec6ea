-- Question: Which flags are not judged?
-- Definition: Flags with a tag that matches a pattern in the setting `exempt_tags` of their project or of all projects (see
--   `scorecard_settings`). They are neither stale, nor ready for removal, nor unowned, and no scorecard counts them.
-- Source: flaglake's own setting.
-- Assumptions: In a pattern, `*` stands for any text and `?` for one character. Lists of single findings, such as
--   `never_requested_flags` and `removal_verdicts`, contain exempt flags all the same.
-- Needs: flags
-- Stored: always
-- Key: project_key, flag_key, tag
-- Column: project_key text: Key of the project.
-- Column: flag_key text: Key of the flag.
-- Column: tag text: The tag that matches.
-- Example: SELECT tag, count(*) AS flags FROM exempt_flags GROUP BY tag
SELECT DISTINCT flag_tags.project_key, flag_key, tag
-- CROSS for speed: most often there is no such setting, and no tag is looked at.
FROM scorecard_settings AS pattern CROSS JOIN flag_tags
WHERE setting = 'exempt_tags' AND pattern.project_key IN ('', flag_tags.project_key) AND tag GLOB value
