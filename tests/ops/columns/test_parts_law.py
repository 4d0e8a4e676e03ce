"""Split parts are those of a plain Python program, and merged again they are the text that was split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_runner import put, run_case
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.recipe import Recipe

cells = st.lists(st.one_of(st.none(), st.text("ab,; 1", max_size=8)), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open(threads=1) as opened:
        yield opened


def run(engine: DuckDBEngine, values: list[str | None], *steps: Mapping[str, object]) -> list[tuple[object, ...]]:
    schema = put(engine, "source", {"a": values}, {})
    return run_case(engine, Recipe.model_validate({"name": "parts", "steps": list(steps)}), schema).rows


def padded(parts: list[str], count: int) -> tuple[str | None, ...]:
    return tuple((*parts, *[None] * count)[:count])


@given(values=cells, count=st.integers(1, 4), at_pattern=st.booleans(), rest=st.sampled_from(["last", "drop"]))
def test_parts_are_those_of_python(
    values: list[str | None], count: int, at_pattern: bool, rest: str, engine: DuckDBEngine
) -> None:
    where = {"pattern": "[,]"} if at_pattern else {"separator": ","}
    into = [f"p{number}" for number in range(count)]
    split = {"op": "split_column", "params": {"column": "a", "into": into, "rest": rest, "strip": False, **where}}
    limit = count - 1 if rest == "last" else -1
    expected = [padded(value.split(",", limit), count) if value is not None else (None,) * count for value in values]
    assert run(engine, values, split) == expected


@given(values=cells, count=st.integers(2, 4))
def test_merging_undoes_splitting(values: list[str | None], count: int, engine: DuckDBEngine) -> None:
    into = [f"p{number}" for number in range(count)]
    split = {"op": "split_column", "params": {"column": "a", "into": into, "separator": ",", "strip": False}}
    merge = {"op": "merge_columns", "params": {"columns": into, "into": "a", "separator": ","}}
    assert run(engine, values, split, merge) == [(value,) for value in values]
