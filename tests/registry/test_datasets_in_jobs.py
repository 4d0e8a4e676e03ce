"""Datasets of every kind, cleaned by a real worker; and what came of it, erased."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from registry.web import Web, serving_pages
from registry.working import Yard, ended, new_database, yard
from sanitizer_core.registry import Registry

pytestmark = pytest.mark.slow
ADA = "ada@example.com"
CSV = f"email,name\n{ADA}, Ada \nbob@example.com,Bob\n".encode()


@pytest.fixture(scope="module")
def place(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    folder = tmp_path_factory.mktemp("yard")
    with yard(new_database(postgres), folder, dataset_networks="127.0.0.0/8") as made:
        made.start()
        yield made


@pytest.fixture
def web() -> Iterator[Web]:
    with serving_pages() as known:
        yield known


@pytest.fixture
def ada(place: Yard) -> Iterator[httpx.Client]:
    with closing(place.client()) as client:
        recipe = "name: customers\nsteps: [{op: clean_text}]"
        assert client.post("/recipes", json={"text": recipe}).status_code == 201
        yield client


def cleaned(ada: httpx.Client, dataset: str) -> dict[str, Any]:
    asked = ada.post("/jobs", json={"dataset": dataset, "recipe": "customers"})
    assert asked.status_code == 202, asked.text
    return ended(ada, asked.json()["id"])


def test_what_was_uploaded_is_cleaned_and_then_erased(ada: httpx.Client) -> None:
    upload = ada.post("/uploads", json={"name": "mine", "size": len(CSV)}).json()["id"]
    ada.put(f"/uploads/{upload}/parts/1", content=CSV)
    assert ada.post(f"/uploads/{upload}/complete", json={}).status_code == 201
    assert cleaned(ada, "mine")["state"] == "succeeded"
    (run,) = ada.get("/runs").json()["items"]
    told = ada.post("/erasures/rows", json={"column": "email", "values": [ADA], "uploads": True}).json()
    assert [(each["run"], each["erased"]["clean"]) for each in told["receipt"]["runs"]] == [(run["id"], 1)]
    assert told["receipt"]["uploads"][0]["erased"]["rows"] == 1
    assert cleaned(ada, "mine")["state"] == "succeeded"
    assert sorted(each["rows_in"] for each in ada.get("/runs").json()["items"]) == [1, 2]
    gone = ada.post("/erasures/datasets", json={"dataset": upload}).json()
    assert len(gone["receipt"]["runs"]) == 2
    assert ada.get("/quotas").json()["items"][0]["used"] == 0


def test_what_lies_on_the_web_is_fetched_and_its_address_kept_to_itself(ada: httpx.Client, web: Web) -> None:
    web.pages = {"/a": (302, {"Location": "/b"}, b""), "/b": (200, {}, CSV)}
    address = web.address.replace("//", "//ada:hunter2@") + "/a?token=wxyz"
    assert ada.post("/datasets", json={"name": "theirs", "address": address}).status_code == 201
    job = cleaned(ada, "theirs")
    assert job["state"] == "succeeded", job
    (run,) = ada.get("/runs").json()["items"]
    shown = json.dumps([job, ada.get(f"/runs/{run['id']}").json()])
    assert run["rows_in"] == 2 and "hunter2" not in shown and "wxyz" not in shown
    web.pages["/b"] = (302, {"Location": "http://169.254.169.254/latest"}, b"")
    failed = cleaned(ada, "theirs")
    assert failed["state"] == "failed" and "private network" in json.dumps(failed)


def test_no_file_of_duckdb_is_opened_whatever_it_is_called(ada: httpx.Client, place: Yard) -> None:
    evil = place.folder / "evil.csv"
    evil.write_bytes(b"\x00" * 8 + b"DUCK" + b"\x00" * 5000)
    recipe = "name: duck\ninput: {format: duckdb}\nsteps: []"
    assert ada.post("/recipes", json={"text": recipe}).status_code == 201
    assert ada.post("/datasets", json={"name": "evil", "address": str(evil)}).status_code == 201
    asked = ada.post("/jobs", json={"dataset": "evil", "recipe": "duck"}).json()
    failed = ended(ada, asked["id"])
    assert failed["state"] == "failed" and "holds duckdb" in json.dumps(failed)


def test_a_run_is_undone_into_a_dataset_that_can_be_cleaned_again(ada: httpx.Client, place: Yard) -> None:
    upload = ada.post("/uploads", json={"name": "mine", "size": len(CSV)}).json()["id"]
    ada.put(f"/uploads/{upload}/parts/1", content=CSV)
    ada.post(f"/uploads/{upload}/complete", json={})
    run = cleaned(ada, "mine")["run_id"]
    path, once = f"/runs/{run}/restorations", {"Idempotency-Key": "once"}
    first = ada.post(path, json={"name": "before", "format": "csv"}, headers=once)
    token = ada.post("/tokens", json={"name": "x", "scopes": ["run"]}).json()["token"]
    with Registry.connect(place.address, token) as registry:
        again = registry.restore(run, "before", format="csv", key="once")
    assert first.status_code == 202 and again.id == first.json()["id"]
    done = ended(ada, again.id)
    assert (done["state"], done["result"]["name"], done["result"]["rows"]) == ("succeeded", "before", 2)
    kept = ada.get(f"/datasets/{done['result']['dataset']}").json()
    (file,) = (place.runs_of(ada).parent / "uploads" / kept["id"]).iterdir()
    assert (file.read_bytes(), kept["format"], kept["size"]) == (CSV, "csv", len(CSV))
    files = ada.get(f"/runs/{run}").json()["files"]
    used = ada.get("/quotas").json()["items"][0]["used"]
    assert used == 2 * len(CSV) + sum(each["size"] for each in files)
    assert ada.post(path, json={"name": "before"}).status_code == 409
    assert cleaned(ada, "before")["state"] == "succeeded"
    around = ada.get("/lineage", params={"nodeId": "dataset:file:before"}).json()["graph"]
    assert {each["id"] for each in around} == {
        "job:sanitizer:customers", "dataset:file:mine/customers/clean.parquet",
        "job:sanitizer:customers.restore", "dataset:file:before", "dataset:file:before/customers/clean.parquet",
    }  # fmt: skip
    assert [
        each["details"]["dataset"] for each in ada.get("/audit").json()["items"] if each["action"] == "restore"
    ] == [kept["id"]]


def test_of_two_that_restore_to_one_name_one_fails_and_leaves_nothing(ada: httpx.Client, place: Yard) -> None:
    path = place.folder / "pair.csv"
    path.write_bytes(CSV)
    assert ada.post("/datasets", json={"name": "pair", "address": str(path)}).status_code == 201
    run = cleaned(ada, "pair")["run_id"]
    jobs = [ada.post(f"/runs/{run}/restorations", json={"name": "one"}).json()["id"] for _ in range(2)]
    done = sorted((ended(ada, each) for each in jobs), key=lambda each: str(each["state"]))
    assert [each["state"] for each in done] == ["failed", "succeeded"]
    assert done[0]["problem"]["status"] == 409 and "'one'" in done[0]["problem"]["detail"]
    assert [each.name for each in (place.runs_of(ada).parent / "uploads").iterdir() if each.name[0] != "."] == [
        done[1]["result"]["dataset"]
    ]


def test_a_run_with_masked_columns_or_without_a_log_is_no_job(ada: httpx.Client, place: Yard) -> None:
    place.folder.joinpath("quiet.csv").write_bytes(CSV)
    address = str(place.folder / "quiet.csv")
    assert ada.post("/datasets", json={"name": "quiet", "address": address}).status_code == 201
    asked = ada.post("/jobs", json={"dataset": "quiet", "recipe": "customers", "options": {"audit": "none"}}).json()
    run = ended(ada, asked["id"])["run_id"]
    refused = ada.post(f"/runs/{run}/restorations", json={"name": "loud"})
    assert refused.status_code == 422 and "no log" in refused.json()["detail"]
    record = ada.get(f"/runs/{run}").json()["record"] | {"run_id": str(uuid.uuid4())}
    record["input_columns"][0]["sealed"] = "KEY"
    assert ada.post("/runs", json=record).status_code == 201
    refused = ada.post(f"/runs/{record['run_id']}/restorations", json={"name": "loud"})
    assert refused.status_code == 422 and "'email'" in refused.json()["detail"], refused.text
