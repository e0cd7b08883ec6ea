"""Puts DuckDB's reader of SQLite where DuckDB looks for it: a home folder."""

import json
import pathlib
import sys

import duckdb
import duckdb_extension_sqlite_scanner as package

version = f"v{duckdb.__version__}"
name = "sqlite_scanner.duckdb_extension"
(platform,) = duckdb.sql("PRAGMA platform").fetchone()
folder = pathlib.Path(sys.argv[1], ".duckdb", "extensions", version, platform)
folder.mkdir(parents=True)
(folder / name).symlink_to(pathlib.Path(package.__file__).parent / "extensions" / version / name)
json.dump(str(folder), sys.stdout)
