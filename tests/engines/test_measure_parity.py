"""Every measure of a column gives on Postgres what it gives on DuckDB."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from awkward import KINDS
from parity import OnDuckDB, OnPostgres
from sanitizer_core.schema import DataType
from sanitizer_core.sql import column
from sanitizer_core.sql.measures import measure, settled

_RANDOM = random.Random(7)
_NUMBERS: dict[str, tuple[DataType, Sequence[Any]]] = {
    "floats": (
        KINDS["float"][0],
        [_RANDOM.gauss(1e6, 3) for _ in range(500)] + [None, math.nan, math.inf, -math.inf, 0.1, -0.0],
    ),
    "floats around 0": (
        KINDS["float"][0],
        [sign * _RANDOM.random() * 1e9 for sign in (1, -1) for _ in range(99)] + [None],
    ),
    "equal floats": (KINDS["float"][0], [0.1] * 7),
    "integers": (KINDS["integer"][0], [_RANDOM.randint(-(10**6), 10**6) for _ in range(500)] + [None]),
    "large integers": (KINDS["integer"][0], [2**53, 2**53 + 1, 2**62, -(2**62), None]),
    "decimals": (KINDS["decimal"][0], [Decimal(_RANDOM.randint(-9999, 9999)) / 100 for _ in range(99)] + [None]),
    "one": (KINDS["float"][0], [2.5]),
    "none": (KINDS["float"][0], [None, math.nan]),
    "no integers": (KINDS["integer"][0], [None]),
}
_OTHERS: dict[str, tuple[DataType, Sequence[Any]]] = {
    "texts": (KINDS["text"][0], ["b", "B", "é", "z", "", "Z", "😀", "\uffff", None]),
    "dates": (KINDS["date"][0], [dt.date(2024, 2, 29), dt.date(1, 1, 1), None]),
    "instants": KINDS["timestamptz"],
}
_ASKED = [
    *(
        (name, measured, None)
        for name in _NUMBERS
        for measured in ("rows", "count", "min", "max", "mean", "stddev", "mad")
    ),
    *((name, "quantiles", (0.0, 0.01, 0.25, 0.5, 0.755, 1.0)) for name in _NUMBERS),
    *((name, measured, None) for name in _OTHERS for measured in ("count", "min", "max")),
    ("texts", "matches", "^[a-z]$"),
]


@pytest.fixture(scope="module")
def engines(postgres: str) -> Iterator[tuple[OnDuckDB, OnPostgres]]:
    with psycopg.connect(postgres, autocommit=True) as connection:
        yield OnDuckDB(), OnPostgres(connection)


@pytest.mark.parametrize(("name", "measured", "argument"), _ASKED, ids=lambda each: str(each)[:30])
def test_a_measure(name: str, measured: str, argument: Any, engines: tuple[OnDuckDB, OnPostgres]) -> None:
    kind, values = (_NUMBERS | _OTHERS)[name]
    found = []
    for engine in engines:
        rows = [(value,) for value in values]
        tree = measure(measured, column("c0"), argument, engine.dialect, kind)
        [[got]] = engine.aggregate({"c0": kind}, rows, tree)
        found.append(_told(measured, got))
    assert found[0] == found[1]


def _told(measured: str, got: Any) -> Any:
    if measured == "quantiles" and got is not None:
        return [settled("quantile", each) for each in got]
    return settled(measured, got)
