"""Every portable function gives the same cells on a real Spark as on DuckDB, over values that engines disagree about."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp

from parity import OnDuckDB, comparable
from probes import LEFT_OUT, PROBES, Probe
from sanitizer_core.engines.spark import SparkEngine
from sanitizer_core.sql import column, lower

pytestmark = [pytest.mark.spark, pytest.mark.slow]

_SHOWN = 12

CAST_BY_CALLERS = frozenset({"ceil", "floor", "trunc"})
"""Of decimals their scale is another one, until whoever calls them casts to the type it wants."""

BEYOND = {
    "cast_decimal exponents": "exponents of five digits, which no pattern lets through",
    "same_number": "texts that are no number, or none; nobody asks about those",
    "read_instant %Y-%m-%dT": "instants of the year 0, which whoever reads them leaves out",
}
"""Probes with values that never come there."""


@pytest.fixture(scope="module")
def reference() -> OnDuckDB:
    return OnDuckDB()


def alike(function: str, ours: Any, theirs: Any) -> bool:
    if function in CAST_BY_CALLERS and isinstance(ours, Decimal):
        return bool(ours == theirs)
    return bool(comparable(ours) == comparable(theirs))


@pytest.mark.parametrize("probe", [each for each in PROBES if each.function not in LEFT_OUT["spark"]], ids=str)
def test_a_function_gives_the_same_cells_on_spark(
    probe: Probe, spark: SparkEngine, reference: OnDuckDB, tmp_path: Path
) -> None:
    reason = next((why for name, why in BEYOND.items() if str(probe).startswith(name)), None)
    if reason is not None:
        pytest.skip(reason)
    rows = probe.rows()
    expected = reference.evaluate(probe.kinds, rows, [probe.tree()])
    reference.connection.execute(f"COPY probe TO '{tmp_path}/probe.parquet'")
    spark.view("probe", spark.session.read.parquet(f"{tmp_path}/probe.parquet"))
    spark.hand_over("PARITY_KEY", "0123456789abcdef")
    query = exp.select(exp.alias_(lower(probe.tree(), "spark"), "result")).from_("probe").order_by(column("@number"))
    apart = [
        f"{row!r:.200}: {ours!r:.200} for {theirs!r:.200}"
        for row, (theirs,), (ours,) in zip(rows, expected, spark.fetch(query), strict=True)
        if not alike(probe.function, ours, theirs)
    ]
    assert not apart, f"{len(apart)} of {len(rows)} rows:\n" + "\n".join(islice(apart, _SHOWN))
