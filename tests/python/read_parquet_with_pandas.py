"""Prints what pandas and pyarrow make of a lake: its folder."""

import json
import sys

import pandas
import pyarrow.dataset

flags = pandas.read_parquet(f"{sys.argv[1]}/flags")
variations = pandas.read_parquet(f"{sys.argv[1]}/flag_variations")
extractions = pyarrow.dataset.dataset(f"{sys.argv[1]}/extractions", partitioning="hive")
latest = pandas.read_parquet(f"{sys.argv[1]}/latest_extraction")
flag = flags.iloc[0]
key = ["account_id", "extraction_id"]
newest = flags.astype({name: str for name in key}).merge(latest.astype({name: str for name in key}), on=key)
json.dump(
    {
        "created_at": str(flags["created_at"].dtype),
        "temporary": str(flags["temporary"].dtype),
        "created": int(flag["created_at"].timestamp() * 1000),
        "flag": [flag["name"], bool(flag["temporary"])],
        "extraction": str(flag["extraction_id"]),
        "values": variations.sort_values("variation_index")["value"].tolist(),
        "extractions": extractions.to_table()["extraction_id"].to_pylist(),
        "newest": newest[key].values.tolist(),
    },
    sys.stdout,
)
