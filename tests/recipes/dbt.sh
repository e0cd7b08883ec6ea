#!/bin/sh
# dbt over Parquet: the tests of every source that Parquet has, and a model. A second extraction
# beside the first must not count twice.
set -eu
mkdir -p tests/recipes
cp -r "$RECIPES/dbt" tests/recipes
flaglake extract --demo --resources all --output parquet:tests/recipes/dbt/lake

cd tests/recipes/dbt
flaglake extract --demo --resources all --output parquet:lake
flaglake schema --format dbt > models/sources.yml
dbt build --exclude tag:sqlite_only source:launchdarkly.flag_target_values
python3 -c "import duckdb; duckdb.connect('flag_debt.duckdb').table('debt_by_owner').order('ALL').show(max_rows=50)"
