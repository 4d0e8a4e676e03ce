"""Every case of every operation on a real Spark, and the laws with it: all for one case of each operation, one or two for the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from case_runner import Case, all_cases, check, of_each
from sanitizer_core.engines.spark import SparkEngine

pytestmark = [pytest.mark.spark, pytest.mark.slow]


@pytest.fixture
def engine(quick_spark: SparkEngine) -> Iterator[SparkEngine]:
    engine = SparkEngine(quick_spark.session)
    yield engine
    engine.clear()


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of masked columns."""
    monkeypatch.setenv("SANITIZER_KEY", "a key for tests, not a secret")


_WITH_LAWS, _EXPLAINED = of_each(0), of_each(1)


@pytest.mark.parametrize("case", list(all_cases()), ids=str)
def test_case_on_spark(case: Case, engine: SparkEngine) -> None:
    check(case, engine, laws=str(case) in _WITH_LAWS, explained=str(case) in _EXPLAINED)
