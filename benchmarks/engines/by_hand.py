"""The process that runs the SQL written by hand: ``by_hand postgres ADDRESS`` or ``by_hand spark MASTER SOURCE OUTPUT``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent


def statements(name: str) -> list[str]:
    """The statements of a file, without those that are empty."""
    return [each for each in (HERE / name).read_text(encoding="utf-8").split(";\n") if each.strip()]


def on_postgres(address: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements("by_hand_postgres.sql"):
            connection.execute(statement.encode())


def on_spark(master: str, source: str, output: str) -> None:
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master(master).config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    session.read.parquet(source).createOrReplaceTempView("raw_customers")
    for statement in statements("by_hand_spark.sql"):
        session.sql(statement)
    session.table("clean").write.mode("overwrite").parquet(output)
    session.stop()


if __name__ == "__main__":
    engine, *places = sys.argv[1:]
    if engine == "postgres":
        on_postgres(*places)
    else:
        on_spark(*places)
