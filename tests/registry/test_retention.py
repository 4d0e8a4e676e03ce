"""What has been kept long enough goes: after a deletion, by an organisation's own plan, and for everybody."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from registry.dirty_runs import report, run_here
from registry.served import Served
from sanitizer_api.db.engine import Database
from sanitizer_api.retention.purging import Purge
from sanitizer_api.settings import Settings
from sanitizer_api.stores.keys import run_key, upload_key
from sanitizer_api.stores.opening import store_of
from sanitizer_api.upkeep import registry_commands

CSV = b"a,b\n1,2\n"


def purge(served: Served, somebody: Any, days: int, **settings: Any) -> dict[str, int]:
    """What goes of somebody's organisation in so many days."""

    async def purged() -> dict[str, int]:
        known = Settings(**(served.settings.model_dump() | settings))
        database = Database.of(served.database, known)
        one = Purge(database, known, store_of(known), datetime.now(UTC) + timedelta(days=days))
        try:
            await one.of(organisation(somebody))
        finally:
            await database.close()
        return {name: count for name, count in one.counts.items() if count}

    return asyncio.run(purged())


def organisation(somebody: Any) -> uuid.UUID:
    return uuid.UUID(somebody.me["organisation"]["id"])


def folder(served: Served, somebody: Any) -> Path:
    return served.settings.home / "files" / str(organisation(somebody))


def uploaded(ada: Any, name: str = "customers") -> str:
    upload = ada.http.post("/uploads", json={"name": name, "size": len(CSV)}).json()
    ada.http.put(f"/uploads/{upload['id']}/parts/1", content=CSV)
    assert ada.http.post(f"/uploads/{upload['id']}/complete", json={}).status_code == 201
    return str(upload["id"])


def used(ada: Any) -> int:
    return int(ada.http.get("/quotas").json()["items"][0]["used"])


def test_the_bytes_of_a_deleted_dataset_go_after_their_time(join: Any, served: Served) -> None:
    ada, eve = join(), join()
    dataset, other = uploaded(ada), uploaded(eve)
    ada.http.delete(f"/datasets/{dataset}")
    assert purge(served, ada, 29) == {}
    assert (folder(served, ada) / "uploads" / dataset).is_dir() and used(ada) == len(CSV)
    assert purge(served, ada, 31) == {"datasets": 1}
    assert not (folder(served, ada) / "uploads" / dataset).exists() and used(ada) == 0
    assert purge(served, ada, 31) == {}, "once"
    assert [each["id"] for each in ada.http.get("/datasets?deleted=true").json()["items"]] == [dataset]
    assert eve.http.get(f"/datasets/{other}/preview").status_code == 200
    assert "purge-dataset" in ada.http.get("/audit").text
    assert ada.http.get("/audit/verify").json()["intact"]


def test_an_organisation_keeps_things_as_long_as_it_says(join: Any, served: Served) -> None:
    ada = join()
    told = ada.http.get("/retention").json()
    assert told == {"deleted": 30, "unfinished": 7, "uploads": None, "artifacts": None, "runs": None}
    dataset = uploaded(ada)
    assert purge(served, ada, 3650) == {}
    assert ada.http.put("/retention", json={"uploads": 10, "deleted": 0}).json()["uploads"] == 10
    assert purge(served, ada, 9) == {}
    assert purge(served, ada, 11) == {"uploads": 1}
    assert ada.http.get(f"/datasets/{dataset}").status_code == 404
    assert ada.http.put("/retention", json={}).json() == told
    assert ada.http.put("/retention", json={"uploads": -1}).status_code == 422
    assert join(ada, "member").http.put("/retention", json={}).status_code == 403


def test_an_upload_that_nobody_ends_is_given_up(join: Any, served: Served) -> None:
    ada = join()
    upload = ada.http.post("/uploads", json={"name": "x", "size": len(CSV)}).json()
    ada.http.put(f"/uploads/{upload['id']}/parts/1", content=CSV)
    assert used(ada) == len(CSV)
    assert purge(served, ada, 8) == {"unfinished": 1}
    assert ada.http.get(f"/uploads/{upload['id']}").status_code == 404
    assert (used(ada), list(folder(served, ada).rglob("*.*"))) == (0, [])


def test_files_of_a_run_that_were_sent_in_part_go_too(join: Any, served: Served, tmp_path: Path) -> None:
    ada = join()
    path = report(ada, run_here(tmp_path, "a\n1\n", "name: x\nsteps: []\n"))
    assert ada.http.put(f"{path}/files/changes.parquet", content=b"half").status_code == 204
    assert purge(served, ada, 6) == {}
    assert [each.read_bytes() for each in (folder(served, ada) / "sending").rglob("*.0*")] == [b"half"]
    assert purge(served, ada, 8) == {"unfinished": 1}
    assert [each for each in (folder(served, ada) / "sending").rglob("*") if each.is_file()] == []


def a_run(served: Served, ada: Any, run: uuid.UUID) -> None:
    """A run whose files are in the registry's store."""
    key = run_key(organisation(ada), run)
    with store_of(served.settings).write(f"{key}/run.json") as file:
        file.write(b"{}")
    with psycopg.connect(served.database) as connection:
        connection.execute(
            "INSERT INTO runs (organisation_id, id, started_at, seconds, status, dataset, engine, recipe_name, recipe_version,"
            " recipe_digest, rows_in, rows_out, rows_removed, rows_rejected, cells_changed, record, record_digest, reported_by,"
            " files_key) VALUES (%s, %s, now(), 1, 'passed', 'x', 'duckdb', 'x', 1, 'x', 0, 0, 0, 0, 0, '{}', 'x', %s, %s)",
            [organisation(ada), run, uuid.UUID(ada.me["id"]), key],
        )


def test_files_of_runs_go_first_and_then_the_runs(join: Any, served: Served) -> None:
    ada, run = join(), uuid.uuid4()
    a_run(served, ada, run)
    ada.http.put("/retention", json={"artifacts": 10, "runs": 20})
    assert purge(served, ada, 9) == {}
    assert purge(served, ada, 11) == {"artifacts": 1}
    assert not (folder(served, ada) / "runs" / str(run)).exists()
    assert ada.http.get(f"/runs/{run}").status_code == 200
    assert purge(served, ada, 21) == {"runs": 1}
    assert ada.http.get(f"/runs/{run}").status_code == 404


def test_commands_for_whoever_runs_a_registry(join: Any, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = join()
    dataset = uploaded(ada)
    ada.http.put("/retention", json={"deleted": 0})
    ada.http.delete(f"/datasets/{dataset}")
    monkeypatch.setenv("DATABASE_URL", served.database)
    monkeypatch.setenv("SANITIZER_HOME", str(served.settings.home))
    done = CliRunner().invoke(registry_commands, ["purge"], catch_exceptions=False)
    assert done.exit_code == 0 and json.loads(done.stdout)["datasets"] >= 1
    assert not (served.settings.home / "files" / upload_key(organisation(ada), uuid.UUID(dataset))).exists()
    for word, allowed in (("5", 5), ("unlimited", None), ("7", 7), ("default", None)):
        asked = ["quota", str(organisation(ada)), "jobs", word]
        assert CliRunner().invoke(registry_commands, asked, catch_exceptions=False).exit_code == 0
        assert ada.http.get("/quotas").json()["items"][1]["allowed"] == allowed
    wrong = CliRunner().invoke(registry_commands, ["quota", str(uuid.uuid4()), "jobs", "5"])
    assert "there is no organisation" in str(wrong.exception)
    assert "is no amount" in str(
        CliRunner().invoke(registry_commands, ["quota", str(uuid.uuid4()), "jobs", "-"]).exception
    )


def test_the_command_line_finds_them() -> None:
    from importlib.metadata import EntryPoint

    from sanitizer_core.cli.app import _loaded

    loaded = _loaded(EntryPoint("registry", "sanitizer_api.upkeep:registry_commands", "sanitizer.commands"))
    assert sorted(loaded.commands) == ["purge", "quota"]
