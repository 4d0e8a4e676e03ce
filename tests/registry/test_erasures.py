"""A person's rows and whole datasets go from everywhere, and a receipt tells so without telling what."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from registry.served import Served, serving
from sanitizer_api.stores.keys import run_key
from sanitizer_api.stores.opening import store_of
from sanitizer_core.pipeline.erasing import erase
from sanitizer_core.pipeline.restoring import restore
from sanitizer_core.pipeline.running import run
from sanitizer_core.recipe import Recipe
from sanitizer_core.record import RunRecord

ADA = "ada@example.com"
CSV = f"email;name\n{ADA};Ada \nbob@example.com;Bob\n{ADA};Ada  II\neve@example.com;Eve\n".encode()
RECIPE = Recipe.loads("name: customers\nsteps: [{op: clean_text}]")


@pytest.fixture(scope="module", params=["folder", pytest.param("bucket", marks=pytest.mark.slow)])
def home(request: pytest.FixtureRequest, served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A registry whose store is a folder, and one whose store is a bucket."""
    root = str(tmp_path_factory.mktemp("files"))
    if request.param == "bucket":
        root = request.getfixturevalue("s3_for_module") + "/registry"
    settings = served.settings.model_copy(update={"store": root})
    with serving(settings, served.database) as address:
        yield replace(served, address=address, settings=settings)


@pytest.fixture
def ada(home: Served, join: Any) -> Any:
    somebody = join()
    somebody.http.base_url = f"{home.address}/api/v1"
    return somebody


def uploaded(ada: Any, content: bytes, name: str = "customers") -> str:
    upload = ada.http.post("/uploads", json={"name": name, "size": len(content)}).json()
    ada.http.put(f"/uploads/{upload['id']}/parts/1", content=content)
    assert ada.http.post(f"/uploads/{upload['id']}/complete", json={}).status_code == 201
    return str(upload["id"])


def a_run(home: Served, ada: Any, tmp_path: Path, dataset: str = "customers") -> tuple[str, str]:
    """A run whose files are in the registry's store; its id and the folder's address."""
    name, organisation = uuid.uuid4(), uuid.UUID(ada.me["organisation"]["id"])
    key = run_key(organisation, name)
    address = store_of(home.settings).address(key)
    (tmp_path / "in.csv").write_bytes(CSV)
    run(str(tmp_path / "in.csv"), RECIPE, artifacts=address, run_id=str(name), source_name=dataset)
    record = json.loads(store_of(home.settings).read(f"{key}/run.json"))
    told = ada.http.post("/runs", json=record)
    assert told.status_code == 201, told.text
    with psycopg.connect(home.database) as connection:
        connection.execute("UPDATE runs SET files_key = %s, dataset = %s WHERE id = %s", [key, dataset, name])
    return str(name), key


def content(home: Served, key: str) -> str:
    """All that stands in the files below a key, as text."""
    store, found = store_of(home.settings), []
    for kept in store.below(key):
        data = store.read(kept.key)
        rows = pq.read_table(io.BytesIO(data)).to_pylist() if kept.key.endswith(".parquet") else data.decode()
        found.append(str(rows))
    assert found
    return "\n".join(found)


def erased(ada: Any, **more: Any) -> dict[str, Any]:
    answer = ada.http.post("/erasures/rows", json={"column": "email", "values": [ADA]} | more)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def download(ada: Any, home: Served, dataset: str) -> bytes:
    key = f"{ada.me['organisation']['id']}/uploads/{dataset}"
    store = store_of(home.settings)
    return store.read(next(iter(store.below(key))).key)


def test_rows_go_from_runs_and_uploads_and_the_receipt_tells_it(ada: Any, home: Served, tmp_path: Path) -> None:
    (first, key), (second, other) = a_run(home, ada, tmp_path), a_run(home, ada, tmp_path, "others")
    dataset = uploaded(ada, CSV)
    assert ADA in content(home, key) and ADA in ada.http.get("/audit").text + content(home, other)
    told = erased(ada, uploads=True, reason="asked by letter")
    assert ADA not in content(home, key) + content(home, other) + json.dumps(told)
    assert download(ada, home, dataset) == b"email;name\nbob@example.com;Bob\neve@example.com;Eve\n"
    by_run = {each["run"]: each for each in told["receipt"]["runs"]}
    assert set(by_run) == {first, second}
    assert by_run[first]["rows_looked_at"] == 4 and by_run[first]["erased"]["clean"] == 2
    changed = {each["name"]: each for each in by_run[first]["files"]}
    store = store_of(home.settings)
    now = {name: hashlib.sha256(store.read(f"{key}/{name}")).hexdigest() for name in ("clean.parquet", "run.json")}
    for name, digest in now.items():
        assert changed[name]["after"] == digest != changed[name]["before"]
    upload = told["receipt"]["uploads"][0]
    assert upload["erased"] == {"rows": 2, "lines": 0}
    assert upload["digest_before"] == hashlib.sha256(CSV).hexdigest() != upload["digest_after"]
    assert ada.http.get(f"/datasets/{dataset}").json()["digest"] == upload["digest_after"]
    shown = ada.http.get(f"/runs/{first}").json()
    assert (shown["rows_in"], shown["rows_out"], shown["rows_removed"]) == (4, 2, 2)
    assert RunRecord.model_validate(shown["record"]).rows.out == 2


def test_the_receipt_stays_and_can_be_held_against_a_value(ada: Any, home: Served, tmp_path: Path) -> None:
    a_run(home, ada, tmp_path)
    told = erased(ada)
    assert ada.http.get(f"/erasures/{told['id']}").json() == told
    assert [each["id"] for each in ada.http.get("/erasures").json()["items"]] == [told["id"]]
    for value, known in ((ADA, True), ("bob@example.com", False)):
        assert ada.http.post(f"/erasures/{told['id']}/verify", json={"value": value}).json() == {"erased": known}
    text = json.dumps(told["receipt"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert told["digest"] == hashlib.sha256(text.encode()).hexdigest()
    entries = ada.http.get("/audit").json()["items"]
    assert [each["action"] for each in entries[:2]] == ["erase", "begin-erasure"]
    assert entries[0]["details"]["receipt"] == told["digest"]
    assert ADA not in ada.http.get("/audit").text
    with psycopg.connect(home.database) as connection:
        connection.execute("SET ROLE sanitizer_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM erasures")


def test_it_goes_on_when_nobody_waits(ada: Any, home: Served, tmp_path: Path) -> None:
    _, key = a_run(home, ada, tmp_path)
    wanted = {"column": "email", "values": [ADA]}
    answer = ada.http.post("/erasures/rows", json=wanted, headers={"Prefer": "respond-async, wait=5"})
    assert answer.status_code == 202 and answer.json()["finished_at"] is None, answer.text
    assert answer.headers["location"] == f"/api/v1/erasures/{answer.json()['id']}"
    told = finished(ada, answer.json()["id"])
    assert told["receipt"]["runs"][0]["erased"]["clean"] == 2 and ADA not in content(home, key)
    unknown = ada.http.post("/erasures/datasets", json={"dataset": key[-36:]}, headers={"Prefer": "respond-async"})
    assert unknown.status_code == 404, "what can be told at once is told at once"


def finished(ada: Any, erasure: str) -> dict[str, Any]:
    """The receipt, once it is finished."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        told: dict[str, Any] = ada.http.get(f"/erasures/{erasure}").json()
        if told["finished_at"] is not None:
            return told
        time.sleep(0.05)
    raise AssertionError("it is not finished")


def test_asking_again_does_what_an_interrupted_one_had_left(ada: Any, home: Served, tmp_path: Path) -> None:
    name, key = a_run(home, ada, tmp_path)
    erase(store_of(home.settings).address(key), "email", [ADA])  # The files are done; the run's row never was.
    assert ada.http.get(f"/runs/{name}").json()["rows_out"] == 4
    erased(ada)
    shown = ada.http.get(f"/runs/{name}").json()
    assert (shown["rows_out"], shown["rows_removed"]) == (2, 2)
    assert shown["record"] == json.loads(store_of(home.settings).read(f"{key}/run.json"))


def test_a_run_can_still_be_undone_for_all_others(ada: Any, home: Served, tmp_path: Path) -> None:
    _, key = a_run(home, ada, tmp_path)
    erased(ada)
    restore(store_of(home.settings).address(key), str(tmp_path / "undone.parquet"))
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "undone.parquet")]).fetchall()
    assert rows == [(None, None), ("bob@example.com", "Bob"), (None, None), ("eve@example.com", "Eve")]


def test_only_where_it_was_asked_for(ada: Any, home: Served, tmp_path: Path, join: Any) -> None:
    (_, mine), (_, others) = a_run(home, ada, tmp_path), a_run(home, ada, tmp_path, "others")
    eve = join()
    eve.http.base_url = ada.http.base_url
    _, hers = a_run(home, eve, tmp_path)
    dataset = uploaded(ada, CSV)
    told = erased(ada, datasets=["customers"])
    assert len(told["receipt"]["runs"]) == 1 and told["receipt"]["uploads"] == []
    assert ADA not in content(home, mine)
    assert ADA in content(home, others) and ADA in content(home, hers)
    assert download(ada, home, dataset) == CSV
    assert eve.http.get(f"/erasures/{told['id']}").status_code == 404
    assert join(ada, "member").http.get(f"/erasures/{told['id']}").status_code == 403


def test_uploads_of_other_formats(ada: Any, home: Served) -> None:
    table = pa.table({"email": [ADA, "bob@example.com"], "age": [36, 41]})
    made = io.BytesIO()
    pq.write_table(table, made)
    lines = f'{{"email": "{ADA}", "age": 36}}\n{{"email": "bob@example.com", "age": 41}}\n'.encode()
    first, second = uploaded(ada, made.getvalue(), "a"), uploaded(ada, gzip.compress(lines), "b")
    third = uploaded(ada, b"name\nAda\n", "c")
    told = {each["dataset"]: each for each in erased(ada, uploads=True)["receipt"]["uploads"]}
    assert pq.read_table(io.BytesIO(download(ada, home, first))).to_pylist() == [
        {"email": "bob@example.com", "age": 41}
    ]
    assert json.loads(gzip.decompress(download(ada, home, second))) == {"email": "bob@example.com", "age": 41}
    assert [told[each]["searched"] for each in (first, second, third)] == [True, True, False]
    assert told[third]["digest_before"] == told[third]["digest_after"]


def test_a_dataset_goes_at_once_with_the_files_of_its_runs(ada: Any, home: Served, tmp_path: Path) -> None:
    dataset = uploaded(ada, CSV)
    name, key = a_run(home, ada, tmp_path)
    answer = ada.http.post("/erasures/datasets", json={"dataset": dataset})
    assert answer.status_code == 201, answer.text
    told = answer.json()["receipt"]
    assert told["dataset"] == {"size": len(CSV), "digest": hashlib.sha256(CSV).hexdigest(), "bytes_were_here": True}
    assert {each["name"] for each in told["runs"][0]["files"]} >= {"clean.parquet", "run.json", "changes.parquet"}
    store = store_of(home.settings)
    assert list(store.below(key)) == list(store.below(f"{ada.me['organisation']['id']}/uploads/{dataset}")) == []
    assert ada.http.get(f"/datasets/{dataset}").status_code == 404
    assert ada.http.get(f"/runs/{name}").status_code == 200, "its counts and scores stay"
    assert ada.http.get("/quotas").json()["items"][0]["used"] == 0
    assert ada.http.post("/erasures/datasets", json={"dataset": str(uuid.uuid4())}).status_code == 404
