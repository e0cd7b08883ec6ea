"""Writes a checkpoint of each Delta table: the folder that they are in."""

import json
import pathlib
import sys

import deltalake

logs = list(pathlib.Path(sys.argv[1]).glob("*/_delta_log"))
for log in logs:
    deltalake.DeltaTable(str(log.parent)).create_checkpoint()
json.dump(len(logs), sys.stdout)
