"""Prints what DuckDB's SQLite scanner makes of a database: its path.

Nothing is downloaded: the scanner comes from PyPI, or was installed before.
"""

import json
import pathlib
import sys

import duckdb

database = duckdb.connect()
try:
    import duckdb_extension_sqlite_scanner as package

    folder = pathlib.Path(package.__file__).parent / "extensions"
    path = folder / f"v{duckdb.__version__}" / "sqlite_scanner.duckdb_extension"
    database.execute(f"LOAD '{path}'")
except ImportError:
    try:
        database.execute("LOAD sqlite")
    except duckdb.Error:
        json.dump({"skipped": "DuckDB's SQLite scanner is not installed"}, sys.stdout)
        sys.exit()
database.execute("SET TimeZone = 'America/New_York'")
database.execute(f"ATTACH '{sys.argv[1]}' AS lake (TYPE sqlite, READ_ONLY)")
flags = database.sql("FROM lake.flags")
types = dict(zip(flags.columns, map(str, flags.types)))
name, temporary, created = flags.project("name, temporary, epoch_ms(created_at)").fetchall()[0]
# DuckDB parses the views to list them, and SQLite runs them.
listed = {name for (name,) in database.sql("SELECT table_name FROM information_schema.tables").fetchall()}
stages = "SELECT * FROM sqlite_query('lake', 'SELECT * FROM flag_lifecycle')"
variations = database.sql("FROM lake.flag_variations").order("variation_index")
json.dump(
    {
        "created_at": types["created_at"],
        "temporary": types["temporary"],
        "created": created,
        "lists_views": {"flags", "flag_lifecycle", "scorecards"} <= listed,
        "stages": len(database.sql(stages).fetchall()),
        "flag": [name, bool(temporary)],
        "values": [value for (value,) in variations.project("value").fetchall()],
    },
    sys.stdout,
)
