"""What holds for every route that there is, and for every one that is added: all is generated from the app itself.

A new route is held by itself, and fails here until it is said of it what cannot be known: that it is for everybody
(``OPEN``), for whoever has a signed address (``SIGNED``) or for every user whatever their role (``OWN``), which body it
takes (``BODIES``), and what its ids are of (``theirs``).
"""

from __future__ import annotations

import inspect
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from registry.dirty_runs import report, run_here
from registry.openlineage_events import POSTGRES, shop
from registry.served import Served, Somebody
from sanitizer_api.app import create_app
from sanitizer_api.permissions import Permission, Role
from sanitizer_api.settings import Settings

Key = tuple[str, str]
AUTH = "/api/v1/auth"
OPEN = {
    ("POST", f"{AUTH}/register"), ("POST", f"{AUTH}/login"), ("POST", f"{AUTH}/refresh"), ("POST", f"{AUTH}/logout"),
    ("GET", f"{AUTH}/oidc/login"), ("GET", f"{AUTH}/oidc/callback"),
    ("GET", "/health/live"), ("GET", "/health/ready"), ("GET", "/metrics"), ("GET", "/runs/{run_id}"),
}  # fmt: skip
SIGNED = {("PUT", "/api/v1/uploads/{upload_id}/parts/{number}"), ("GET", "/api/v1/files/{key:path}")}
"""Routes that a signed address lets in, too; without one they ask for a token."""
OWN = {
    ("GET", "/api/v1/me"), ("GET", "/api/v1/tokens"), ("POST", "/api/v1/tokens"),
    ("DELETE", "/api/v1/tokens/{token_id}"),
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """A route, and what somebody needs for it."""

    verb: str
    path: str
    needs: frozenset[Permission]
    body: Any

    @property
    def key(self) -> Key:
        return self.verb, self.path


def _permissions(dependant: Any) -> Iterator[Permission]:
    for each in dependant.dependencies:
        if getattr(each.call, "__qualname__", "") == "allowed.<locals>.check":
            yield inspect.getclosurevars(each.call).nonlocals["permission"]
        yield from _permissions(each)


@cache
def every_route(home: Path) -> tuple[Route, ...]:
    app = create_app(Settings(home=home), "postgresql://nobody@127.0.0.1:9/nothing")
    return tuple(
        Route(verb, each.path, frozenset(_permissions(each.dependant)), each.body_field)
        for each in app.routes
        if isinstance(each, APIRoute)
        for verb in sorted(each.methods)
    )


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Route, ...]:
    found = every_route(tmp_path_factory.mktemp("routes"))
    assert len(found) > 90
    return found


def filled(path: str, known: dict[str, str] | None = None) -> str:
    """A path with names and ids of nothing that there is, or those that are known."""

    def one(match: re.Match[str]) -> str:
        name = match[1].partition(":")[0]
        nothing = str(uuid.uuid4()) if name.endswith("_id") or name == "version" else "1"
        return (
            httpx.URL("")
            .copy_with(path="/" + (known or {}).get(name, nothing))
            .raw_path.decode()[1:]
            .replace("/", "%2F")
        )

    return re.sub(r"\{([^}]+)\}", one, path)


def test_every_route_says_whom_it_is_for(routes: tuple[Route, ...]) -> None:
    for_anybody = {each.key for each in routes if not each.needs}
    assert for_anybody == OPEN | SIGNED | OWN, "a route asks for a permission, or is named here"


def test_nothing_that_a_request_depends_on_is_sent_to_a_thread(tmp_path: Path) -> None:
    """FastAPI calls what is no coroutine in a thread of its own, which costs more than all else of a small request."""

    def called(dependant: Any) -> Iterator[Any]:
        for each in dependant.dependencies:
            yield from (each, *called(each))

    app = create_app(Settings(home=tmp_path), "postgresql://nobody@127.0.0.1:9/nothing")
    threaded = {
        each.call.__qualname__
        for route in app.routes
        if isinstance(route, APIRoute)
        for each in called(route.dependant)
        if not each.is_coroutine_callable and not each.is_async_gen_callable
    }
    assert threaded == set()


def test_every_route_but_the_open_ones_wants_a_token(routes: tuple[Route, ...], served: Served) -> None:
    with httpx.Client(base_url=served.address, timeout=30) as nobody:
        for each in routes:
            if each.key not in OPEN:
                answer = nobody.request(each.verb, filled(each.path))
                assert answer.status_code == 401, (each.key, answer.text)
                assert answer.headers["www-authenticate"] == "Bearer"


def test_a_role_or_a_token_without_the_permission_is_not_let_in(
    routes: tuple[Route, ...], join: Any, served: Served
) -> None:
    ada = join()
    people = {role: join(ada, role.value).http for role in (Role.VIEWER, Role.MEMBER, Role.ADMIN)}
    for permission in Permission:
        others = [each.value for each in Permission if each is not permission]
        word = ada.http.post("/tokens", json={"name": "x", "scopes": others}).json()["token"]
        lesser = [http for role, http in people.items() if permission not in role.permissions]
        for each in routes:
            if permission not in each.needs:
                continue
            path = served.address + filled(each.path)
            token = httpx.request(each.verb, path, headers={"Authorization": f"Bearer {word}"}, timeout=30)
            answers = [token, *(http.request(each.verb, path) for http in lesser)]
            assert {one.status_code for one in answers} == {403}, (each.key, permission, [one.text for one in answers])
            assert permission.value in token.json()["detail"]


@dataclass(frozen=True)
class Theirs:
    """Somebody with one of everything, and what it is called."""

    who: Somebody
    known: dict[str, str]


@pytest.fixture
def theirs(join: Any, tmp_path: Path) -> Theirs:
    ada, run = join(), str(uuid.uuid4())
    http = ada.http
    for text in ("name: secret\nversion: 1\nsteps:\n  - op: clean_text\n", "name: secret\nversion: 2\nsteps: []\n"):
        assert http.post("/recipes", json={"text": text}).status_code == 201
    contract = "contract: secret\nversion: {}\nschema:\n  columns:\n    {}: {{dtype: int64}}\n"
    for number, column in ((1, "a"), (2, "b")):
        assert http.post("/contracts", json={"text": contract.format(number, column)}).status_code == 201
    for kind in ("recipes", "contracts"):
        assert http.put(f"/{kind}/secret/labels/live", json={"version": 1}).status_code == 200
    reported = report(ada, run_here(tmp_path / "run", "name\n Ada \n", "name: people\nsteps:\n  - op: clean_text\n"))
    assert http.post("/lineage", json=shop(run)).status_code == 200
    dataset = made(http.post("/datasets", json={"name": "secret", "address": "s3://lake/secret.csv"}))
    upload = made(http.post("/uploads", json={"name": "other", "file": "a.csv", "size": 10}))
    hook = made(http.post("/webhooks", json={"url": "https://93.184.215.14/hook"}))
    job = made(http.post("/jobs", json={"dataset": "secret", "recipe": "secret"}, headers={"Idempotency-Key": run}))
    erasure = made(http.post("/erasures/rows", json={"column": "name", "values": ["Nobody"]}))
    token = made(http.post("/tokens", json={"name": "x", "scopes": ["read"]}))
    return Theirs(ada, {
        "name": "secret", "reference": "1", "label": "live", "run_id": reported.rpartition("/")[2], "token_id": token,
        "user_id": ada.me["id"], "dataset_id": dataset, "upload_id": upload, "webhook_id": hook, "job_id": job,
        "delivery_id": str(uuid.uuid4()), "number": "1", "namespace": "airflow", "job": "shop.load", "tag": "pii",
        "field": "name", "dataset": "shop.public.raw", "lineage_run": run, "key": "nothing", "erasure_id": erasure,
    })  # fmt: skip


def made(answer: httpx.Response) -> str:
    assert answer.status_code in (200, 201, 202), answer.text
    return str(answer.json()["id"])


EVERYBODYS = {("GET", "/api/v1/ops/{name}"), ("PUT", "/api/v1/tags/{tag}"), ("GET", "/runs/{run_id}"), *SIGNED}
"""Paths whose names are nobody's own: operations and the page are the same for all, and a tag is made by naming it."""
LISTS = {("GET", "/api/v1/namespaces/{namespace}/jobs"), ("GET", "/api/v1/namespaces/{namespace}/datasets")}
"""Lists of what is in a namespace: another's is empty, as Marquez has it."""
BODIES: dict[Key, Any] = {
    ("POST", "/api/v1/erasures/{erasure_id}/verify"): {"value": "Nobody"},
    ("PUT", "/api/v1/members/{user_id}/role"): {"role": "viewer"},
    ("PATCH", "/api/v1/webhooks/{webhook_id}"): {"active": False},
    ("POST", "/api/v1/uploads/{upload_id}/urls"): {"numbers": [1]},
    ("POST", "/api/v1/runs/{run_id}/restorations"): {"name": "mine"},
    ("POST", "/api/v1/runs/{run_id}/review"): {"cells": [{"row": 0, "column": "name", "action": "keep"}]},
}
for _kind in ("recipes", "contracts"):
    BODIES[("PUT", f"/api/v1/{_kind}/{{name}}/labels/{{label}}")] = {"version": 1}
    BODIES[("POST", f"/api/v1/{_kind}/{{name}}/versions/{{reference}}/clone")] = {"name": "mine"}
    BODIES[("POST", f"/api/v1/{_kind}/{{name}}/versions/{{reference}}/deprecate")] = {"reason": "x"}
QUERIES: dict[str, dict[str, str]] = {
    "/api/v1/datasets/{dataset_id}/story": {"key": "id", "value": "1", "column": "name"},
    "/api/v1/recipes/{name}/diff": {"before": "1", "after": "2"},
    "/api/v1/contracts/{name}/diff": {"before": "1", "after": "2"},
    "/api/v1/jobs/runs/{run_id}/facets": {"type": "run"},
}


def test_what_another_organisation_has_is_not_there(
    routes: tuple[Route, ...], theirs: Theirs, join: Any, served: Served
) -> None:
    eve, wrong = join(), []
    for each in routes:
        if "{" not in each.path or each.key in EVERYBODYS:
            continue
        known = theirs.known | ({"namespace": POSTGRES} if "{dataset}" in each.path else {})
        known |= {"run_id": known["lineage_run"]} if each.path.startswith("/api/v1/jobs/runs/") else {}
        path, query = served.address + filled(each.path, known), QUERIES.get(each.path)
        body = BODIES.get(each.key, {}) if each.body is not None else None
        answer = eve.http.request(each.verb, path, json=body, params=query)
        if each.key in LISTS:
            assert answer.json()["totalCount"] == 0, each.key
            continue
        if answer.status_code != 404:
            wrong.append((each.key, answer.status_code, answer.text))
        if each.verb == "GET" and "{version}" not in each.path and not each.path.endswith("/events"):
            own = theirs.who.http.request(each.verb, path, params=query)
            if own.status_code in (401, 403, 404):
                wrong.append((each.key, "the id is one of theirs", own.text))
    assert not wrong, "\n".join(map(str, wrong))
