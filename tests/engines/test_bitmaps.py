"""Rows that went are found by bitmaps, also where one bitmap is not enough for all rows."""

from __future__ import annotations

import pytest
from sqlglot import exp

from sanitizer_core.chain import Relation, unmarked
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.plan import ROW
from sanitizer_core.sql import column


@pytest.mark.parametrize("bits", [1, 7, 64, 1000])
@pytest.mark.parametrize("rows", [0, 1, 63, 64, 200])
def test_the_rows_that_went_are_told_from_those_that_stay(
    bits: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sanitizer_core.chain.BITS", bits)
    monkeypatch.setattr("sanitizer_core.engines.duckdb.BITS", bits)
    with DuckDBEngine.open() as engine:
        numbers = exp.Table(this=exp.Anonymous(this="range", expressions=[exp.Literal.number(rows)]))
        engine.number("input", exp.select(exp.column("range").as_("i")).from_(numbers))
        gone = exp.select(column(ROW)).from_("input").where("i % 7 = 6")
        engine.create(Relation("gone_1_1", gone, stored=True, marks=True))
        every = exp.select("i").from_("input")
        found = [row[0] for row in engine.fetch(every.where(unmarked("gone_1_1", engine.rows)))]
    assert found == [i for i in range(rows) if i % 7 != 6]
