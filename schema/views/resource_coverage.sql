-- Question: What did the newest run read, and what did it not read?
-- Definition: The rows of `extraction_resources` of the newest extraction, with the parts of their scope.
-- Source: flaglake's own record of its runs.
-- Assumptions: A resource that was not selected has one row with an empty scope, at whatever level
--   it is nested.
-- Needs:
-- Key: resource, scope
-- Column: resource text: Name of the resource.
-- Column: scope text: Empty for the account; a project's key; a project's and an environment's key, with a slash between.
-- Column: outcome text: `complete`, `not_available`, `invalid_permissions` or `skipped`.
-- Column: is_complete boolean: Whether everything in the scope was read.
-- Column: rows_read_at time?: When the rows that the tables hold were read; NULL where they hold none.
-- Column: detail text?: Remarks about reading it.
-- Example: SELECT resource, scope, outcome FROM resource_coverage WHERE NOT is_complete
SELECT resource, scope, outcome, outcome = 'complete' AS is_complete, rows_read_at, detail
FROM extraction_resources
WHERE extraction_id = (SELECT extraction_id FROM latest_extraction)
