#!/bin/sh
# Spark over a lake of 3 accounts and 30 days, whose result is compared with the same figures from DuckDB and SQLite.
set -eu
flaglake extract --demo
flaglake extract --demo --output parquet:demo
python3 "$RECIPES/spark/make_lake.py" demo lake 3 30
cp "$RECIPES"/spark/*.py .

export SPARK_LOCAL_IP=127.0.0.1 SPARK_CONF_DIR="$RECIPES/spark/conf"
spark-submit organisation.py lake organisation
python3 check.py lake organisation launchdarkly.db
