"""Removes from Delta tables all files to which their newest versions do not refer: the folder that they are in."""

import json
import pathlib
import sys

import deltalake

removed = 0
for log in pathlib.Path(sys.argv[1]).glob("*/_delta_log"):
    table = deltalake.DeltaTable(str(log.parent))
    removed += len(table.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True))
json.dump(removed, sys.stdout)
