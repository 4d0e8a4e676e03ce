"""Connections of Airflow as places: Spark, and object stores."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

import duckdb
import pytest

from airflow_provider.running import Airflow
from s3_store import KEY, SECRET, Server
from sanitizer_core.errors import SourceError

pytestmark = [pytest.mark.slow, pytest.mark.airflow]

RECIPE = {"name": "people", "steps": [{"op": "clean_text", "params": {"columns": ["name"], "case": "title"}}]}
CLEAN = [("Ada Lovelace",), ("Alan Turing",)]
TEXT = "id,name\n1, ada  lovelace \n2,ALAN turing\n"


def connect(monkeypatch: pytest.MonkeyPatch, name: str, **told: object) -> None:
    monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(told))


def names(place: Path | str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT name FROM '{place}' ORDER BY name").fetchall()


@pytest.mark.parametrize(
    ("told", "master", "remote"),
    [
        ({"conn_type": "spark", "host": "local[2]"}, "local[2]", None),
        ({"conn_type": "spark", "host": "yarn"}, "yarn", None),
        ({"conn_type": "spark", "host": "spark://master", "port": 7077}, "spark://master:7077", None),
        ({"conn_type": "spark_connect", "host": "spark", "port": 15002}, None, "sc://spark:15002"),
        (
            {"conn_type": "spark_connect", "host": "sc://spark", "login": "ada", "password": "a;b", "extra": {"use_ssl": True}},
            None,
            "sc://spark/;user_id=ada;token=a%3Bb;use_ssl=True",
        ),
    ],
)  # fmt: skip
def test_a_connection_names_a_spark(
    airflow_home: Path, monkeypatch: pytest.MonkeyPatch, told: dict[str, object], master: str | None, remote: str | None
) -> None:
    from sanitizer_airflow.places import spark_of

    connect(monkeypatch, "engine", **told)
    assert spark_of("engine") == (master, remote)


def test_a_connection_of_another_kind_is_no_spark_and_no_place(
    airflow_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sanitizer_airflow.places import address_of, spark_of

    connect(monkeypatch, "other", conn_type="http", host="example.com")
    with pytest.raises(SourceError, match="'other' is of the type 'http', which is no Spark"):
        spark_of("other")
    with pytest.raises(SourceError, match="'other' is of the type 'http', which names no place"):
        address_of("people", "other")


def test_a_run_is_made_on_the_spark_of_a_connection(
    airflow: Airflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("py4j").setLevel(logging.ERROR)  # It speaks when Python ends, where nobody can be spoken to.
    quick = {"shuffle.partitions": "1", "codegen.wholeStage": "false", "codegen.factoryMode": "NO_CODEGEN"}
    told = " ".join(f"--conf spark.sql.{name}={value}" for name, value in quick.items())
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"{told} pyspark-shell")
    connect(monkeypatch, "engine", conn_type="spark", host="local[1]")
    (tmp_path / "people.csv").write_text(TEXT, encoding="utf-8")
    ran = airflow.run(
        f"""
        SanitizeOperator(
            task_id="clean", source="{tmp_path}/people.csv", target="{tmp_path}/clean", recipe={RECIPE!r},
            spark_conn_id="engine",
        )
        """
    )
    assert ran.state == "success", ran.said
    assert ran.returned["clean"]["engine"] == "spark"
    assert names(tmp_path / "clean" / "*.parquet") == CLEAN


def test_objects_are_cleaned_with_the_credentials_of_a_connection(
    airflow: Airflow, s3: str, s3_server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import s3fs

    store = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    store.pipe(f"{s3}/people.csv", TEXT.encode())
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    extra = {"region_name": "us-east-1", "service_config": {"s3": {"endpoint_url": s3_server.endpoint}}}
    connect(monkeypatch, "store", conn_type="aws", login=KEY, password=SECRET, extra=extra)
    ran = airflow.run(
        f"""
        clean = SanitizeOperator(
            task_id="clean", source="{s3}/people.csv", source_conn_id="store",
            target="{s3}/clean.parquet", target_conn_id="store", recipe={RECIPE!r},
        )
        clean >> RestoreOperator(
            task_id="undo", run=clean.output, run_conn_id="store", target="{s3}/back.csv", target_conn_id="store"
        )
        """
    )
    assert ran.state == "success", ran.said
    assert SECRET not in ran.said and SECRET not in json.dumps(ran.returned)
    told = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"}
    assert told.isdisjoint(os.environ), "the credentials are gone when the task is over"
    store.get(f"{s3}/clean.parquet", f"{tmp_path}/clean.parquet")
    assert names(tmp_path / "clean.parquet") == CLEAN
    assert store.cat(f"{s3}/back.csv").decode() == TEXT
    assert any(name.endswith("run.json") for name in store.find(f"{s3}/clean.run"))


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"login": "another", "password": "key"}, "'first' and 'second' give two credentials"),
        ({"extra": {"role_arn": "arn:aws:iam::1:role/reader"}}, "'second' asks to assume the role"),
    ],
)
def test_what_a_connection_asks_and_nobody_does_is_refused(
    airflow_home: Path, monkeypatch: pytest.MonkeyPatch, second: dict[str, object], message: str
) -> None:
    from sanitizer_airflow.places import credentials_of

    connect(monkeypatch, "first", conn_type="aws", login=KEY, password=SECRET)
    connect(monkeypatch, "second", conn_type="aws", **second)
    with pytest.raises(SourceError, match=message), credentials_of("first", "second"):
        pytest.fail("a task would begin")
