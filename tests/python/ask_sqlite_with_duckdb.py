"""Prints what DuckDB answers over an attached database: its path, the names of its tables, and of its views, with commas.

A view must not be answered at all: `answered` are the statements that were.
"""

import json
import pathlib
import sys

import duckdb
import duckdb_extension_sqlite_scanner as package

path, tables, views = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")
database = duckdb.connect()
folder = pathlib.Path(package.__file__).parent / "extensions" / f"v{duckdb.__version__}"
database.execute(f"LOAD '{folder / 'sqlite_scanner.duckdb_extension'}'")
database.execute(f"ATTACH '{path}' AS lake (TYPE sqlite, READ_ONLY)")
database.execute("CREATE TABLE numbers AS SELECT 'key ' || i AS text FROM range(3000) AS r (i)")

QUESTIONS = """
SELECT * FROM {view}
SELECT count(*) FROM {view}
SELECT 1 FROM {view}
SELECT EXISTS (FROM {view})
SELECT count(*) FROM {view} WHERE CAST({column} AS VARCHAR) LIKE 'a%'
SELECT count(*) FROM numbers LEFT JOIN {view} ON true
SELECT * FROM {view} LIMIT 1
SELECT count(1) FROM {view}
SELECT count({column}) FROM {view}
SELECT count(DISTINCT {column}) FROM {view}
SELECT 1 FROM {view} LIMIT 1
SELECT any_value(1) FROM {view}
SELECT bool_or(true) FROM {view}
SELECT count(*) > 0 FROM {view}
SELECT row_number() OVER () FROM {view}
SELECT max({column}) FROM {view}
SELECT {column}, count(*) FROM {view} GROUP BY {column}
SELECT DISTINCT {column} FROM {view} ORDER BY {column} LIMIT 1
SELECT count(*) FROM (FROM {view} LIMIT 1)
SELECT count(*) FROM {view} USING SAMPLE 50%
SELECT count(*) FILTER (WHERE {column} IS NOT NULL) FROM {view}
SELECT NOT EXISTS (SELECT 1 FROM {view})
SELECT count(*) FROM {view} WHERE {column} IS NULL
SELECT count(*) FROM {view} WHERE {column} IS NOT NULL
SELECT count(*) FROM {view} WHERE CAST({column} AS VARCHAR) = 'x'
SELECT count(*) FROM {view} WHERE CAST({column} AS VARCHAR) IN ('a', 'b')
SELECT count(*) FROM {view} WHERE CAST({column} AS VARCHAR) IN (SELECT text FROM numbers)
SELECT count(*) FROM {view} JOIN numbers ON text = CAST({column} AS VARCHAR)
SELECT count(*) FROM numbers JOIN {view} ON text = CAST({column} AS VARCHAR)
SELECT count(*) FROM numbers LEFT JOIN {view} ON text = CAST({column} AS VARCHAR)
SELECT count(*) FROM {view} LEFT JOIN numbers ON text = CAST({column} AS VARCHAR)
SELECT count(*) FROM numbers, {view}
SELECT count(*) FROM numbers SEMI JOIN {view} ON text = CAST({column} AS VARCHAR)
SELECT count(*) FROM numbers ANTI JOIN {view} ON text = CAST({column} AS VARCHAR)
SELECT count(*) FROM numbers WHERE text IN (SELECT CAST({column} AS VARCHAR) FROM {view})
SELECT count(*) FROM numbers WHERE text NOT IN (SELECT CAST({column} AS VARCHAR) FROM {view})
SELECT count(*) FROM numbers WHERE EXISTS (SELECT 1 FROM {view})
SELECT count(*) FROM numbers WHERE NOT EXISTS (SELECT 1 FROM {view} WHERE CAST({column} AS VARCHAR) = text)
SELECT text, (SELECT count(*) FROM {view} WHERE CAST({column} AS VARCHAR) = text) FROM numbers
WITH one AS (FROM {view}) SELECT count(*) FROM one
WITH one AS MATERIALIZED (FROM {view}) SELECT count(*) FROM one
SELECT count(*) FROM (SELECT 1 FROM numbers UNION ALL SELECT 1 FROM {view})
SELECT count(*) FROM (SELECT text FROM numbers EXCEPT SELECT CAST({column} AS VARCHAR) FROM {view})
SELECT count(*) FROM (SELECT text FROM numbers INTERSECT SELECT CAST({column} AS VARCHAR) FROM {view})
SUMMARIZE {view}
PIVOT {view} ON {column} USING count(*)
CREATE OR REPLACE TABLE made AS SELECT * FROM {view}
CREATE OR REPLACE TABLE made AS SELECT count(*) AS rows FROM {view}
""".strip().splitlines()
# All views are made alike: the rest is asked of a few.
FEW = 6


def is_refused(question):
    try:
        database.execute(question).fetchall()
    except duckdb.InvalidInputException as error:
        return "sqlite_query" in str(error)
    return False


def columns(view):
    return [row[:2] for row in database.execute(f"DESCRIBE lake.{view}").fetchall()]


answered = [
    question
    for number, view in enumerate(views)
    for question in (
        one.format(view=f"lake.{view}", column=columns(view)[0][0])
        for one in (QUESTIONS if number < 3 else QUESTIONS[:FEW])
    )
    if not is_refused(question)
]
database.execute("SHOW ALL TABLES").fetchall()
listed = {name for (name,) in database.execute("SELECT table_name FROM information_schema.tables").fetchall()}
json.dump(
    {
        "counts": {name: database.execute(f"SELECT count(*) FROM lake.{name}").fetchone()[0] for name in tables},
        "ones": {name: len(database.execute(f"SELECT 1 FROM lake.{name}").fetchall()) for name in tables},
        "exist": {name: database.execute(f"SELECT EXISTS (FROM lake.{name})").fetchone()[0] for name in tables},
        "columns": {view: columns(view) for view in views},
        "unlisted": sorted({*tables, *views} - listed),
        "answered": answered,
    },
    sys.stdout,
)
