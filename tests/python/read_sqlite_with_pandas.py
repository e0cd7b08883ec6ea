"""Prints what pandas makes of a database: its path."""

import json
import sqlite3
import sys

import pandas

database = sqlite3.connect(sys.argv[1])
flags = pandas.read_sql("SELECT * FROM flags", database, parse_dates=["created_at"])
variations = pandas.read_sql("SELECT * FROM flag_variations ORDER BY variation_index", database)
flag = flags.iloc[0]
json.dump(
    {
        "created_at": str(flags["created_at"].dtype.tz),
        "created": int(flag["created_at"].timestamp() * 1000),
        "flag": [flag["name"], bool(flag["temporary"])],
        "values": variations["value"].tolist(),
    },
    sys.stdout,
)
