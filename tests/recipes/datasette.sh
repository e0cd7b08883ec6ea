#!/bin/sh
# Datasette with metadata of flaglake's: it is started, asked, and ended.
set -eu
flaglake extract --demo
flaglake schema --format datasette > metadata.json
mkfifo log
datasette launchdarkly.db --metadata metadata.json --port 0 > /dev/null 2> log &
server=$!
trap 'kill $server' EXIT
python3 "$RECIPES/ask_datasette.py" log metadata.json
