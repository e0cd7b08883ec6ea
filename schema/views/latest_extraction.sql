-- Question: Which run do the tables hold, and which time is "now"?
-- Definition: The newest published extraction. Every view uses its start as the current time, so
--   that an answer does not depend on when it is read.
-- Source: flaglake's own record of its runs.
-- Assumptions: None.
-- Needs:
-- Key: extraction_id
-- Column: extraction_id text: ID of the extraction.
-- Column: started_at time: When it started, which is what "now" means in every view.
-- Column: finished_at time: When it finished reading.
-- Column: account_id text?: ID of the account, where LaunchDarkly tells it.
-- Column: base_url text: The address that was read from.
-- Example: SELECT started_at FROM latest_extraction
SELECT extraction_id, started_at, finished_at, account_id, base_url
FROM extractions
-- A clock that was wrong once does not decide; a database of an earlier flaglake has no mark.
ORDER BY is_latest DESC, started_at DESC, extraction_id DESC
LIMIT 1
