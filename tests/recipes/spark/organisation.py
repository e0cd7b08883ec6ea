"""Scorecards, debt by team, and trends of all accounts in a lake, written as Parquet.

    spark-submit organisation.py LAKE RESULT

LAKE and RESULT are folders, or addresses that Spark can open, such as s3a://bucket/prefix.
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import col

# What is read. `teams` only gives names, and is not there where teams were not read.
TABLES = ["extractions", "flag_judgements", "view_coverage", "scorecards", "teams"]
OPTIONAL = {"teams": "account_id STRING, extraction_id STRING, team_key STRING, name STRING"}
MANIFEST = "tables ARRAY<STRUCT<name STRING, rows BIGINT, files ARRAY<STRING>>>"

# Flags are counted between two bounds: those that are known to count, and those that may.
FIGURES = {
    "stale_in_critical": "is_stale",
    "ready_to_archive": "ready_to_archive",
    "ready_for_code_removal": "ready_for_code_removal",
    "unowned": "NOT has_owner",
    "over_age": "is_over_age",
    "debt": "is_stale OR ready_to_archive OR ready_for_code_removal OR is_over_age",
}
COUNTS = ["flags", "live", "temporary"]
COLUMNS = COUNTS + [f"{name}_{bound}" for name in FIGURES for bound in ("min", "max")]
SUMS = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in COLUMNS)
BOUNDS = ", ".join(
    f"count_if({condition}) AS {name}_min, count_if(coalesce({condition}, true)) AS {name}_max"
    for name, condition in FIGURES.items()
)

# The only statement that reads flags; what it sends to other executors is a row a team.
TEAM_FIGURES = f"""
    SELECT
        account_id, extraction_id,
        CASE WHEN team_key IS NOT NULL THEN team_key WHEN is_team_known THEN '(none)' ELSE '(unknown)' END
            AS team_key,
        count(*) AS flags, count_if(state = 'live') AS live, count_if(temporary) AS temporary, {BOUNDS}
    FROM flag_judgements
    GROUP BY 1, 2, 3
"""

# The last run of each account and day that read its flags. `extraction_id` is where the rows are.
RUNS = """
    SELECT
        run.account_id, to_date(started_at) AS day,
        max_by(coalesce(same_as, run.extraction_id), run.extraction_id) AS extraction_id
    FROM extractions AS run
    JOIN latest USING (account_id)
    LEFT SEMI JOIN judged
        ON judged.account_id = run.account_id AND judged.extraction_id = coalesce(same_as, run.extraction_id)
    WHERE NOT only_selected_projects AND coalesce(same_as, run.extraction_id) <= latest.extraction_id
    GROUP BY 1, 2
"""

RESULTS = {
    "scorecards": """
        SELECT
            *, 100 * counted / nullif(total, 0) AS output_min,
            100 * (counted + unknown) / nullif(total, 0) AS output_max
        FROM (
            SELECT
                scorecard,
                CASE grouping(account_id) WHEN 1 THEN 'organisation' ELSE 'account' END AS subject_kind,
                account_id, count(*) AS projects,
                count_if(status = 'pass') AS passed, count_if(status = 'warn') AS warned,
                count_if(status = 'fail') AS failed, count_if(status = 'unknown') AS undecided,
                CASE WHEN count(total) = count(*) THEN sum(total) END AS total,
                CASE WHEN count(total) = count(*) THEN sum(counted) END AS counted,
                CASE WHEN count(total) = count(*) THEN sum(unknown) END AS unknown
            FROM scorecards JOIN latest USING (account_id, extraction_id)
            WHERE subject_kind = 'project'
            GROUP BY GROUPING SETS ((scorecard, account_id), (scorecard))
        )
    """,
    "team_debt": f"""
        SELECT
            account_id, team_key, any_value(name) AS team_name, day,
            day = max(day) OVER (PARTITION BY account_id) AS is_newest, {SUMS}
        FROM runs
        JOIN team_figures USING (account_id, extraction_id)
        LEFT JOIN (SELECT account_id, team_key, name FROM teams JOIN latest USING (account_id, extraction_id))
            USING (account_id, team_key)
        GROUP BY account_id, team_key, day
    """,
    "account_trend": f"""
        SELECT account_id, day, extraction_id, any_value(gap.extraction_id) IS NULL AS is_complete, {SUMS}
        FROM runs
        LEFT JOIN team_figures USING (account_id, extraction_id)
        LEFT JOIN (
            SELECT DISTINCT account_id, extraction_id FROM view_coverage
            WHERE view_name = 'flag_judgements' AND is_required
        ) AS gap USING (account_id, extraction_id)
        GROUP BY account_id, day, extraction_id
    """,
    # An account without a run on a day counts as on its day before.
    "organisation_trend": f"""
        SELECT
            day, count(*) AS accounts, count_if(as_of = day) AS accounts_read,
            bool_and(is_complete) AS is_complete, {SUMS}
        FROM (
            SELECT days.day, account_id, max(trend.day) AS as_of
            FROM (SELECT DISTINCT day FROM result_account_trend) AS days
            JOIN result_account_trend AS trend ON trend.day <= days.day
            GROUP BY days.day, account_id
        ) JOIN (SELECT day AS as_of, * EXCEPT (day) FROM result_account_trend) USING (account_id, as_of)
        GROUP BY day
    """,
}


def files_of_complete_extractions(spark, lake):
    """The files that manifests name. Others are of runs that were killed, or still write."""
    # Of a manifest that is empty or truncated, there is no row.
    reader = spark.read.schema(MANIFEST).options(multiLine=True, mode="DROPMALFORMED")
    parts = reader.json(f"{lake}/_extractions/*/*.json").selectExpr("inline(tables)")
    return parts.where(col("name").isin(TABLES)).collect()


def open_table(spark, lake, name, parts):
    """Makes a view of a table. Columns that only newer extractions have are NULL in the others."""
    files = [f"{lake}/{file}" for part in parts if part.name == name for file in part.files]
    if files:
        reader = spark.read.options(mergeSchema=True, basePath=f"{lake}/{name}")
        reader.parquet(*files).createOrReplaceTempView(name)
    elif name in OPTIONAL:
        spark.createDataFrame([], OPTIONAL[name]).createOrReplaceTempView(name)
    else:
        sys.exit(f"no extraction in {lake} has the table {name}")


def open_latest(spark, lake):
    """The newest extractions, read once: a run that publishes replaces their files."""
    reader = spark.read.option("basePath", f"{lake}/latest_extraction")
    rows = reader.parquet(f"{lake}/latest_extraction/*/*.parquet").select("account_id", "extraction_id")
    spark.createDataFrame(rows.collect(), rows.schema).createOrReplaceTempView("latest")


def open_judged(spark, parts):
    """The extractions that have flags, if only none: `TABLE/account_id=…/extraction_id=…/part-0.parquet`."""
    names = [[folder.split("=")[1] for folder in part.files[0].split("/")[1:3]] for part in parts]
    rows = spark.createDataFrame(names, "account STRING, extraction_id STRING")
    rows = rows.selectExpr("url_decode(account) AS account_id", "extraction_id")
    rows.createOrReplaceTempView("judged")


def main(lake, result):
    spark = SparkSession.builder.appName("flaglake organisation").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    # An account's ID is text, even if it has digits only.
    spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", False)
    parts = files_of_complete_extractions(spark, lake)
    for name in TABLES:
        open_table(spark, lake, name, parts)
    open_latest(spark, lake)
    judged = [part for part in parts if part.name == "flag_judgements"]
    open_judged(spark, judged)
    spark.sql(TEAM_FIGURES).cache().createOrReplaceTempView("team_figures")
    read = spark.sql("SELECT coalesce(sum(flags), 0) FROM team_figures").first()[0]
    expected = sum(part.rows for part in judged)
    if read != expected:
        sys.exit(f"flag_judgements has {read} rows, and the manifests say {expected}")
    spark.sql(RUNS).cache().createOrReplaceTempView("runs")
    for name, statement in RESULTS.items():
        rows = spark.sql(statement)
        rows.coalesce(1).write.mode("overwrite").parquet(f"{result}/{name}")
        rows.createOrReplaceTempView(f"result_{name}")


if __name__ == "__main__":
    main(*(argument.rstrip("/") for argument in sys.argv[1:3]))
