"""Prints the flags of the newest extraction of a lake, and those that each run found."""

import json
import sys

import duckdb

database = duckdb.connect()


def table(name):
    files = f"{sys.argv[1]}/{name}/*/*/*.parquet"
    return database.sql(f"FROM read_parquet('{files}', hive_partitioning = true)")


flags, extractions = table("flags"), table("extractions")
latest = database.sql(
    f"FROM read_parquet('{sys.argv[1]}/latest_extraction/*/*.parquet', hive_partitioning = true)"
)
newest = database.sql(
    "SELECT extraction_id, count(*) FROM flags JOIN latest USING (account_id, extraction_id) GROUP BY ALL"
)
runs = database.sql(
    """
    SELECT run.extraction_id, count(*)
    FROM extractions AS run
    JOIN flags ON flags.account_id = run.account_id
        AND flags.extraction_id = coalesce(run.same_as, run.extraction_id)
    GROUP BY ALL ORDER BY ALL
    """
)
json.dump({"newest": newest.fetchall(), "runs": runs.fetchall()}, sys.stdout)
