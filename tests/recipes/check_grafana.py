"""Reads a dashboard into Grafana's own types, and prints what they do not know of it: its path."""

import json
import sys

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(before, after, path):
    """The paths of values that are not the same after they were read and written."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            yield from lost(value, after.get(key), f"{path}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, value in enumerate(before):
            yield from lost(value, after[index], f"{path}[{index}]")
    elif before != after:
        yield path


register_default_plugins()
with open(sys.argv[1]) as file:
    dashboard = json.load(file)
written = JSONEncoder(sort_keys=True).encode(Dashboard.from_json(dashboard))
json.dump(list(lost(dashboard, json.loads(written), "dashboard")), sys.stdout)
