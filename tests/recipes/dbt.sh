#!/bin/sh
# dbt over a folder of Parquet: every test of every source, and a model.
set -eu
cp -r "$RECIPES/dbt" .
cd dbt
flaglake extract --demo --resources all --target-values --output parquet:lake
# A second extraction must not count twice.
flaglake extract --demo --resources all --target-values --output parquet:lake
flaglake schema --format dbt > models/sources.yml
dbt build --exclude tag:sqlite_only
python3 -c "import duckdb; duckdb.connect('flag_debt.duckdb').table('debt_by_owner').order('ALL').show(max_rows=50)"
