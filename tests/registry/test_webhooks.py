"""Webhooks: what happened is told, signed, and again until it arrives."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from registry.dirty_runs import run_here
from registry.hook_receiver import Receiver, receiving
from registry.served import Served, Somebody, serving
from sanitizer_api.db.engine import Database
from sanitizer_api.settings import Settings
from sanitizer_api.webhooks.sending import LONGEST_WAIT, MOST_ATTEMPTS, deliver_due, wait_after

EVENTS = ["gate.failed", "score.anomaly", "job.failed"]


@pytest.fixture(scope="module")
def served(api_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A registry that may speak to this machine."""
    settings = Settings(
        home=tmp_path_factory.mktemp("hooks"), registration="open", login_rate="100000/minute",
        request_rate="100000/minute", webhook_networks="127.0.0.0/8",
    )  # fmt: skip
    with serving(settings, api_database) as address:
        yield Served(address, api_database, settings)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


def deliver(served: Served, **changes: Any) -> None:
    """What the worker's chore does."""

    async def once() -> None:
        settings = served.settings.model_copy(update=changes)
        database = Database.of(served.database, settings)
        try:
            await deliver_due(database, settings)
        finally:
            await database.close()

    asyncio.run(once())


def hook(who: Somebody, receiver: Receiver, events: list[str] = EVENTS) -> dict[str, Any]:
    answer = who.http.post("/webhooks", json={"url": f"{receiver.address}/hook?team=1", "events": events})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def deliveries(who: Somebody, made: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = who.http.get(f"/webhooks/{made['id']}/deliveries").json()["items"]
    return found


def make_due(served: Served, delivery: dict[str, Any]) -> None:
    """As if the wait were over."""
    with psycopg.connect(served.database) as connection:
        connection.execute("UPDATE webhook_deliveries SET next_at = now() WHERE id = %s", [delivery["id"]])


def test_a_test_arrives_with_a_signature_that_another_program_can_check(
    join: Any, served: Served, receiver: Receiver
) -> None:
    ada = join()
    made = hook(ada, receiver)
    sent = ada.http.post(f"/webhooks/{made['id']}/test").json()
    deliver(served)
    (came,) = receiver.came
    assert came.path == "/hook?team=1" and json.loads(came.body)["type"] == "test"
    signed = f"{came.headers['webhook-id']}.{came.headers['webhook-timestamp']}.".encode() + came.body
    key = base64.b64decode(made["secret"].removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert came.headers["webhook-signature"] == f"v1,{expected}"
    assert came.headers["webhook-id"] == sent["id"]
    assert abs(int(came.headers["webhook-timestamp"]) - time.time()) < 600
    (told,) = deliveries(ada, made)
    assert (told["state"], told["attempts"], told["log"][0]["status"]) == ("delivered", 1, 200)
    deliver(served)
    assert len(receiver.came) == 1


def test_the_secret_is_shown_once_and_can_be_renewed(join: Any, served: Served, receiver: Receiver) -> None:
    ada = join()
    made = hook(ada, receiver)
    secret = made["secret"]
    shown = ada.http.get(f"/webhooks/{made['id']}").text + ada.http.get("/webhooks").text + ada.http.get("/audit").text
    assert secret not in shown and "secret" not in ada.http.get(f"/webhooks/{made['id']}").json()
    renewed = ada.http.post(f"/webhooks/{made['id']}/secret").json()["secret"]
    assert renewed != secret
    with psycopg.connect(served.database) as connection:
        kept = connection.execute("SELECT webhooks::text FROM webhooks WHERE id = %s", [made["id"]]).fetchone()
    assert kept is not None and renewed.removeprefix("whsec_") not in kept[0]


def test_what_fails_is_tried_again_later_and_given_up_in_the_end(join: Any, served: Served, receiver: Receiver) -> None:
    ada = join()
    made = hook(ada, receiver)
    ada.http.post(f"/webhooks/{made['id']}/test")
    receiver.answers = [500, 302, 204]
    deliver(served)
    (told,) = deliveries(ada, made)
    assert (told["state"], told["attempts"], told["log"][0]["error"]) == ("waiting", 1, "HTTP 500")
    deliver(served)
    assert len(receiver.came) == 1, "it is not due yet"
    for _ in range(2):
        make_due(served, told)
        deliver(served)
    (told,) = deliveries(ada, made)
    assert [each["status"] for each in told["log"]] == [500, 302, 204] and told["state"] == "delivered"
    assert len({each.headers["webhook-id"] for each in receiver.came}) == 1
    again = ada.http.post(f"/webhooks/{made['id']}/deliveries/{told['id']}/again")
    assert again.status_code == 202
    receiver.answers = [410]
    deliver(served)
    assert deliveries(ada, made)[0]["state"] == "failed"
    with psycopg.connect(served.database) as connection:
        connection.execute(
            "UPDATE webhook_deliveries SET state = 'waiting', attempts = %s, next_at = now() WHERE id = %s",
            [MOST_ATTEMPTS - 1, told["id"]],
        )
    receiver.answers = [500]
    deliver(served)
    assert deliveries(ada, made)[0]["state"] == "failed"


def test_the_waits_grow_to_hours() -> None:
    waits = [wait_after(number) for number in range(1, MOST_ATTEMPTS)]
    assert waits == sorted(waits) and waits[0] < timedelta(minutes=1) and waits[-1] == LONGEST_WAIT


def test_two_workers_at_once_deliver_once(join: Any, served: Served, receiver: Receiver) -> None:
    ada = join()
    made = hook(ada, receiver)
    for _ in range(5):
        ada.http.post(f"/webhooks/{made['id']}/test")

    async def both() -> None:
        database = Database.of(served.database, served.settings)
        try:
            await asyncio.gather(*(deliver_due(database, served.settings) for _ in range(3)))
        finally:
            await database.close()

    asyncio.run(both())
    assert len(receiver.came) == 5 == len({each.headers["webhook-id"] for each in receiver.came})


def test_a_private_network_is_refused_when_it_is_named_and_again_when_it_is_spoken_to(
    join: Any, served: Served, receiver: Receiver
) -> None:
    ada = join()
    for url in (
        "http://169.254.169.254/latest",
        "http://10.0.0.1/x",
        "http://[::1]/x",
        "https://user:word@127.0.0.1/x",
    ):
        assert ada.http.post("/webhooks", json={"url": url}).status_code == 422, url
    assert ada.http.post("/webhooks", json={"url": "file:///etc/passwd"}).status_code == 422
    made = hook(ada, receiver)
    ada.http.post(f"/webhooks/{made['id']}/test")
    deliver(served, webhook_networks="")
    assert receiver.came == []
    assert "private network" in deliveries(ada, made)[0]["log"][0]["error"]


def test_a_gate_that_fails_is_told_and_one_that_is_met_is_not(
    join: Any, served: Served, receiver: Receiver, tmp_path: Path
) -> None:
    ada, eve = join(), join()
    made, others = hook(ada, receiver), hook(eve, receiver)
    deaf = hook(ada, receiver, ["job.failed"])
    recipe = "name: gated\nquality: {minimum: %s}\nsteps: []\n"
    good = run_here(tmp_path / "good", "a,b\n1,x\n2,y\n", recipe % 10).record
    bad = run_here(tmp_path / "bad", "a,b\n1,\n2,\n", recipe % 99).record
    for record in (good, bad, bad):
        assert ada.http.post("/runs", json=record.model_dump(mode="json", by_alias=True)).status_code in (200, 201)
    deliver(served)
    (came,) = receiver.came
    told = json.loads(came.body)
    assert (told["type"], told["data"]["run_id"]) == ("gate.failed", bad.run_id)
    assert told["data"]["gate"]["minimum"] == 99
    assert deliveries(eve, others) == [] and deliveries(ada, deaf) == []
    assert len(deliveries(ada, made)) == 1


def test_a_webhook_that_is_paused_or_deleted_is_told_nothing(join: Any, served: Served, receiver: Receiver) -> None:
    ada = join()
    made = hook(ada, receiver)
    assert ada.http.patch(f"/webhooks/{made['id']}", json={"active": False}).json()["active"] is False
    assert ada.http.patch(f"/webhooks/{made['id']}", json={"url": "http://10.0.0.1/"}).status_code == 422
    ada.http.post(f"/webhooks/{made['id']}/test")
    assert ada.http.delete(f"/webhooks/{made['id']}").status_code == 204
    assert ada.http.get(f"/webhooks/{made['id']}").status_code == 404
    deliver(served)
    assert receiver.came == []


def test_webhooks_are_of_administrators_and_of_their_organisation(
    join: Any, served: Served, receiver: Receiver
) -> None:
    ada, eve = join(), join()
    member = join(ada, "member")
    made = hook(ada, receiver)
    assert member.http.get("/webhooks").status_code == 403
    for verb, path in (("get", ""), ("get", "/deliveries"), ("post", "/test"), ("delete", ""), ("post", "/secret")):
        assert eve.http.request(verb, f"/webhooks/{made['id']}{path}").status_code == 404
    assert eve.http.post(f"/webhooks/{made['id']}/deliveries/{uuid.uuid4()}/again").status_code == 404
