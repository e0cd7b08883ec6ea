"""Prints what Polars makes of a lake: its folder."""

import json
import sys

import polars


def table(name):
    return polars.read_parquet(f"{sys.argv[1]}/{name}/**/*.parquet", hive_partitioning=True)


flags, variations = table("flags"), table("flag_variations")
flag = flags.row(0, named=True)
key = ["account_id", "extraction_id"]
newest = flags.join(table("latest_extraction"), on=key)
json.dump(
    {
        "created_at": str(flags.schema["created_at"]),
        "temporary": str(flags.schema["temporary"]),
        "created": int(flag["created_at"].timestamp() * 1000),
        "flag": [flag["name"], flag["temporary"]],
        "extraction": flag["extraction_id"],
        "values": variations.sort("variation_index")["value"].to_list(),
        "extractions": table("extractions")["extraction_id"].to_list(),
        "newest": [list(row) for row in newest.select(key).rows()],
    },
    sys.stdout,
)
