"""Validates a manifest as Kubernetes does: standard input. Prints it as JSON."""

import json
import sys

import kubernetes_validate
import yaml

manifest = yaml.safe_load(sys.stdin)
kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)
json.dump(manifest, sys.stdout)
