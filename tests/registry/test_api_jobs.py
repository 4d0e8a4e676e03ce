"""Jobs over HTTP; nobody carries them out here (see ``test_workers``)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
            # After a defect the server closes the line, so it is not one that is used again.
            body, closing_line = {"dataset": "customers", "recipe": "customers"}, {"Connection": "close"}
            refused = ada.post("/jobs", json=body, headers=closing_line)
        finally:
            connection.execute("GRANT INSERT ON queue.procrastinate_jobs TO sanitizer_app")
    assert refused.status_code == 500
    assert [each["id"] for each in ada.get("/jobs").json()["items"]] == [job["id"]]
    assert ada.post(f"/jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    assert rows_in_queue(place, job["id"]) == 0


def test_the_same_key_gives_the_same_job_and_never_another(ada: httpx.Client) -> None:
    body, key = {"dataset": "customers", "recipe": "customers"}, {"Idempotency-Key": "once"}
    first = ada.post("/jobs", json=body, headers=key)
    again = ada.post("/jobs", json=body, headers=key)
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"]
    other = ada.post("/jobs", json=body | {"options": {"strict": True}}, headers=key)
    assert (other.status_code, other.json()["type"]) == (409, "urn:sanitizer:problem:conflict")


def test_two_who_send_a_key_at_once_get_one_job(ada: httpx.Client) -> None:
    body, key = {"dataset": "customers", "recipe": "customers"}, {"Idempotency-Key": "at-once"}

    def ask() -> httpx.Response:
        with httpx.Client(base_url=ada.base_url, headers=ada.headers, timeout=60) as client:
            return client.post("/jobs", json=body, headers=key)

    with ThreadPoolExecutor(4) as pool:
        answers = [each.result() for each in [pool.submit(ask) for _ in range(4)]]
    assert sorted(each.status_code for each in answers) == [200, 200, 200, 202]
    assert len({each.json()["id"] for each in answers}) == 1


def test_a_label_is_resolved_when_the_job_is_asked_for(ada: httpx.Client) -> None:
    ada.put("/recipes/customers/labels/production", json={"version": 1}).raise_for_status()
    job = asked(ada, label="production")
    text = "name: customers\nversion: 2\nsteps:\n  - op: strip_accents\n    params: {columns: [name]}\n"
    ada.post("/recipes", json={"text": text})
    assert asked(ada)["wanted"]["recipe"]["version"] == ada.get("/recipes/customers").json()["latest"]
    assert ada.get(f"/jobs/{job['id']}").json()["wanted"]["recipe"]["version"] == 1


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        ({"dataset": "nobody"}, 404, "there is no dataset 'nobody'"),
        ({"recipe": "nobody"}, 404, "there is no recipe 'nobody'"),
        ({"version": 7}, 404, "no version '7'"),
        ({"version": 1, "label": "production"}, 422, "a version or a label"),
        ({"contract": "nobody@2"}, 404, "there is no contract 'nobody'"),
        ({"options": {"threads": 64}}, 422, "options.threads"),
        ({"recipe": "by_hand"}, 422, "'os:system' is Python"),
        ({"recipe": "beside"}, 422, "the file 'customers.contract.yaml'"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_at_once(
    ada: httpx.Client, words: dict[str, Any], status: int, told: str
) -> None:
    by_hand = "name: by_hand\nsteps:\n  - op: python\n    params: {function: 'os:system'}\n"
    beside = "name: beside\ncontract: customers.contract.yaml\nsteps: []\n"
    for text in (by_hand, beside):
        ada.post("/recipes", json={"text": text}).raise_for_status()
    answer = ada.post("/jobs", json={"dataset": "customers", "recipe": "customers"} | words)
    assert (answer.status_code, told in answer.json()["detail"]) == (status, True), answer.text


def test_jobs_are_listed_by_state_in_pages_and_kept_from_others(ada: httpx.Client, place: Yard) -> None:
    jobs = [asked(ada)["id"] for _ in range(3)]
    ada.post(f"/jobs/{jobs[0]}/cancel").raise_for_status()
    first = ada.get("/jobs", params={"state": "queued", "limit": 1}).json()
    second = ada.get("/jobs", params={"state": "queued", "limit": 1, "cursor": first["next"]}).json()
    assert [each["id"] for each in first["items"] + second["items"]] == [jobs[2], jobs[1]]
    assert second["next"] is None
    both = ada.get("/jobs", params={"state": ["queued", "cancelled"], "kind": "run"}).json()
    assert len(both["items"]) == 3
    with closing(place.client()) as eve:
        assert eve.get("/jobs").json()["items"] == []
        for verb, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/retry"), ("GET", "/events")):
            assert eve.request(verb, f"/jobs/{jobs[1]}{path}").status_code == 404


def test_a_token_without_the_scope_starts_nothing(ada: httpx.Client) -> None:
    token = ada.post("/tokens", json={"name": "reads", "scopes": ["read"]}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = ada.post("/jobs", json={"dataset": "customers", "recipe": "customers"}, headers=headers)
    assert (answer.status_code, "'run'" in answer.json()["detail"]) == (403, True)
    assert ada.get("/jobs", headers=headers).status_code == 200


def test_a_job_is_cancelled_and_retried_and_that_is_kept(ada: httpx.Client, place: Yard) -> None:
    job = asked(ada)["id"]
    assert ada.post(f"/jobs/{job}/retry").status_code == 409
    assert ada.post(f"/jobs/{job}/cancel").json()["state"] == "cancelled"
    assert ada.post(f"/jobs/{job}/cancel").json()["state"] == "cancelled"
    again = ada.post(f"/jobs/{job}/retry").json()
    assert (again["state"], again["cancel_requested_at"], rows_in_queue(place, job)) == ("queued", None, 1)
    told = [each["action"] for each in ada.get("/audit").json()["items"] if each["subject"] == f"job:{job}"]
    assert told == ["retry-job", "cancel-job", "ask-job"]


def test_more_jobs_at_once_than_allowed_are_refused_until_one_ends(ada: httpx.Client, place: Yard) -> None:
    organisation = ada.get("/me").json()["organisation"]["id"]
    with psycopg.connect(place.database) as connection:
        allowed = "INSERT INTO quotas (id, organisation_id, what, allowed) VALUES (gen_random_uuid(), %s, 'jobs', 1)"
        connection.execute(allowed, [organisation])
    job = asked(ada)["id"]
    refused = ada.post("/jobs", json={"dataset": "customers", "recipe": "customers"})
    assert (refused.status_code, refused.json()["quota"]["used"]) == (429, 1)
    ada.post(f"/jobs/{job}/cancel")
    asked(ada)


def test_the_queue_itself_shows_an_organisation_its_own_rows_only(ada: httpx.Client, place: Yard) -> None:
    asked(ada)
    with psycopg.connect(place.database) as connection, closing(place.client()) as eve:
        connection.execute("SET ROLE sanitizer_app")
        counts = []
        for client in (ada, eve):
            organisation = client.get("/me").json()["organisation"]["id"]
            connection.execute("SELECT set_config('sanitizer.organisation', %s, false)", [organisation])
            counts.append(connection.execute("SELECT count(*) FROM queue.procrastinate_jobs").fetchone())
    assert counts == [(1,), (0,)]
