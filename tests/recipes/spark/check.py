"""Compares the result of organisation.py with the same figures, worked out another way.

    python3 check.py LAKE RESULT DATABASE

DuckDB counts the flags of each extraction, and Python adds them up. DATABASE is the SQLite output of the run from which
the first account's newest extraction was copied: there, flaglake's own figures are compared.
"""

import json
import pathlib
import sqlite3
import sys

import duckdb

LAKE, RESULT = map(pathlib.Path, sys.argv[1:3])
FACTS = ["is_stale", "ready_to_archive", "ready_for_code_removal", "is_over_age"]
CONDITIONS = {
    "stale_in_critical": "is_stale",
    "ready_to_archive": "ready_to_archive",
    "ready_for_code_removal": "ready_for_code_removal",
    "unowned": "NOT has_owner",
    "over_age": "is_over_age",
    "debt": f"greatest({', '.join(FACTS)})",
}
# `greatest` skips NULL: where nothing is true, any NULL leaves it open.
OPEN = {"debt": f"(debt) IS NOT TRUE AND ({' OR '.join(f'{fact} IS NULL' for fact in FACTS)})"}
duckdb.sql("SET TimeZone = 'UTC'")


def complete():
    """The files of each complete extraction, by account and ID."""
    found = {}
    for path in sorted(LAKE.glob("_extractions/*/*.json")):
        try:
            manifest = json.loads(path.read_text())
        except ValueError:
            continue
        account = path.parent.name.removeprefix("account_id=")
        found[account, path.stem] = {part["name"]: str(LAKE / part["files"][0]) for part in manifest["tables"]}
    return found


def rows(files, columns, rest=""):
    """Rows of files of several versions: columns that a file lacks are NULL."""
    reader = f"read_parquet({files!r}, union_by_name = true, hive_partitioning = true, hive_types_autocast = false)"
    return duckdb.sql(f"SELECT {columns} FROM {reader} {rest}").fetchall()


def last_runs(extractions):
    """The extraction that holds the rows, by account and day."""
    runs = {}
    files = [tables["extractions"] for tables in extractions.values()]
    columns = "account_id, extraction_id, started_at::DATE, same_as, only_selected_projects"
    for account, run, day, same_as, only_selected in sorted(rows(files, columns)):
        if not only_selected:
            runs[account, day] = same_as or run
    return runs


def team_figures(extractions):
    """The figures of each team, by account and extraction."""
    files = [tables["flag_judgements"] for tables in extractions.values() if "flag_judgements" in tables]
    counts = ["count(*)", "sum((state = 'live')::INT)", "sum(temporary::INT)"]
    for name, condition in CONDITIONS.items():
        certain = f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"
        is_open = OPEN.get(name, "(debt) IS NULL").replace("debt", condition)
        counts += [certain, f"{certain} + sum(CASE WHEN {is_open} THEN 1 ELSE 0 END)"]
    team = "coalesce(team_key, if(is_team_known, '(none)', '(unknown)'))"
    figures = {}
    for account, extraction, team, *counts in rows(
        files, f"account_id, extraction_id, {team}, {', '.join(counts)}", "GROUP BY ALL"
    ):
        figures.setdefault((account, extraction), {})[team] = counts
    return figures


def versions(extractions):
    """The different lists of columns of the files."""
    files = [tables["flag_judgements"] for tables in extractions.values() if "flag_judgements" in tables]
    return {tuple(duckdb.read_parquet(file, hive_partitioning=False).columns) for file in files}


def add(lists):
    return [sum(values) for values in zip(*lists)]


def same(name, expected, columns):
    """Fails unless the result has these rows."""
    found = duckdb.sql(f"SELECT {columns} FROM '{RESULT}/{name}/*.parquet'").fetchall()
    found, expected = sorted(found, key=repr), sorted(map(tuple, expected), key=repr)
    for one, other in zip(found, expected):
        assert one == other, f"{name}: {one} is not {other}"
    assert len(found) == len(expected) > 0, f"{name}: {len(found)} rows, not {len(expected)}"
    return len(found)


def scorecards(extractions, runs):
    """Those of the newest extractions, of each account and of all."""
    newest = {account: holder for (account, _), holder in sorted(runs.items())}
    files = [extractions[key]["scorecards"] for key in newest.items()]
    known = "CASE WHEN bool_and(total IS NOT NULL) THEN sum({})::BIGINT END"
    statuses = [f"count(*) FILTER (status = '{status}')" for status in ("pass", "warn", "fail", "unknown")]
    counts = [*statuses, *(known.format(name) for name in ("total", "counted", "unknown"))]
    columns, rest = f"count(*), {', '.join(counts)}", "WHERE subject_kind = 'project' GROUP BY ALL"
    return rows(files, f"scorecard, 'account', account_id, {columns}", rest) + rows(
        files, f"scorecard, 'organisation', NULL, {columns}", rest
    )


def compare_with_database(account, day, figures):
    """The figures that flaglake keeps in a database are those of the account's newest day."""
    columns = [f"{name}_{bound}" for name in list(CONDITIONS)[:4] for bound in ("min", "max")]
    sql = f"SELECT team_key, live + deprecated, live, temporary, {', '.join(columns)}, over_age, over_age FROM team_daily"
    expected = {team: counts for team, *counts in sqlite3.connect(sys.argv[3]).execute(sql)}
    assert expected == {team: counts[:-2] for team, counts in figures.items()}, (account, day)


def main():
    extractions = complete()
    runs, teams = last_runs(extractions), team_figures(extractions)
    trend = {key: add(teams[key[0], holder].values()) for key, holder in runs.items()}
    days, accounts = sorted({day for _, day in runs}), sorted({account for account, _ in runs})
    debt = [
        [account, team, day, day == max(day for one, day in runs if one == account), *counts]
        for (account, day), holder in runs.items()
        for team, counts in teams[account, holder].items()
    ]
    names = ["flags", "live", "temporary", *(f"{name}_{bound}" for name in CONDITIONS for bound in ("min", "max"))]
    names = ", ".join(names)
    count = same("team_debt", debt, f"account_id, team_key, day, is_newest, {names}")
    expected = [[account, day, runs[account, day], True, *trend[account, day]] for account, day in runs]
    count += same("account_trend", expected, f"account_id, day, extraction_id, is_complete, {names}")
    whole = []
    for day in days:
        known = [max(one for one in days if one <= day and (account, one) in runs) for account in accounts]
        sums = add(trend[key] for key in zip(accounts, known))
        whole.append([day, len(known), known.count(day), True, *sums])
    count += same("organisation_trend", whole, f"day, accounts, accounts_read, is_complete, {names}")
    columns = "scorecard, subject_kind, account_id, projects, passed, warned, failed, undecided, total, counted, unknown"
    count += same("scorecards", scorecards(extractions, runs), columns)
    compare_with_database(accounts[0], days[-1], teams[accounts[0], runs[accounts[0], days[-1]]])
    counts = {"rows": count, "days": len(days), "accounts": len(accounts), "versions": len(versions(extractions))}
    print(json.dumps(counts))


main()
