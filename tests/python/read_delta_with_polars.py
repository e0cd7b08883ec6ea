"""Prints what Polars makes of Delta tables: the folder that they are in."""

import json
import pathlib
import sys

import polars


def table(name):
    return polars.scan_delta(f"{sys.argv[1]}/{name}").collect()


flags, variations = table("flags"), table("flag_variations")
flag = flags.row(0, named=True)
key = ["account_id", "extraction_id"]
newest = flags.join(table("latest_extraction").select(key), on=key)
names = [path.parent.name for path in pathlib.Path(sys.argv[1]).glob("*/_delta_log")]
json.dump(
    {
        "created_at": str(flags.schema["created_at"]),
        "temporary": str(flags.schema["temporary"]),
        "created": int(flag["created_at"].timestamp() * 1000),
        "archived": flag["archived_at"],
        "flag": [flag["name"], flag["temporary"]],
        "extraction": flag["extraction_id"],
        "values": variations.sort("variation_index")["value"].to_list(),
        "newest": [list(row) for row in newest.select(key).rows()],
        "rows": {name: table(name).height for name in names},
    },
    sys.stdout,
)
