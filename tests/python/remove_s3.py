"""Removes an object: address, bucket, key."""

import json
import sys

import boto3

address, bucket, key = sys.argv[1:]
s3 = boto3.client(
    "s3",
    endpoint_url=address,
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
)
s3.delete_object(Bucket=bucket, Key=key)
json.dump(key, sys.stdout)
