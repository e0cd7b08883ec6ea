"""Asks a Datasette that is starting for all that it knows: its log, and its metadata."""

import json
import re
import sys
import urllib.error
import urllib.request

log = open(sys.argv[1])
address = next(found[0] for line in log if (found := re.findall(r"http://127[.0-9:]+", line)))
database = json.load(open(sys.argv[2]))["databases"]["launchdarkly"]


def ask(path):
    with urllib.request.urlopen(address + path) as answer:
        return json.load(answer)


def rows(name):
    return ask(f"/launchdarkly/{name}.json?_shape=array&_size=max")


failed = []
for name in [*database["tables"], *database["queries"]]:
    try:
        rows(name)
    except urllib.error.HTTPError as error:
        failed.append(f"{name}: {error}")
metadata = ask("/-/metadata.json")
facts = {name: len(rows(name)) for name in ["flags", "stale_flags", "stale_flags_example"]}
facts["title"] = metadata["title"]
facts["description"] = metadata["databases"]["launchdarkly"]["tables"]["flags"]["description"]
facts["failed"] = failed
print(json.dumps(facts))
