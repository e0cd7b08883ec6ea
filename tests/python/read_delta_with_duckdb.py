"""Prints what DuckDB makes of Delta tables: the folder that they are in."""

import json
import pathlib
import sys

import duckdb
import duckdb_extension_delta as package

database = duckdb.connect()
folder = pathlib.Path(package.__file__).parent / "extensions" / f"v{duckdb.__version__}"
database.execute(f"LOAD '{folder / 'delta.duckdb_extension'}'")
# A moment stays the same one wherever its reader is.
database.execute("SET TimeZone = 'America/New_York'")


def table(name):
    return database.sql(f"FROM delta_scan('{sys.argv[1]}/{name}')")


flags, variations, latest = table("flags"), table("flag_variations"), table("latest_extraction")
types = dict(zip(flags.columns, map(str, flags.types)))
facts = "name, temporary, epoch_ms(created_at), archived_at, extraction_id"
name, temporary, created, archived, extraction = flags.project(facts).fetchall()[0]
newest = database.sql("FROM flags JOIN latest USING (account_id, extraction_id)")
names = [path.parent.name for path in pathlib.Path(sys.argv[1]).glob("*/_delta_log")]
json.dump(
    {
        "created_at": types["created_at"],
        "temporary": types["temporary"],
        "created": created,
        "archived": archived,
        "flag": [name, temporary],
        "extraction": extraction,
        "values": [value for (value,) in variations.order("variation_index").project("value").fetchall()],
        "newest": [list(row) for row in newest.project("account_id, extraction_id").fetchall()],
        "rows": {name: table(name).count("*").fetchone()[0] for name in names},
    },
    sys.stdout,
)
