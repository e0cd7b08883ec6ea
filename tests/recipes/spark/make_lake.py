"""Makes a lake of several accounts and many days from a lake with one extraction, for tests and measurements.

    python3 make_lake.py SOURCE LAKE ACCOUNTS EXTRACTIONS [FLAGS]

With FLAGS, each account has so many flags, which repeat those of SOURCE. Otherwise, the accounts have the flags
of SOURCE, with the exceptions that a reader has to know about.
"""

import datetime
import json
import pathlib
import sys

import pyarrow
import pyarrow.compute as compute
import pyarrow.parquet as parquet

COPIED = ["view_coverage", "scorecards", "teams"]
SOURCE, LAKE = map(pathlib.Path, sys.argv[1:3])
ACCOUNTS, EXTRACTIONS = map(int, sys.argv[3:5])
FLAGS = int(sys.argv[5]) if len(sys.argv) > 5 else None


def source(name):
    (path,) = SOURCE.glob(f"{name}/*/*/*.parquet")
    return parquet.read_table(path, partitioning=None)


def repeated(flags):
    """So many flags, whose keys differ."""
    numbers = [number // flags.num_rows for number in range(FLAGS)]
    rows = flags.take([number % flags.num_rows for number in range(FLAGS)])
    keys = compute.binary_join_element_wise(rows["flag_key"], pyarrow.array(map(str, numbers)), "-")
    return rows.set_column(rows.schema.get_field_index("flag_key"), "flag_key", keys)


def of_day(flags, account, day):
    """The flags of an account on a day: they become more, and their owners become known."""
    last = EXTRACTIONS - 1
    share = 1000 - 10 * (last - day) - 20 * account
    kept = [row for row in range(flags.num_rows) if row * 37 % 1000 < share]
    rows = flags.take(kept)
    known = pyarrow.array([day == last or (row + day) % 7 != 0 for row in kept])
    owned = compute.if_else(known, rows["has_owner"], pyarrow.scalar(None, pyarrow.bool_()))
    return rows.set_column(rows.schema.get_field_index("has_owner"), "has_owner", owned)


def scored(scorecards, account):
    """The scorecards of an account, which lack some of projects. The second one did not read all of a project."""
    kinds = scorecards["subject_kind"].to_pylist()
    dropped = [row for row, kind in enumerate(kinds) if kind == "project"][:account]
    rows = scorecards.take([row for row in range(len(kinds)) if row not in dropped])
    total = rows["total"].to_pylist()
    if account == 1:
        total[rows["subject_kind"].to_pylist().index("project")] = None
    index, field = rows.schema.get_field_index("total"), rows.schema.field("total")
    return rows.set_column(index, field.with_nullable(True), pyarrow.array(total, field.type))


class Extraction:
    """One extraction. Its manifest is written last."""

    def __init__(self, account, started_at):
        self.account, self.started_at, self.tables = account, started_at, []
        self.id = started_at.strftime("x%Y%m%dT%H%M%SZ")

    def write(self, name, rows):
        file = f"{name}/account_id={self.account}/extraction_id={self.id}/part-0.parquet"
        path = LAKE / file
        path.parent.mkdir(parents=True)
        parquet.write_table(rows, path, compression="zstd")
        part = {"name": name, "rows": rows.num_rows, "bytes": path.stat().st_size, "files": [file]}
        self.tables.append(part)

    def record(self, run, **changes):
        for name, value in {"started_at": self.started_at, **changes}.items():
            index, field = run.schema.get_field_index(name), run.schema.field(name)
            run = run.set_column(index, field, pyarrow.array([value], field.type))
        self.write("extractions", run)

    def publish(self):
        path = LAKE / f"_extractions/account_id={self.account}/{self.id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"extraction_id": self.id, "tables": self.tables}))

    def point(self):
        path = LAKE / f"latest_extraction/account_id={self.account}/part-0.parquet"
        path.parent.mkdir(parents=True)
        parquet.write_table(pyarrow.table({"extraction_id": [self.id]}), path)


def extract(account, started_at, flags, others, **changes):
    extraction = Extraction(account, started_at)
    extraction.record(RUN, **changes)
    if flags is not None:
        extraction.write("flag_judgements", flags)
        for name, rows in others.items():
            extraction.write(name, rows)
    return extraction


def add_exceptions(account, time, flags, others):
    """What does not count, or counts otherwise."""
    hour = datetime.timedelta(hours=1)
    # The later run of a day counts; that of some projects does not, and neither does a dead one.
    extract(account, time - hour, flags.slice(0, 9), others).publish()
    extract(account, time + hour, flags.slice(0, 8), others, only_selected_projects=True).publish()
    dead = extract(account, time + 2 * hour, flags.slice(0, 7), others)
    (LAKE / dead.tables[0]["files"][0]).write_bytes(b"PAR1")
    torn = extract(account, time + 3 * hour, flags.slice(0, 6), others)
    torn.publish()
    manifest = LAKE / f"_extractions/account_id={account}/{torn.id}.json"
    manifest.write_text(manifest.read_text()[:200])


def main():
    flags, copied = source("flag_judgements"), {name: source(name) for name in COPIED}
    flags = repeated(flags) if FLAGS else flags
    for number in range(ACCOUNTS):
        others = {**copied, "scorecards": scored(copied["scorecards"], number)}
        # Digits only, so that a reader that infers types is found out.
        account = f"{number + 1:024}"
        for day in range(EXTRACTIONS):
            time = NEWEST - datetime.timedelta(days=EXTRACTIONS - 1 - day)
            rows = flags if FLAGS else of_day(flags, number, day)
            # An earlier version of flaglake did not have the column.
            rows = rows.drop_columns("is_over_age") if day < EXTRACTIONS // 3 else rows
            if FLAGS is None and (number, day) == (1, EXTRACTIONS // 2):
                add_exceptions(account, time, rows, others)
            # A day without a run, and one on which nothing had changed.
            if FLAGS is None and (number, day) == (2, EXTRACTIONS // 2):
                continue
            if FLAGS is None and (number, day) == (2, EXTRACTIONS // 2 + 2):
                extract(account, time, None, others, same_as=extraction.id).publish()
                continue
            extraction = extract(account, time, rows, others)
            extraction.publish()
        extraction.point()


RUN = source("extractions")
NEWEST = RUN["started_at"][0].as_py()
main()
