"""Prints what Polars makes of a lake: its folder."""

import json
import sys

import polars


def table(name):
    files = f"{sys.argv[1]}/{name}/**/*.parquet"
    # By default, Polars takes 20261120T020000Z for a moment.
    return polars.read_parquet(files, hive_partitioning=True, try_parse_hive_dates=False)


flags, variations = table("flags"), table("flag_variations")
flag = flags.row(0, named=True)
json.dump(
    {
        "created_at": str(flags.schema["created_at"]),
        "temporary": str(flags.schema["temporary"]),
        "created": int(flag["created_at"].timestamp() * 1000),
        "flag": [flag["name"], flag["temporary"]],
        "extraction": flag["extraction_id"],
        "values": variations.sort("variation_index")["value"].to_list(),
        "extractions": [[id] for id in table("extractions")["extraction_id"].to_list()],
    },
    sys.stdout,
)
