"""What an organisation uses of what it is allowed, also when many ask at once."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import psycopg
import pytest

from registry.served import Served
from sanitizer_api.db.engine import Database
from sanitizer_api.db.scope import Scope
from sanitizer_api.problems import document_of
from sanitizer_api.quotas.counting import QuotaError, Quotas, What
from sanitizer_api.settings import Settings

SETTINGS = Settings(storage_quota=100, jobs_quota=3, rows_quota=10)


def asked(served: Served, *calls: Any, settings: Settings = SETTINGS) -> list[Any]:
    """What each call of ``call(quotas)`` gave, each in a transaction of its own, all at once."""

    async def one(database: Database, organisation: uuid.UUID, call: Any) -> Any:
        async with database.session(Scope(organisation)) as session:
            return await call(Quotas(session, organisation, settings))

    async def every() -> list[Any]:
        database = Database.of(served.database, settings)
        tasks = [one(database, organisation, call) for organisation, call in calls]
        try:
            return await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            await database.close()

    return asyncio.run(every())


def organisation(somebody: Any) -> uuid.UUID:
    return uuid.UUID(somebody.me["organisation"]["id"])


def take(what: What, subject: str, amount: int, **more: Any) -> Any:
    return lambda quotas: quotas.take(what, subject, amount, **more)


def test_of_many_at_once_only_as_many_get_it_as_there_is(join: Any, served: Served) -> None:
    ada = organisation(join())
    got = asked(served, *((ada, take(What.JOBS, f"job:{number}", 1)) for number in range(8)))
    refused = [each for each in got if each is not None]
    assert len(refused) == 5
    assert all(isinstance(each, QuotaError) for each in refused)
    assert asked(served, (ada, lambda quotas: quotas.use(What.JOBS)))[0].used == 3


def test_a_subject_counts_once_and_what_is_given_back_can_be_had(join: Any, served: Served) -> None:
    ada = organisation(join())
    for amount in (60, 90, 100):
        assert asked(served, (ada, take(What.STORAGE, "upload:1", amount))) == [None]
    full = asked(served, (ada, take(What.STORAGE, "upload:2", 1)))[0]
    assert isinstance(full, QuotaError) and full.status == 413
    assert document_of(full).model_dump()["quota"] == {"what": "storage", "used": 100, "allowed": 100, "asked": 1}
    asked(served, (ada, lambda quotas: quotas.give_back(What.STORAGE, "upload:1")))
    assert asked(served, (ada, take(What.STORAGE, "upload:2", 1))) == [None]


def test_rows_count_for_their_day_and_those_that_were_cleaned_are_counted_in_any_case(
    join: Any, served: Served
) -> None:
    ada = organisation(join())
    asked(served, (ada, take(What.ROWS, "run:1", 8)), (ada, lambda quotas: quotas.check(What.ROWS)))
    refused = asked(served, (ada, take(What.ROWS, "run:2", 5)))[0]
    assert isinstance(refused, QuotaError) and refused.status == 429 and int(refused.headers["Retry-After"]) > 0
    assert asked(served, (ada, take(What.ROWS, "run:2", 5, refuse=False))) == [None]
    assert isinstance(asked(served, (ada, lambda quotas: quotas.check(What.ROWS)))[0], QuotaError)
    with psycopg.connect(served.database) as connection:
        connection.execute("UPDATE quota_uses SET created_at = created_at - interval '1 day'")
    assert asked(served, (ada, take(What.ROWS, "run:3", 10))) == [None]


def test_an_organisation_can_be_allowed_more_than_others_and_sees_what_it_uses(join: Any, served: Served) -> None:
    ada, eve = join(), join()
    with psycopg.connect(served.database) as connection:
        connection.execute(
            "INSERT INTO quotas (id, organisation_id, what, allowed) VALUES (gen_random_uuid(), %s, 'jobs', 5)",
            [organisation(ada)],
        )
    got = asked(served, *((organisation(ada), take(What.JOBS, f"job:{number}", 1)) for number in range(5)))
    assert got == [None] * 5
    assert ada.http.get("/quotas").json()["items"] == [
        {"what": "storage", "unit": "bytes", "used": 0, "allowed": None},
        {"what": "jobs", "unit": "jobs at once", "used": 5, "allowed": 5},
        {"what": "rows", "unit": "rows a day", "used": 0, "allowed": None},
    ]
    assert eve.http.get("/quotas").json()["items"][1] == {
        "what": "jobs", "unit": "jobs at once", "used": 0, "allowed": None
    }  # fmt: skip


def test_nobody_raises_their_own_quota(join: Any, served: Served) -> None:
    ada = organisation(join())
    with psycopg.connect(served.database) as connection:
        connection.execute("SET ROLE sanitizer_app")
        connection.execute("SELECT set_config('sanitizer.organisation', %s, false)", [str(ada)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO quotas (id, organisation_id, what) VALUES (gen_random_uuid(), %s, 'jobs')", [ada]
            )
