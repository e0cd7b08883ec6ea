"""Writes an object: address, bucket, key, content."""

import json
import sys

import boto3

address, bucket, key, body = sys.argv[1:]
s3 = boto3.client(
    "s3",
    endpoint_url=address,
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
)
s3.put_object(Bucket=bucket, Key=key, Body=body.encode())
json.dump(key, sys.stdout)
