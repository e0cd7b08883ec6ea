"""Prints what Sail makes of Delta tables, through Spark Connect: the folder that they are in."""

import json
import os
import pathlib
import sys
import warnings

# PySpark warns of the version of pandas, which it does not use here.
warnings.simplefilter("ignore")

import pyspark

# The client looks for it where the script has no file, and needs nothing of it.
os.environ["SPARK_HOME"] = str(pathlib.Path(pyspark.__file__).parent)

from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession

server = SparkConnectServer("127.0.0.1", 0)
server.start(background=True)
host, port = server.listening_address
spark = SparkSession.builder.remote(f"sc://{host}:{port}").getOrCreate()


def table(name):
    return spark.read.format("delta").load(f"{sys.argv[1]}/{name}")


flags, variations = table("flags"), table("flag_variations")
types = dict(flags.dtypes)
flag = flags.selectExpr("*", "unix_millis(created_at) AS created").first()
key = ["account_id", "extraction_id"]
newest = flags.join(table("latest_extraction").select(key), key).select(key)
names = [path.parent.name for path in pathlib.Path(sys.argv[1]).glob("*/_delta_log")]
json.dump(
    {
        "created_at": types["created_at"],
        "temporary": types["temporary"],
        "created": flag["created"],
        "archived": flag["archived_at"],
        "flag": [flag["name"], flag["temporary"]],
        "extraction": flag["extraction_id"],
        "values": [row["value"] for row in variations.orderBy("variation_index").collect()],
        "newest": [list(row) for row in newest.collect()],
        "rows": {name: table(name).count() for name in names},
    },
    sys.stdout,
)
sys.stdout.flush()
# The client waits for a server that has been stopped, and the server for its client.
os._exit(0)
