"""Jobs that real worker processes carry out."""

from __future__ import annotations

import asyncio
import hashlib
import json
import signal
import socket
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import httpx
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from registry.working import Yard, asked, ended, new_database, ready, until, yard
from sanitizer_api.db.engine import Database
from sanitizer_api.queue.kinds import Parts
from sanitizer_api.stores.keys import run_key
from sanitizer_api.stores.opening import store_of
from sanitizer_api.worker.kinds import KINDS
from sanitizer_api.worker.ledger import Ledger
from sanitizer_api.worker.scratch import scratch_folder

pytestmark = pytest.mark.slow
AT_WORK = ("clean", "audit", "score", "write", "report")


@pytest.fixture(scope="module")
def manned(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """A registry with a worker."""
    settings = {"dataset_networks": "127.0.0.0/8", "job_attempts": 3}
    with yard(new_database(postgres), tmp_path_factory.mktemp("manned"), **settings) as made:
        made.start("--jobs", "2")
        yield made


@pytest.fixture
def ada(manned: Yard) -> Iterator[httpx.Client]:
    """Somebody with a recipe and a dataset, in an organisation of their own."""
    with closing(manned.client()) as client:
        ready(client, manned)
        yield client


def test_a_job_makes_a_run_with_its_files(ada: httpx.Client, manned: Yard) -> None:
    job = asked(ada, options={"audit": "cells"})
    done = ended(ada, job["id"])
    assert (done["state"], done["attempt"], done["problem"]) == ("succeeded", 1, None), manned.logs()
    run = ada.get(f"/runs/{done['run_id']}").json()
    assert (run["rows_in"], run["rows_out"], run["cells_changed"]) == (2, 2, 2)
    assert run["score_before"] is not None
    folder = manned.runs_of(ada) / done["run_id"]
    assert {"clean.parquet", "changes.parquet", "run.json", "report.html"} <= {each.name for each in folder.iterdir()}
    assert [each.name for each in folder.parent.iterdir()] == [done["run_id"]]


def test_a_job_can_use_the_values_that_an_earlier_run_fitted(ada: httpx.Client, manned: Yard) -> None:
    recipe = "name: filled\nsteps:\n  - {op: fix_dtypes, params: {columns: {age: integer}}}\n"
    recipe += "  - {op: handle_missing, params: {columns: [age], strategy: median}}\n"
    answer = ada.post("/recipes", json={"text": recipe})
    assert answer.status_code == 201, answer.text
    for name, ages in (("first", "1\n2\n3\n"), ("second", "50\n60\n70\n")):
        ready(ada, manned, name, f"age,x\n{ages.replace(chr(10), ',x' + chr(10))},x\n")
    first = ended(ada, asked(ada, dataset="first", recipe="filled")["id"])
    pinned = {"options": {"fitted": first["run_id"]}}
    for options, filled in (({}, "60"), (pinned, "2")):
        done = ended(ada, asked(ada, dataset="second", recipe="filled", **options)["id"])
        assert done["state"] == "succeeded", done
        rows = ada.get(f"/runs/{done['run_id']}/download", params={"format": "csv"}).text.splitlines()
        assert rows[-1] == f"{filled},x"
    other = ada.post("/jobs", json={"dataset": "second", "recipe": "customers"} | pinned)
    assert other.status_code == 422 and "fitted another recipe" in other.json()["detail"]
    nothing = {"options": {"fitted": str(uuid.uuid4())}}
    assert ada.post("/jobs", json={"dataset": "second", "recipe": "filled"} | nothing).status_code == 404


def test_the_run_tells_what_its_files_hold(ada: httpx.Client, manned: Yard) -> None:
    done = ended(ada, asked(ada)["id"])
    run = ada.get(f"/runs/{done['run_id']}").json()
    folder = manned.runs_of(ada) / done["run_id"]
    assert {each["name"]: each["digest"] for each in run["files"]} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()
    }
    assert str(manned.settings.home) not in json.dumps(run)
    assert (run["dataset"], run["recipe_digest"]) == ("customers", done["wanted"]["recipe"]["digest"])
    assert ada.get(f"/runs/{done['run_id']}/changes").json()["items"]


def test_what_cannot_pass_fails_at_once_with_the_problem(ada: httpx.Client) -> None:
    text = "name: wrong\nsteps:\n  - op: clean_text\n    params: {columns: [nowhere]}\n"
    ada.post("/recipes", json={"text": text}).raise_for_status()
    job = asked(ada, recipe="wrong")["id"]
    done = ended(ada, job)
    assert (done["state"], done["attempt"], done["run_id"]) == ("failed", 1, None)
    assert done["problem"]["type"] == "urn:sanitizer:problem:plan"
    assert "nowhere" in json.dumps(done["problem"])
    assert ada.post(f"/jobs/{job}/retry").status_code == 202
    assert ended(ada, job)["attempt"] == 2


def test_what_may_pass_is_tried_again_and_then_given_up(ada: httpx.Client) -> None:
    address = f"postgresql://ada@127.0.0.1:{closed_port()}/lake?table=customers"
    ada.post("/datasets", json={"name": "away", "address": address}).raise_for_status()
    done = ended(ada, asked(ada, dataset="away")["id"])
    assert (done["state"], done["attempt"]) == ("failed", 3), done


def test_a_running_job_is_cancelled_and_leaves_nothing(ada: httpx.Client, manned: Yard) -> None:
    large(ada, manned)
    job = asked(ada, dataset="large")["id"]
    until(lambda: ada.get(f"/jobs/{job}").json()["phase"] in AT_WORK, "its work")
    assert ada.post(f"/jobs/{job}/cancel").json()["cancel_requested_at"] is not None
    done = ended(ada, job)
    assert (done["state"], done["run_id"]) == ("cancelled", None)
    folder = manned.runs_of(ada)
    assert not folder.exists() or list(folder.iterdir()) == []
    assert ada.get("/runs").json()["items"] == []


def test_a_job_is_watched_to_its_end_over_both_lines(ada: httpx.Client, manned: Yard) -> None:
    job = asked(ada)["id"]
    token = str(ada.headers["Authorization"]).partition(" ")[2]
    place = f"{manned.address.replace('http', 'ws')}/ws/jobs/{job}"
    with connect(place, subprotocols=[Subprotocol("bearer"), Subprotocol(token)]) as line:
        seen = [json.loads(told) for told in line]
    assert [each["id"] for each in seen if each] == [job] * len([each for each in seen if each])
    assert seen[-1]["state"] == "succeeded"
    with ada.stream("GET", f"/jobs/{job}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in answer.iter_lines() if line]
    assert lines[0] == "event: job"
    assert json.loads(lines[-1].removeprefix("data: "))["state"] == "succeeded"


@pytest.mark.parametrize(("token", "code"), [("nonsense", 4401), ("", 4401), ("eve", 4404)])
def test_who_may_not_watch_is_told_so(ada: httpx.Client, manned: Yard, token: str, code: int) -> None:
    job = asked(ada)["id"]
    with closing(manned.client()) as eve:
        words = str(eve.headers["Authorization"]).partition(" ")[2] if token == "eve" else token
        headers = {"Authorization": f"Bearer {words}"} if words else {}
        with connect(f"{manned.address.replace('http', 'ws')}/ws/jobs/{job}", additional_headers=headers) as line:
            with pytest.raises(ConnectionClosedError) as closed:
                line.recv(timeout=60)
            assert closed.value.rcvd is not None and closed.value.rcvd.code == code


def large(client: httpx.Client, place: Yard) -> None:
    """A dataset that takes seconds to be cleaned."""
    path = place.folder / f"large-{uuid.uuid4().hex}.csv"
    rows = "SELECT 'Name ' || i AS name, i % 90 AS age, md5(i::VARCHAR) AS mark FROM range(3000000) t(i)"
    duckdb.execute(f"COPY ({rows}) TO '{path}' (HEADER)")
    client.post("/datasets", json={"name": "large", "address": str(path)}).raise_for_status()


def closed_port() -> int:
    """A port at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_worker_that_is_told_to_stop_gives_its_job_back(postgres: str, tmp_path: Path) -> None:
    with yard(new_database(postgres), tmp_path) as place, closing(place.client()) as client:
        ready(client, place)
        large(client, place)
        first = place.start(worker_grace_seconds="0")
        job = asked(client, dataset="large")["id"]
        until(lambda: client.get(f"/jobs/{job}").json()["phase"] in AT_WORK, "its work")
        first.send_signal(signal.SIGTERM)
        assert first.wait(60) == 0, place.logs()
        back = client.get(f"/jobs/{job}").json()
        assert (back["state"], back["attempt"]) == ("queued", 0)
        runs = place.runs_of(client)
        assert not runs.exists() or list(runs.iterdir()) == []


def test_a_worker_acts_for_the_organisation_of_the_job_alone(postgres: str, tmp_path: Path) -> None:
    with (
        yard(new_database(postgres), tmp_path) as place,
        closing(place.client()) as ada,
        closing(place.client()) as eve,
    ):
        ready(ada, place)
        job = uuid.UUID(asked(ada)["id"])
        own, others = (uuid.UUID(each.get("/me").json()["organisation"]["id"]) for each in (ada, eve))

        async def claims() -> tuple[bool, bool]:
            database = Database.of(place.database, place.settings)
            ledger = Ledger(Parts(place.settings, database, store_of(place.settings), tmp_path), "here")
            try:
                found = [
                    await ledger.claim(each, job, {kind.name: kind for kind in KINDS}.__getitem__)
                    for each in (others, own)
                ]
            finally:
                await database.close()
            return found[0] is not None, found[1] is not None

        assert asyncio.run(claims()) == (False, True)


def test_what_a_killed_worker_left_in_its_scratch_folder_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANITIZER_SCRATCH", str(tmp_path))
    dead = tmp_path / "sanitizer-worker-dead"
    dead.mkdir()
    (dead / "lock").touch()
    with scratch_folder() as alive:
        assert not dead.exists()
        with scratch_folder() as other:
            assert alive.exists() and other.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_job_whose_worker_dies_before_it_hears_that_it_is_cancelled(postgres: str, tmp_path: Path) -> None:
    with yard(new_database(postgres), tmp_path) as place, closing(place.client()) as client:
        ready(client, place)
        large(client, place)
        first = place.start()
        job = asked(client, dataset="large")["id"]
        until(lambda: client.get(f"/jobs/{job}").json()["phase"] in AT_WORK, "its work")
        first.send_signal(signal.SIGSTOP)
        assert client.post(f"/jobs/{job}/cancel").json()["state"] == "running"
        first.kill()
        first.wait()
        place.start()
        assert ended(client, job)["state"] == "cancelled"
        runs = place.runs_of(client)
        assert not runs.exists() or list(runs.iterdir()) == []


def test_a_run_of_a_job_is_whole_in_an_object_store(s3: str, postgres: str, tmp_path: Path) -> None:
    with yard(new_database(postgres), tmp_path, store=f"{s3}/registry") as place, closing(place.client()) as client:
        ready(client, place)
        place.start()
        done = ended(client, asked(client)["id"])
        assert done["state"] == "succeeded", place.logs()
        run = client.get(f"/runs/{done['run_id']}").json()
        store, organisation = store_of(place.settings), uuid.UUID(client.get("/me").json()["organisation"]["id"])
        there = {
            each.key.rsplit("/", 1)[-1]: each.size for each in store.below(run_key(organisation, uuid.UUID(run["id"])))
        }
        assert there == {each["name"]: each["size"] for each in run["files"]}
        assert "run.json" in there
        assert client.get(f"/runs/{run['id']}/changes").json()["items"]
