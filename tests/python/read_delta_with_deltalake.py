"""Prints what deltalake and pyarrow make of Delta tables: the folder that they are in."""

import json
import pathlib
import sys

import deltalake
from pyarrow import fs


def native(path):
    """deltalake's own file system is called by threads that can outlive Python, which then aborts."""
    return fs.SubTreeFileSystem(str(path), fs.LocalFileSystem())


def table(name):
    path = f"{sys.argv[1]}/{name}"
    return deltalake.DeltaTable(path).to_pyarrow_table(filesystem=native(path))


flags, variations, latest = table("flags"), table("flag_variations"), table("latest_extraction")
(flag,) = flags.to_pylist()
newest = flags.join(latest.select(["account_id", "extraction_id"]), ["account_id", "extraction_id"], join_type="inner")
names = [path.parent.name for path in pathlib.Path(sys.argv[1]).glob("*/_delta_log")]
json.dump(
    {
        "created_at": str(flags.schema.field("created_at").type),
        "temporary": str(flags.schema.field("temporary").type),
        "created": int(flag["created_at"].timestamp() * 1000),
        "archived": flag["archived_at"],
        "flag": [flag["name"], flag["temporary"]],
        "extraction": flag["extraction_id"],
        "values": variations.sort_by("variation_index")["value"].to_pylist(),
        "newest": [[row["account_id"], row["extraction_id"]] for row in newest.to_pylist()],
        "rows": {name: table(name).num_rows for name in names},
    },
    sys.stdout,
)
