"""Every engine judges as DuckDB does: in a run, and by one statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlglot import exp

from contract.elsewhere import put, schema_of
from contract.tables import JUDGED
from sanitizer_core.contract import (
    Contract,
    Verdict,
    check_relation,
    contract_counts_query,
    contract_query,
)
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.engines.protocol import Engine
from sanitizer_core.errors import CompileError, SourceError
from sanitizer_core.plan import ROW
from sanitizer_core.sources.address import parse_address
from sanitizer_core.sql import column

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def duckdb_engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine.open() as opened:
        yield opened


ON_SPARK = pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.slow])


@pytest.fixture(scope="module", params=["postgres", ON_SPARK])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine that is not DuckDB."""
    if request.param == "spark":
        yield request.getfixturevalue("spark")
        return
    with PostgresEngine.open(parse_address(request.getfixturevalue("postgres"), SourceError)) as opened:
        yield opened


def contract_of(name: str) -> Contract:
    _, schema, parts = JUDGED[name]
    return Contract.from_data({"contract": "test", "schema": schema} | parts)


def by_statement(name: str, engine: Engine) -> tuple[Rows, Rows]:
    contract, schema = contract_of(name), schema_of(JUDGED[name][0])
    counted = engine.fetch(contract_counts_query(contract, schema, "data", engine.dialect))
    return counted, engine.fetch(contract_query(contract, schema, "data", engine.dialect, broken_only=False))


def in_run(name: str, engine: Engine) -> tuple[Verdict, Rows]:
    verdict = check_relation(engine, "data", contract_of(name), ROW)
    failing = exp.select("*").from_(exp.to_identifier(verdict.failing_view, quoted=True)).order_by(column("row"))
    return verdict, engine.fetch(failing)


def comparable(rows: Rows) -> list[str]:
    """Rows in an order of their own, with numbers and texts written as one."""
    return sorted(repr([float(cell) if isinstance(cell, int | float) else str(cell) for cell in row]) for row in rows)


@pytest.mark.parametrize("name", JUDGED)
def test_a_statement_says_what_a_check_finds(duckdb_engine: DuckDBEngine, name: str) -> None:
    put(duckdb_engine, JUDGED[name][0])
    counted, failing = by_statement(name, duckdb_engine)
    verdict, rows = in_run(name, duckdb_engine)
    assert [row[:1] + row[3:] for row in counted[: len(verdict.checks)]] == [
        (check.id, check.checked, check.failed, check.passed) for check in verdict.checks
    ]
    assert [row[0] for row in counted[len(verdict.checks) :]] == [finding.check for finding in verdict.findings]
    of_rows = [("; ".join(reasons), "; ".join(columns), severity) for _, reasons, columns, severity in rows]
    of_table = [f"{each.check}: {each.message}" for each in verdict.findings] + [
        f"{each.id}: {each.description}" for each in verdict.checks if each.scope == "whole" and not each.passed
    ]
    assert sorted(row[-3] for row in failing) == sorted([reasons for reasons, _, _ in of_rows] + of_table)
    assert sorted(of_rows) == sorted(row[-3:] for row in failing if row[-3] not in of_table)


@pytest.mark.parametrize("name", JUDGED)
def test_every_engine_judges_alike(duckdb_engine: DuckDBEngine, elsewhere: Engine, name: str) -> None:
    for engine in (duckdb_engine, elsewhere):
        put(engine, JUDGED[name][0])
    expected, found = by_statement(name, duckdb_engine), by_statement(name, elsewhere)
    assert comparable(found[0]) == comparable(expected[0])
    assert comparable(found[1]) == comparable(expected[1])
    (verdict, rows), (there, there_rows) = in_run(name, duckdb_engine), in_run(name, elsewhere)
    assert there_rows == rows
    assert (there.checks, there.rows, there.rows_failed, there.status) == (
        verdict.checks,
        verdict.rows,
        verdict.rows_failed,
        verdict.status,
    )
    assert there.cells_failed_per_column == verdict.cells_failed_per_column


FIRST_STAYS = {"columns": {"a": {"unique": True, "report_duplicates": "exclude_first"}}}


def test_the_first_of_several_needs_an_order(elsewhere: Engine) -> None:
    columns = {"a": ("BIGINT", [7, 7, 8, 7]), "number": ("BIGINT", [3, 2, 1, 4])}
    put(elsewhere, columns)
    contract, schema = Contract.from_data({"contract": "test", "schema": FIRST_STAYS}), schema_of(columns)
    with pytest.raises(CompileError, match=r"cannot say the check 'a.unique'.* order"):
        check_relation(elsewhere, "data", contract, ROW, ordered=False)
    with pytest.raises(CompileError, match=r"cannot say the check 'a.unique'.* order"):
        contract_query(contract, schema, "data", elsewhere.dialect)
    assert [row[0] for row in in_order(elsewhere, contract)] == [1, 3]
    query = contract_query(contract, schema, "data", elsewhere.dialect, order=["number"])
    assert sorted(row[1] for row in elsewhere.fetch(query)) == [3, 4]


def in_order(engine: Engine, contract: Contract) -> Rows:
    verdict = check_relation(engine, "data", contract, ROW)
    return engine.fetch(
        exp.select("*").from_(exp.to_identifier(verdict.failing_view, quoted=True)).order_by(column("row"))
    )


def test_rows_within_a_threshold_are_left_out(duckdb_engine: DuckDBEngine) -> None:
    name = "within thresholds"
    put(duckdb_engine, JUDGED[name][0])
    query = contract_query(contract_of(name), schema_of(JUDGED[name][0]), "data", "duckdb")
    verdict = check_relation(duckdb_engine, "data", contract_of(name), ROW)
    assert {check.id for check in verdict.checks if not check.passed} == {"b.unique"}
    assert [row[-3] for row in duckdb_engine.fetch(query)] == ["b.unique: b must be unique"] * 3


def test_what_only_pandera_can_do_is_refused_elsewhere(elsewhere: Engine) -> None:
    put(elsewhere, {"a": ("VARCHAR", ["x"])})
    contract = Contract.from_data({"contract": "test", "schema": {"columns": {"a": {"str_matches": "(?=x)x"}}}})
    with pytest.raises(CompileError, match=r"cannot say the check 'a\.str_matches'"):
        check_relation(elsewhere, "data", contract, ROW)
