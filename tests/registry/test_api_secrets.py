"""Passwords, tokens and masked values are in no log, event, error, report or table: planted ones are looked for."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from registry.dirty_runs import report, run_here
from registry.served import Served
from sanitizer_api.logs import JsonFormatter
from sanitizer_api.tables import METADATA
from sanitizer_core.lineage import run_events, text_of

MASKED, SHOWN = "planted.cell@example.com", "Ada Shown"
NOT_OURS = ("httpx", "uvicorn.access")
"""The client of this test, and lines that ``sanitizer serve`` turns off."""
RECIPE = """
name: people
version: 1
steps:
  - op: clean_text
    params: {columns: [name]}
  - op: mask
    params: {columns: [email], method: redact, key_env: PLANTED_KEY}
contract:
  contract: people
  version: 1
  on_violation: warn
  schema: {columns: {name: {dtype: str, checks: {str_length: {min_value: 50}}}}}
"""


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """The lines of the log, as the registry writes them."""
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name not in NOT_OURS:
                lines.append(self.format(record))

    handler, root = Keeping(), logging.getLogger()
    handler.setFormatter(JsonFormatter())
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.setLevel(before)
    root.removeHandler(handler)


def test_what_was_planted_is_nowhere(
    join: Any, served: Served, logged: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word, key = f"planted-{uuid.uuid4().hex}", f"planted-key-{uuid.uuid4().hex}"
    monkeypatch.setenv("PLANTED_KEY", key)
    ada = join()
    said = [_errors(served, ada.http, word)]
    token = ada.http.post("/tokens", json={"name": "x", "scopes": ["read"]}).json()["token"]
    told = httpx.get(f"{served.address}/api/v1/runs", headers={"Authorization": f"Bearer {token}"})
    result = run_here(tmp_path, f"name,email\n {SHOWN} ,{MASKED}\n", RECIPE)
    path = report(ada, result)
    said += [told.text, *(text_of(each) for each in run_events(result.record))]
    read = [
        path,
        "/events/lineage",
        "/audit",
        "/tokens",
        "/datasets",
        f"{path}/report",
        f"{path}/record",
        f"{path}/changes",
    ]
    said += [ada.http.get(each).text for each in read]
    said += [each.read_bytes().decode("latin-1") for each in (tmp_path / "out.run").iterdir()]
    assert any(SHOWN in each for each in said), "what is no secret is found, so that a secret would be"
    assert any('"answered"' in each for each in logged)
    for planted in (word, key, token, MASKED, "planted.cell"):
        assert not [each[:300] for each in said if planted in each], planted
        assert not [each[:300] for each in logged if planted in each], planted
        assert not _tables_with(served, planted), planted


def _errors(served: Served, http: httpx.Client, word: str) -> str:
    """What is said no to, each with the word where a secret is."""
    mail = f"{uuid.uuid4().hex}@example.com"
    register = {"email": mail, "password": word, "name": "Eve", "organisation": "O"}
    api = f"{served.address}/api/v1"
    answers = [
        httpx.post(f"{api}/auth/register", json=register),
        httpx.post(f"{api}/auth/register", json=register),
        httpx.post(f"{api}/auth/register", json=register | {"surprise": 1}),
        httpx.post(f"{api}/auth/login", json={"email": mail, "password": word + "x"}),
        httpx.post(f"{api}/auth/login", json={"email": mail, "password": [word]}),
        httpx.get(f"{api}/me", headers={"Authorization": f"Bearer dst_{word}"}),
        httpx.get(f"{api}/me", headers={"Authorization": f"Bearer {word}"}),
        httpx.post(f"{api}/auth/refresh", headers={"Cookie": f"sanitizer_refresh={word}"}),
        httpx.get(f"{api}/auth/oidc/callback", params={"code": word, "state": word}),
        http.post("/datasets", json={"name": "x", "address": f"https://ada:{word}@127.0.0.1/a?token={word}"}),
        http.post("/datasets", json={"name": "y", "address": f"postgresql://ada:{word}@db.invalid/shop?table=a"}),
        http.get("/search", params={"q": word}),
    ]
    assert {each.status_code for each in answers} <= {200, 201, 401, 404, 409, 422}, [each.text for each in answers]
    return "\n".join(each.text for each in answers)


def _tables_with(served: Served, word: str) -> list[str]:
    """The tables that hold a word anywhere."""
    found = []
    with psycopg.connect(served.database) as connection:
        for table in METADATA.sorted_tables:
            query = sql.SQL("SELECT count(*) FROM {} AS kept WHERE kept::text LIKE %s").format(
                sql.Identifier(table.name)
            )
            rows = connection.execute(query, [f"%{word}%"]).fetchone()
            found += [table.name] if rows and rows[0] else []
    return found
