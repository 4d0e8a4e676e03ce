"""Every case of every operation on PostgreSQL, the newest and an older one, and the laws with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from case_runner import Case, all_cases, check, of_each
from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import parse_address


@contextmanager
def opened(address: str) -> Iterator[PostgresEngine]:
    with PostgresEngine.open(parse_address(address, SourceError)) as engine:
        yield engine


@pytest.fixture(scope="module")
def engine(postgres: str) -> Iterator[PostgresEngine]:
    with opened(postgres) as engine:
        yield engine


@pytest.fixture(scope="module")
def older_engine(older_postgres: str) -> Iterator[PostgresEngine]:
    with opened(older_postgres) as engine:
        yield engine


_WITH_LAWS = of_each(0)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of masked columns."""
    monkeypatch.setenv("SANITIZER_KEY", "a key for tests, not a secret")


@pytest.mark.parametrize("case", list(all_cases()), ids=str)
def test_case(case: Case, engine: PostgresEngine) -> None:
    check(case, engine)


@pytest.mark.parametrize("case", list(all_cases()), ids=str)
def test_case_on_an_older_version(case: Case, older_engine: PostgresEngine) -> None:
    check(case, older_engine, laws=str(case) in _WITH_LAWS)
