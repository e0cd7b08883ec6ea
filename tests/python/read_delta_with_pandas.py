"""Prints what pandas makes of Delta tables, through deltalake: the folder that they are in."""

import json
import pathlib
import sys

import deltalake
import pandas
from pyarrow import fs


def native(path):
    """deltalake's own file system is called by threads that can outlive Python, which then aborts."""
    return fs.SubTreeFileSystem(str(path), fs.LocalFileSystem())


def table(name):
    path = f"{sys.argv[1]}/{name}"
    return deltalake.DeltaTable(path).to_pandas(filesystem=native(path))


flags, variations = table("flags"), table("flag_variations")
flag = flags.iloc[0]
key = ["account_id", "extraction_id"]
newest = flags.merge(table("latest_extraction")[key], on=key)
names = [path.parent.name for path in pathlib.Path(sys.argv[1]).glob("*/_delta_log")]
json.dump(
    {
        "created_at": str(flags["created_at"].dtype),
        "temporary": str(flags["temporary"].dtype),
        "created": int(flag["created_at"].timestamp() * 1000),
        "archived": None if pandas.isna(flag["archived_at"]) else str(flag["archived_at"]),
        "flag": [flag["name"], bool(flag["temporary"])],
        "extraction": flag["extraction_id"],
        "values": variations.sort_values("variation_index")["value"].tolist(),
        "newest": newest[key].values.tolist(),
        "rows": {name: len(table(name)) for name in names},
    },
    sys.stdout,
)
