"""Prints what DataFusion makes of a lake: its folder."""

import json
import sys

import datafusion
import pyarrow

context = datafusion.SessionContext()
account, extraction = ("account_id", pyarrow.string()), ("extraction_id", pyarrow.string())


def register(name, *partitions):
    context.register_parquet(name, f"{sys.argv[1]}/{name}/", table_partition_cols=list(partitions))


def rows(sql):
    return context.sql(sql).to_pydict()


for name in ["flags", "flag_variations", "extractions"]:
    register(name, account, extraction)
register("latest_extraction", account)
flags = context.table("flags").schema()
flag = rows("SELECT name, temporary, created_at, extraction_id FROM flags")
newest = rows("SELECT account_id, extraction_id FROM flags JOIN latest_extraction USING (account_id, extraction_id)")
json.dump(
    {
        "created_at": str(flags.field("created_at").type),
        "temporary": str(flags.field("temporary").type),
        "created": int(flag["created_at"][0].timestamp() * 1000),
        "flag": [flag["name"][0], flag["temporary"][0]],
        "extraction": flag["extraction_id"][0],
        "values": rows("SELECT value FROM flag_variations ORDER BY variation_index")["value"],
        "extractions": rows("SELECT extraction_id FROM extractions")["extraction_id"],
        "newest": list(map(list, zip(newest["account_id"], newest["extraction_id"]))),
    },
    sys.stdout,
)
