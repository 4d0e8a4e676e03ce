"""Files brought along in parts: in any order, again, interrupted, signed; on a folder and on a real S3 server."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from registry.served import Served, serving

MIB = 1 << 20
PART = 5 * MIB
ROWS = b"id,name\n" + b"".join(b"%d,somebody whose name is %d\n" % (n, n) for n in range(320_000))
"""A little more than two parts."""


@pytest.fixture(scope="module", params=["folder", pytest.param("bucket", marks=pytest.mark.slow)])
def home(request: pytest.FixtureRequest, served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A registry whose store is a folder, and one whose store is a bucket."""
    root = str(tmp_path_factory.mktemp("files"))
    if request.param == "bucket":
        root = request.getfixturevalue("s3_for_module") + "/registry"
    settings = served.settings.model_copy(update={"store": root, "upload_limit": 64 * MIB})
    with serving(settings, served.database) as address:
        yield replace(served, address=address, settings=settings)


@pytest.fixture
def ada(home: Served, join: Any) -> Any:
    """Somebody of an organisation of their own, who speaks to that registry."""
    somebody = join()
    somebody.http.base_url = f"{home.address}/api/v1"
    return somebody


def pieces(content: bytes, size: int = PART) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


def announced(ada: Any, content: bytes, **more: Any) -> dict[str, Any]:
    wanted = {"name": "customers", "file": "customers.csv", "size": len(content), "part_size": PART} | more
    answer = ada.http.post("/uploads", json=wanted)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def complete(ada: Any, upload: dict[str, Any], **more: Any) -> httpx.Response:
    answer: httpx.Response = ada.http.post(f"/uploads/{upload['id']}/complete", json=more)
    return answer


def send(ada: Any, upload: dict[str, Any], number: int, content: bytes, **headers: str) -> httpx.Response:
    answer: httpx.Response = ada.http.put(f"/uploads/{upload['id']}/parts/{number}", content=content, headers=headers)
    return answer


def test_parts_in_any_order_and_an_interrupted_upload_goes_on(ada: Any, join: Any) -> None:
    upload, (one, two, three) = announced(ada, ROWS), pieces(ROWS)
    assert (upload["parts"], upload["missing"]) == (3, [1, 2, 3])
    assert send(ada, upload, 3, three).json()["digest"] == hashlib.sha256(three).hexdigest()
    assert send(ada, upload, 1, one).status_code == 200
    told = ada.http.get(f"/uploads/{upload['id']}").json()
    assert ([(part["number"], part["size"]) for part in told["there"]], told["missing"]) == (
        [(1, PART), (3, len(three))],
        [2],
    )
    early = complete(ada, upload)
    assert early.status_code == 409 and "parts are missing: 2" in early.json()["detail"]
    assert send(ada, upload, 2, b"x" * PART).status_code == 200
    assert send(ada, upload, 2, two).status_code == 200, "sent again, the later counts"
    done = complete(ada, upload, digest=hashlib.sha256(ROWS).hexdigest())
    assert done.status_code == 201, done.text
    dataset = done.json()
    assert (dataset["id"], dataset["size"], dataset["digest"]) == (
        upload["id"],
        len(ROWS),
        hashlib.sha256(ROWS).hexdigest(),
    )
    assert (dataset["format"], dataset["content_type"], dataset["address"]) == (
        "csv",
        "text/csv",
        "upload:customers.csv",
    )
    assert complete(ada, upload).status_code == 200, "completing twice is safe"
    assert ada.http.get("/uploads").json()["items"] == []
    assert send(ada, upload, 1, one).status_code == 409
    assert ada.http.get("/quotas").json()["items"][0]["used"] == len(ROWS)


def test_signed_addresses_take_parts_without_a_token(ada: Any, home: Served) -> None:
    upload = announced(ada, ROWS)
    signed = ada.http.post(f"/uploads/{upload['id']}/urls", json={"numbers": [1, 2, 3]}).json()["items"]
    for place, content in zip(signed, pieces(ROWS), strict=True):
        url = httpx.URL(home.address).join(place["url"])
        assert url.host == "127.0.0.1"
        answer = httpx.put(url, content=content, timeout=60)
        assert answer.status_code == 200, answer.text
        changed = url.copy_set_param("partNumber" if "X-Amz-Signature" in url.params else "organisation", upload["id"])
        assert httpx.put(changed, content=content, timeout=60).status_code in (403, 400), "it is good for itself alone"
    assert complete(ada, upload).json()["digest"] == hashlib.sha256(ROWS).hexdigest()


def test_a_part_is_held_against_its_digest_and_size(ada: Any) -> None:
    upload, (one, *_) = announced(ada, ROWS), pieces(ROWS)
    right = base64.b64encode(hashlib.sha256(one).digest()).decode()
    assert send(ada, upload, 1, one[:-1] + b"?", **{"Content-Digest": f"sha-256=:{right}:"}).status_code == 400
    short = send(ada, upload, 1, one[:-1])
    assert short.status_code == 400 and f"it has to have {PART}" in short.json()["detail"]
    assert send(ada, upload, 4, one).status_code == 404
    assert ada.http.get(f"/uploads/{upload['id']}").json()["there"] == []
    assert send(ada, upload, 1, one, **{"Content-Digest": f"sha-256=:{right}:"}).status_code == 200


def test_another_digest_than_announced_is_refused_and_nothing_is_left(ada: Any, home: Served) -> None:
    upload = announced(ada, b"a\n1\n", digest="0" * 64)
    send(ada, upload, 1, b"a\n1\n")
    refused = complete(ada, upload)
    assert refused.status_code == 422 and "was announced" in refused.json()["detail"]
    assert ada.http.get(f"/uploads/{upload['id']}").status_code == 404
    assert ada.http.get("/quotas").json()["items"][0]["used"] == 0


def test_an_upload_that_is_given_up_leaves_nothing(ada: Any, home: Served) -> None:
    upload = announced(ada, ROWS)
    send(ada, upload, 1, ROWS[:PART])
    assert ada.http.delete(f"/uploads/{upload['id']}").status_code == 204
    assert ada.http.get(f"/uploads/{upload['id']}").status_code == 404
    if "://" not in str(home.settings.store):
        assert not list(Path(str(home.settings.store), ada.me["organisation"]["id"]).rglob(f"*{upload['id']}*"))


def test_another_organisation_has_nothing_to_do_with_it(ada: Any, home: Served, join: Any) -> None:
    upload, eve = announced(ada, ROWS), join()
    eve.http.base_url = f"{home.address}/api/v1"
    assert eve.http.get(f"/uploads/{upload['id']}").status_code == 404
    assert send(eve, upload, 1, ROWS[:PART]).status_code == 404
    assert complete(eve, upload).status_code == 404
    assert eve.http.delete(f"/uploads/{upload['id']}").status_code == 404
    assert eve.http.post(f"/uploads/{upload['id']}/urls", json={"numbers": [1]}).status_code == 404


def test_limits_are_told_before_a_byte_is_sent(ada: Any) -> None:
    wanted = {"name": "x", "size": 10 << 30}
    large = ada.http.post("/uploads", json=wanted)
    assert large.status_code == 413 and str(64 * MIB) in large.json()["detail"]
    assert ada.http.post("/uploads", json=wanted | {"size": 1, "part_size": 1}).status_code == 422
    assert ada.http.post("/uploads", json=wanted | {"size": 1, "part_size": 65 * MIB}).status_code == 413
    assert ada.http.post("/uploads", json=wanted | {"size": -1}).status_code == 422
    for file in ("../../etc/passwd", "a\\b", "a\x00b", "", "a\nb"):
        assert ada.http.post("/uploads", json={"name": "x", "size": 1, "file": file}).status_code == 422, file


def test_two_that_complete_at_once_make_one_dataset(ada: Any) -> None:
    upload = announced(ada, ROWS)
    for number, content in enumerate(pieces(ROWS), 1):
        send(ada, upload, number, content)
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(complete(ada, upload))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.status_code for each in answers) == [200, 200, 201]
    assert len({each.text for each in answers}) == 1


def test_a_line_that_goes_dead_leaves_no_part(ada: Any, home: Served) -> None:
    def breaking() -> Iterator[bytes]:
        yield ROWS[: PART // 2]
        raise ConnectionAbortedError

    upload = announced(ada, ROWS)
    with pytest.raises(ConnectionAbortedError):
        ada.http.put(f"/uploads/{upload['id']}/parts/1", content=breaking())
    assert ada.http.get(f"/uploads/{upload['id']}").json()["there"] == []
    too_long = send(ada, upload, 1, iter([ROWS[:PART]] * 14))  # type: ignore[arg-type]
    assert too_long.status_code == 413 and "67108864" in too_long.json()["detail"]
    assert send(ada, upload, 1, ROWS[:PART]).status_code == 200


def test_who_would_keep_more_than_is_allowed_is_told_how_much(ada: Any, home: Served) -> None:
    first = announced(ada, ROWS)
    with psycopg.connect(home.database) as connection:
        connection.execute(
            "INSERT INTO quotas (id, organisation_id, what, allowed) VALUES (gen_random_uuid(), %s, 'storage', %s)",
            [ada.me["organisation"]["id"], len(ROWS) + 10],
        )
    refused = ada.http.post("/uploads", json={"name": "more", "size": 11})
    assert refused.status_code == 413
    assert refused.json()["quota"] == {"what": "storage", "used": len(ROWS), "allowed": len(ROWS) + 10, "asked": 11}
    ada.http.delete(f"/uploads/{first['id']}")
    assert ada.http.post("/uploads", json={"name": "more", "size": 11}).status_code == 201


def test_a_taken_name_can_be_changed_at_the_end(ada: Any) -> None:
    first, second = announced(ada, b"a\n1\n"), announced(ada, b"a\n1\n")
    for upload in (first, second):
        send(ada, upload, 1, b"a\n1\n")
    assert complete(ada, first).status_code == 201
    assert complete(ada, second).status_code == 409
    assert complete(ada, second, name="customers 2").status_code == 201
    assert ada.http.post("/uploads", json={"name": "customers", "size": 1}).status_code == 409
