"""One statement says what a check by check_contract finds: every count, and every failing row with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import psycopg
import pytest
from sqlglot import exp

from contract.held import load
from contract.tables import JUDGED
from sanitizer_core.contract import Contract, Verdict, check_contract
from sanitizer_core.contract.statements import contract_counts_query, contract_query
from sanitizer_core.schema import Schema, from_duckdb

Rows = list[tuple[Any, ...]]
TYPES = {"DOUBLE": "DOUBLE PRECISION", "VARCHAR": "TEXT"}


@pytest.fixture
def orders(postgres: str) -> Iterator[psycopg.Connection[Any]]:
    """A session of Postgres in which table names are the session's own."""
    with psycopg.connect(postgres) as session:
        yield session
        session.rollback()


def schema_of(name: str) -> Schema:
    columns, _, _ = JUDGED[name]
    return Schema.of((column, from_duckdb(kind)) for column, (kind, _) in columns.items())


def contract_of(name: str) -> Contract:
    _, schema, parts = JUDGED[name]
    return Contract.from_data({"contract": "test", "schema": schema} | parts)


def by_statement(name: str, ask: Any, dialect: str) -> tuple[Rows, Rows]:
    contract, schema = contract_of(name), schema_of(name)
    counted = ask(contract_counts_query(contract, schema, "data", dialect).sql(dialect))
    failing = ask(contract_query(contract, schema, "data", dialect, broken_only=False).sql(dialect))
    return counted, failing


def on_duckdb(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[Rows, Rows, Verdict]:
    load(connection, JUDGED[name][0])
    verdict = check_contract(connection, "data", contract_of(name))
    return *by_statement(name, lambda text: connection.execute(text).fetchall(), "duckdb"), verdict


def comparable(rows: Rows) -> list[str]:
    return sorted(
        repr(tuple(float(cell) if isinstance(cell, int | float) else str(cell) for cell in row)) for row in rows
    )


@pytest.mark.parametrize("name", JUDGED)
def test_a_statement_says_what_a_check_finds(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    counted, failing, verdict = on_duckdb(connection, name)
    assert [row[:1] + row[3:] for row in counted[: len(verdict.checks)]] == [
        (check.id, check.checked, check.failed, check.passed) for check in verdict.checks
    ]
    assert [row[0] for row in counted[len(verdict.checks) :]] == [finding.check for finding in verdict.findings]
    rows = connection.execute(f"SELECT reasons, columns, severity FROM {verdict.failing_view}").fetchall()
    of_rows = [("; ".join(reasons), "; ".join(columns), severity) for reasons, columns, severity in rows]
    of_table = [f"{each.check}: {each.message}" for each in verdict.findings] + [
        f"{each.id}: {each.description}" for each in verdict.checks if each.scope == "whole" and not each.passed
    ]
    assert sorted(row[-3] for row in failing) == sorted([reasons for reasons, _, _ in of_rows] + of_table)
    assert sorted(of_rows) == sorted(row[-3:] for row in failing if row[-3] not in of_table)


@pytest.mark.parametrize("name", JUDGED)
def test_postgres_judges_as_duckdb_does(
    connection: duckdb.DuckDBPyConnection, orders: psycopg.Connection[Any], name: str
) -> None:
    counted, failing, _ = on_duckdb(connection, name)
    columns, _, _ = JUDGED[name]
    told = ", ".join(
        f"{exp.to_identifier(each, quoted=True).sql('postgres')} {TYPES.get(kind, kind)}"
        for each, (kind, _) in columns.items()
    )
    orders.execute(f"CREATE TEMPORARY TABLE data ({told})")
    for cells in zip(*(cells for _, cells in columns.values()), strict=True):
        orders.execute(f"INSERT INTO data VALUES ({', '.join(['%s'] * len(cells))})", cells)
    found = by_statement(name, lambda text: orders.execute(text.encode()).fetchall(), "postgres")
    assert comparable(found[0]) == comparable(counted)
    assert comparable(found[1]) == comparable(failing)
