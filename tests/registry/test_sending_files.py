"""A run made elsewhere sends its files into the registry's store: a folder, or a bucket."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from registry.dirty_runs import SITES, cells_of, clean_sites, every_item, report, run_here
from registry.served import Served, Somebody, serving
from sanitizer_api.settings import Settings
from sanitizer_core import RunResult
from sanitizer_core.registry import Registry


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """A run whose files the registry may not read where they lie."""
    return clean_sites(tmp_path_factory.mktemp("elsewhere"))


def token(who: Somebody) -> str:
    made = who.http.post("/tokens", json={"name": "cli", "scopes": ["read", "report"]})
    word: str = made.json()["token"]
    return word


def send(served: Served, who: Somebody, result: RunResult, **options: Any) -> None:
    with Registry.connect(served.address, token(who)) as registry:
        registry.report(result.record)
        registry.send_files(str(result.folder), **options)


def test_the_pages_of_a_run_work_once_its_files_were_sent(join: Any, served: Served, sites: RunResult) -> None:
    ada = join()
    path = report(ada, sites)
    assert ada.http.get(f"{path}/changes").status_code == 409
    send(served, ada, sites, part=10_000)
    send(served, ada, sites)
    kept = {each["name"]: each["size"] for each in ada.http.get(f"{path}/files").json()["items"]}
    assert kept == {each.name: each.stat().st_size for each in Path(str(sites.folder)).iterdir()}
    assert ada.http.get(f"{path}/changes").json()["items"]
    assert ada.http.get(f"{path}/download").content == Path(f"{sites.folder}/clean.parquet").read_bytes()
    used = {each["what"]: each["used"] for each in ada.http.get("/quotas").json()["items"]}
    assert used["storage"] == sum(kept.values())
    assert list((served.settings.home / "files").glob("*/sending/*")) == []


def test_what_is_not_whole_or_of_another_run_is_not_kept(join: Any, sites: RunResult, tmp_path: Path) -> None:
    ada = join()
    path = report(ada, sites)
    other = run_here(tmp_path, "a\n1\n", "name: x\nsteps: []\n")
    content = Path(f"{other.folder}/run.json").read_bytes()
    said = {"name": "run.json", "parts": 1, "size": len(content), "digest": hashlib.sha256(content).hexdigest()}
    assert ada.http.post(f"{path}/files", json={"files": [said]}).status_code == 409
    assert ada.http.put(f"{path}/files/run.json", content=content).status_code == 204
    wrong = ada.http.post(f"{path}/files", json={"files": [said | {"digest": "0" * 64}]})
    assert wrong.status_code == 409 and "digest" in wrong.json()["detail"]
    anothers = ada.http.post(f"{path}/files", json={"files": [said]})
    assert anothers.status_code == 409 and other.record.run_id in anothers.json()["detail"]
    assert ada.http.get(f"{path}/files").json() == {"items": []}
    for name in ("../run.json", "evil.exe", "..%2Frun.json"):
        assert ada.http.put(f"{path}/files/{name}", content=b"x").status_code in (404, 405, 409), name
    eve, viewer = join(), join(ada, "viewer")
    assert eve.http.put(f"{path}/files/run.json", content=content).status_code == 404
    assert viewer.http.put(f"{path}/files/run.json", content=content).status_code == 403


def test_who_finishes_again_while_it_goes_on_takes_nothing_away(join: Any, served: Served, tmp_path: Path) -> None:
    ada = join()
    made = run_here(tmp_path, "a\n x\n", "name: x\nsteps: [{op: clean_text}]\n")
    path, said = report(ada, made), []
    for each in sorted(Path(str(made.folder)).iterdir()):
        content = each.read_bytes()
        assert ada.http.put(f"{path}/files/{each.name}", content=content).status_code == 204
        said += [{"name": each.name, "parts": 1, "size": len(content), "digest": hashlib.sha256(content).hexdigest()}]
    with psycopg.connect(served.database) as held, ThreadPoolExecutor(2) as pool:
        held.execute("SELECT FROM runs WHERE id = %s FOR UPDATE", [made.record.run_id])
        asked = [pool.submit(ada.http.post, f"{path}/files", json={"files": said}) for _ in range(2)]
        with psycopg.connect(served.database, autocommit=True) as other:
            until(lambda: other.execute(WAITING).fetchone() == (2,))
        held.commit()
    assert sorted(each.result().status_code for each in asked) == [200, 201], [each.result().text for each in asked]
    assert [each["new"] for each in ada.http.get(f"{path}/changes").json()["items"]] == ["x"]


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.02)


@pytest.mark.slow
class TestBucket:
    """The same from a bucket: Parquet is read there by ranges."""

    @pytest.fixture
    def served(self, api_database: str, s3: str, tmp_path: Path) -> Iterator[Served]:
        settings = Settings(
            home=tmp_path, registration="open", login_rate="100000/minute", request_rate="100000/minute",
            store=f"{s3}/registry",
        )  # fmt: skip
        with serving(settings, api_database) as address:
            yield Served(address, api_database, settings)

    def test_a_run_is_asked_downloaded_and_undone(self, join: Any, served: Served, sites: RunResult) -> None:
        ada = join()
        path = report(ada, sites)
        send(served, ada, sites)
        some = ada.http.get(f"{path}/changes", params={"limit": 200}).json()
        assert len(some["items"]) == 200 and some["next"]
        assert every_item(ada, f"{path}/removed", limit=200)
        assert "<html" in ada.http.get(f"{path}/report").text
        back = ada.http.post(f"{path}/restore", json={"format": "csv"})
        assert cells_of(back.text) == cells_of(SITES.read_text(encoding="utf-8"))
        review = ada.http.get(f"{path}/review", params={"kind": "missing", "limit": 1}).json()["items"][0]
        cell = {"row": review["row"], "column": review["column"], "action": "remove"}
        ada.http.post(f"{path}/review", json={"reason": "useless", "cells": [cell]}).raise_for_status()
        made = ada.http.post(f"{path}/review/apply")
        assert made.status_code == 201, made.text
        (gone,) = every_item(ada, f"/runs/{made.json()['id']}/removed")
        assert gone["reasons"] == ["useless"]
