-- Question: Which data is missing from the answer of each view?
-- Definition: For each view and each resource that it needs, the scopes that the newest run did not
--   read completely. There are no rows if everything was read.
-- Source: flaglake's own record of its runs, and what the definition of each view says it needs.
-- Assumptions: A view's answer may be complete all the same, because a scope that was not read may
--   be empty.
-- Needs:
-- Key: view_name, resource, scope
-- Column: view_name text: Name of the view.
-- Column: resource text: Name of a resource that it needs.
-- Column: is_required boolean: Whether the view leaves out rows that it cannot know without the resource, instead of reporting `unknown`.
-- Column: scope text: Empty for the account; a project's key; a project's and an environment's key, with a slash between.
-- Column: outcome text: `not_available`, `invalid_permissions` or `skipped`.
-- Column: rows_read_at time?: When the rows that the tables hold were read; NULL where they hold none.
-- Column: detail text?: Remarks about reading it.
-- Example: SELECT view_name, resource, scope, outcome FROM view_coverage WHERE view_name = 'stale_flags'
WITH
needs (view_name, resource, is_required) AS (
    -- The row stands for those of every view, from the line `Needs` of its file.
    VALUES ('', '', 0)
)
SELECT view_name, resource, is_required, scope, outcome, rows_read_at, detail
FROM needs JOIN resource_coverage USING (resource)
WHERE NOT is_complete
