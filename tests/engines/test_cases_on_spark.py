"""Every case of every operation on a real Spark, and the laws with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from case_runner import Case, all_cases, check
from sanitizer_core.engines.spark import SparkEngine

pytestmark = [pytest.mark.spark, pytest.mark.slow]


@pytest.fixture
def engine(spark: SparkEngine) -> Iterator[SparkEngine]:
    yield spark
    spark.clear()


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of masked columns."""
    monkeypatch.setenv("SANITIZER_KEY", "a key for tests, not a secret")


@pytest.mark.parametrize("case", list(all_cases()), ids=str)
def test_case_on_spark(case: Case, engine: SparkEngine) -> None:
    check(case, engine)
