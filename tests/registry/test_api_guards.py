"""What holds for every route, and what Postgres itself holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import create_engine

from registry.served import Served, serving
from sanitizer_api.db import migrating
from sanitizer_api.db.engine import url_of
from sanitizer_api.tables import METADATA


def test_postgres_itself_shows_an_organisation_its_own_rows_only(join: Any, served: Served) -> None:
    ada, eve = join(), join()
    ada.http.post("/recipes", json={"text": "name: secret\nsteps: []"})
    with psycopg.connect(served.database) as connection:
        connection.execute("SET ROLE sanitizer_app")

        def seen(organisation: str) -> list[Any]:
            connection.execute("SELECT set_config('sanitizer.organisation', %s, false)", [organisation])
            return connection.execute("SELECT name FROM definitions WHERE name = 'secret'").fetchall()

        assert seen(ada.me["organisation"]["id"]) == [("secret",)]
        assert seen(eve.me["organisation"]["id"]) == []
        assert seen("") == []
        connection.execute("SELECT set_config('sanitizer.organisation', %s, false)", [eve.me["organisation"]["id"]])
        stolen = (
            "INSERT INTO definitions (id, organisation_id, kind, name) VALUES (gen_random_uuid(), %s, 'recipe', 'x')"
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(stolen, [ada.me["organisation"]["id"]])


def test_every_table_that_is_owned_is_guarded(served: Served) -> None:
    owned = {table.name for table in METADATA.sorted_tables if "organisation_id" in table.columns}
    with psycopg.connect(served.database) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        ).fetchall()
    assert {row[0] for row in rows} == owned


def test_who_did_what_is_kept_and_cannot_be_changed(join: Any, served: Served) -> None:
    ada = join()
    ada.http.post("/recipes", json={"text": "name: x\nsteps: []"})
    entries = ada.http.get("/audit").json()["items"]
    assert [each["action"] for each in entries] == ["publish", "register"]
    assert ada.http.get("/audit/verify").json() == {"entries": 2, "intact": True, "broken_at": None}
    with psycopg.connect(served.database) as connection:
        for change in ("UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"):
            with pytest.raises(psycopg.errors.RaiseException, match="never changed"), connection.transaction():
                connection.execute(change)
        connection.execute("ALTER TABLE audit_entries DISABLE TRIGGER never_changed")
        connection.execute(
            "UPDATE audit_entries SET details = '{\"role\": \"viewer\"}' WHERE action = 'register' AND organisation_id = %s",
            [ada.me["organisation"]["id"]],
        )
        connection.execute("ALTER TABLE audit_entries ENABLE TRIGGER never_changed")
    assert ada.http.get("/audit/verify").json() == {"entries": 2, "intact": False, "broken_at": 1}


def test_migrations_and_tables_agree_up_and_down(postgres: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    address = f"postgresql://postgres:@/migrated?{postgres.partition('?')[2]}"
    engine = create_engine(url_of(address))
    for _ in range(2):
        migrating.migrate(address)
        with engine.connect() as opened:
            context = MigrationContext.configure(opened, opts={"compare_type": True})
            assert compare_metadata(context, METADATA) == []
        migrating.unmigrate(address)
        with psycopg.connect(address) as connection:
            left = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert left == [("alembic_version",)]
    engine.dispose()


def test_a_body_that_is_too_large_is_refused(api_database: str, tmp_path: Path) -> None:
    from sanitizer_api.settings import Settings

    with serving(Settings(home=tmp_path, body_limit=1000), api_database) as address:
        login = f"{address}/api/v1/auth/login"
        said = httpx.post(login, content=b"x" * 2000)
        streamed = httpx.post(login, content=iter([b"x" * 600, b"x" * 600]))
    assert [said.status_code, streamed.status_code] == [413, 413]
    assert said.headers["content-type"] == "application/problem+json"


def test_an_answer_names_its_request(served: Served) -> None:
    given = httpx.get(f"{served.address}/api/v1/me", headers={"X-Request-Id": "abc-123"})
    made = httpx.get(f"{served.address}/nowhere", headers={"X-Request-Id": "no good"})
    assert given.headers["x-request-id"] == given.json()["request_id"] == "abc-123"
    assert len(made.headers["x-request-id"]) == 32
    assert made.status_code == 404 and made.headers["content-type"] == "application/problem+json"


def test_health_and_figures(served: Served) -> None:
    assert httpx.get(f"{served.address}/health/live").json() == {"status": "alive"}
    assert httpx.get(f"{served.address}/health/ready").json() == {"status": "ready"}
    text = httpx.get(f"{served.address}/metrics").text
    assert 'sanitizer_requests_total{method="GET",route="/health/ready",status="200"}' in text


def test_the_catalogue_has_every_operation(join: Any) -> None:
    from sanitizer_core.ops import catalogue

    ada = join()
    listed = ada.http.get("/ops").json()
    assert {each["name"] for each in listed} == set(catalogue())
    assert ada.http.get("/ops/clean_text").json()["params"]["properties"]["cols"]
    assert "clean_text" in ada.http.get("/ops/clean_txt").json()["hint"]
