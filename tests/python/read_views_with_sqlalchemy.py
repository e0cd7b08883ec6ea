"""Reads views of a SQLite database with SQLAlchemy and pandas, and prints what is not as declared.

Its arguments are the path of the database, and the kind of each column of each view as JSON.
"""

import json
import sys
import warnings
from collections import Counter
from datetime import datetime

import pandas
import sqlalchemy
from sqlalchemy import types

# SQLAlchemy's type of each kind. SQLite gives no type to some expressions.
TYPES = {
    "text": types.String,
    "integer": types.Integer,
    "real": types.Float,
    "boolean": types.Boolean,
    "time": types.DateTime,
}
# The values of each kind in Python: where the type is known, and where it is not.
VALUES = {
    "text": (str, str),
    "integer": (int, int),
    "real": (float, float),
    "boolean": (bool, int),
    "time": (datetime, str),
}
# The kinds of numpy's types that pandas chooses. With NULL, integers become floating-point numbers,
# and booleans objects; a column without values is one, too.
DTYPES = {"text": "OUT", "integer": "iufO", "real": "fO", "boolean": "biufO", "time": "MOUT"}

warnings.filterwarnings("ignore", category=sqlalchemy.exc.SAWarning)
engine = sqlalchemy.create_engine(f"sqlite:///{sys.argv[1]}")
wanted = json.loads(sys.argv[2])
faults, declared = [], Counter()
names = sqlalchemy.inspect(engine).get_view_names()
with engine.connect() as connection:
    for name in names:
        view = sqlalchemy.Table(name, sqlalchemy.MetaData(), autoload_with=engine)
        rows = connection.execute(sqlalchemy.select(view)).fetchall()
        frame = pandas.read_sql_table(name, connection)
        for index, column in enumerate(view.columns):
            kind, place = wanted[name][column.name], f"{name}.{column.name}"
            is_known = not isinstance(column.type, types.NullType)
            declared[kind] += is_known
            if is_known and not isinstance(column.type, TYPES[kind]):
                faults.append(f"{place} is {column.type!r}")
            values = {type(row[index]) for row in rows if row[index] is not None}
            if not values <= {VALUES[kind][0 if is_known else 1]}:
                faults.append(f"{place} has {values}")
            if frame[column.name].dtype.kind not in DTYPES[kind]:
                faults.append(f"{place} is {frame[column.name].dtype} to pandas")
json.dump({"views": len(names), "declared": declared, "faults": faults}, sys.stdout)
