"""Puts an extension of DuckDB, by its name, where DuckDB looks for it: a home folder."""

import importlib
import json
import pathlib
import sys

import duckdb

home, extension = sys.argv[1:]
package = importlib.import_module(f"duckdb_extension_{extension}")
version = f"v{duckdb.__version__}"
name = f"{extension}.duckdb_extension"
(platform,) = duckdb.sql("PRAGMA platform").fetchone()
folder = pathlib.Path(home, ".duckdb", "extensions", version, platform)
folder.mkdir(parents=True)
(folder / name).symlink_to(pathlib.Path(package.__file__).parent / "extensions" / version / name)
json.dump(str(folder), sys.stdout)
