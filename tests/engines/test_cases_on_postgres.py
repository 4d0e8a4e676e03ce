"""Every case of every operation on PostgreSQL, and the laws with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from case_runner import Case, all_cases, check
from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import parse_address


@pytest.fixture(scope="module")
def engine(postgres: str) -> Iterator[PostgresEngine]:
    with PostgresEngine.open(parse_address(postgres, SourceError)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of masked columns."""
    monkeypatch.setenv("SANITIZER_KEY", "a key for tests, not a secret")


@pytest.mark.parametrize("case", list(all_cases()), ids=str)
def test_case(case: Case, engine: PostgresEngine) -> None:
    check(case, engine)
