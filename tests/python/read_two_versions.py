"""Prints the flags of all extractions of a lake, of which older ones lack columns."""

import json
import sys

import duckdb
import polars

COLUMNS = ["extraction_id", "name", "temporary"]
files = f"{sys.argv[1]}/flags/**/*.parquet"

relation = duckdb.sql(f"FROM read_parquet('{files}', hive_partitioning = true, union_by_name = true)")
relation = relation.order("extraction_id")
duckdb_rows = relation.project(", ".join(COLUMNS) + ", epoch_ms(created_at)").fetchall()

newest = max(duckdb_rows)[0]
(schema,) = [polars.read_parquet_schema(file) for (file,) in duckdb.sql(f"FROM glob('{files}')").fetchall() if newest in file]
frame = polars.scan_parquet(files, hive_partitioning=True, schema=schema, missing_columns="insert")
frame = frame.sort("extraction_id").select(*COLUMNS, polars.col("created_at").dt.epoch("ms"))
json.dump({"duckdb": duckdb_rows, "polars": frame.collect().rows()}, sys.stdout)
