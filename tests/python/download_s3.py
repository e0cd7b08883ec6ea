"""Copies a bucket into a folder: address, bucket, folder."""

import json
import pathlib
import sys

import boto3

address, bucket, folder = sys.argv[1:]
s3 = boto3.client(
    "s3",
    endpoint_url=address,
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
)
keys = []
for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
    for item in page.get("Contents", []):
        path = pathlib.Path(folder, item["Key"])
        path.parent.mkdir(parents=True, exist_ok=True)
        s3.download_file(bucket, item["Key"], str(path))
        keys.append(item["Key"])
json.dump(keys, sys.stdout)
