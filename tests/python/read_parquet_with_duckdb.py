"""Prints what DuckDB makes of a lake: its folder."""

import json
import sys

import duckdb

database = duckdb.connect()
# A moment stays the same one wherever its reader is.
database.execute("SET TimeZone = 'America/New_York'")


def table(name):
    files = f"{sys.argv[1]}/{name}/**/*.parquet"
    return database.sql(f"FROM read_parquet('{files}', hive_partitioning = true)")


def types(relation):
    return dict(zip(relation.columns, map(str, relation.types)))


flags, variations, latest = table("flags"), table("flag_variations"), table("latest_extraction")
facts = "name, temporary, epoch_ms(created_at), extraction_id"
name, temporary, created, extraction = flags.project(facts).fetchall()[0]
values = variations.order("variation_index").project("value").fetchall()
newest = database.sql("FROM flags JOIN latest USING (account_id, extraction_id)")
json.dump(
    {
        "created_at": types(flags)["created_at"],
        "temporary": types(flags)["temporary"],
        "created": created,
        "flag": [name, temporary],
        "extraction": extraction,
        "values": [value for (value,) in values],
        "extractions": [id for (id,) in table("extractions").project("extraction_id").fetchall()],
        "newest": [list(row) for row in newest.project("account_id, extraction_id").fetchall()],
    },
    sys.stdout,
)
