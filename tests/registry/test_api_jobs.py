"""Jobs over HTTP; nobody carries them out here (see ``test_workers``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import psycopg
import pytest

from registry.working import Yard, asked, new_database, ready, yard


@pytest.fixture(scope="module")
def place(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with yard(new_database(postgres), tmp_path_factory.mktemp("yard")) as made:
        yield made


@pytest.fixture
def ada(place: Yard) -> Iterator[httpx.Client]:
    """Somebody with a recipe and a dataset, in an organisation of their own."""
    with closing(place.client()) as client:
        ready(client, place)
        yield client


def rows_in_queue(place: Yard, job: str) -> int:
    with psycopg.connect(place.database) as connection:
        query = "SELECT count(*) FROM queue.procrastinate_jobs WHERE args->>'job' = %s AND status = 'todo'"
        found: Any = connection.execute(query, [job]).fetchone()
        return int(found[0])


def test_neither_the_job_nor_its_row_in_the_queue_is_there_alone(ada: httpx.Client, place: Yard) -> None:
    job = asked(ada)
    assert rows_in_queue(place, job["id"]) == 1
    with psycopg.connect(place.database, autocommit=True) as connection:
        # A row of the queue that cannot be written takes the job with it.
        connection.execute("REVOKE INSERT ON queue.procrastinate_jobs FROM sanitizer_app")
        try:
            refused = ada.post("/jobs", json={"dataset": "customers", "recipe": "customers"})
        finally:
            connection.execute("GRANT INSERT ON queue.procrastinate_jobs TO sanitizer_app")
    assert refused.status_code == 500
    assert [each["id"] for each in ada.get("/jobs").json()["items"]] == [job["id"]]
    assert ada.post(f"/jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    assert rows_in_queue(place, job["id"]) == 0
