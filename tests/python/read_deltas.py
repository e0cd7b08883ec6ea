"""Reads Delta tables with deltalake, Polars and DuckDB: for each line of input, which names a folder of
tables, prints the number of rows of each extraction in each table, and what a strict reader finds, which
reads all tables at the versions that the manifest of the newest extraction names."""

import json
import pathlib
import sys

import deltalake
import duckdb
import duckdb_extension_delta as package
import polars
from pyarrow import fs

database = duckdb.connect()
extension = pathlib.Path(package.__file__).parent / "extensions" / f"v{duckdb.__version__}"
database.execute(f"LOAD '{extension / 'delta.duckdb_extension'}'")


def by_deltalake(path):
    # deltalake's own file system is called by threads that can outlive Python, which then aborts.
    native = fs.SubTreeFileSystem(path, fs.LocalFileSystem())
    table = deltalake.DeltaTable(path).to_pyarrow_table(filesystem=native, columns=["extraction_id"])
    counts = table["extraction_id"].value_counts().to_pylist()
    return {count["values"]: count["counts"] for count in counts}


def by_polars(path):
    return counted(polars.scan_delta(path))


def counted(rows):
    return dict(rows.group_by("extraction_id").len().collect().iter_rows())


def by_duckdb(path):
    sql = f"SELECT extraction_id, count(*) FROM delta_scan('{path}') GROUP BY 1"
    return dict(database.sql(sql).fetchall())


def strict(lake):
    newest = {}
    for row in polars.read_delta(f"{lake}/latest_extraction").iter_rows(named=True):
        path = "{account_id}/{extraction_id}.json".format(**row)
        manifest = json.loads(pathlib.Path(lake, "_extractions", f"account_id={path}").read_text())
        tables = [table for table in manifest["tables"] if "delta_version" in table]
        newest[row["account_id"]] = {
            "extraction": row["extraction_id"],
            "tables": {
                table["name"]: {
                    "rows": table["rows"],
                    "found": counted(
                        polars.scan_delta(f"{lake}/{table['name']}", version=table["delta_version"]).filter(
                            account_id=row["account_id"]
                        )
                    ),
                }
                for table in tables
            },
        }
    return newest


for line in sys.stdin:
    lake = line.rstrip("\n")
    names = sorted(log.parent.name for log in pathlib.Path(lake).glob("*/_delta_log"))
    readers = {"deltalake": by_deltalake, "polars": by_polars, "duckdb": by_duckdb}
    found = {
        reader: {name: count(f"{lake}/{name}") for name in names} for reader, count in readers.items()
    }
    print(json.dumps({"readers": found, "strict": strict(lake)}), flush=True)
