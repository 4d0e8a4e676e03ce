"""Contracts and scores of dialects that are compiled only: what is said parses and is built in, all else names its check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

from calls import calls
from contract.elsewhere import schema_of
from contract.tables import JUDGED
from sanitizer_core.contract import Contract, contract_counts_query, contract_query
from sanitizer_core.errors import CompileError
from sanitizer_core.quality import score_query
from sanitizer_core.schema import FLOAT, INTEGER, TEXT, Schema

BUILTINS = Path(__file__).parents[1] / "data" / "builtins"
FEWEST = {"snowflake": 16, "bigquery": 16, "redshift": 15, "databricks": 23, "trino": 16, "spark": 23, "postgres": 23}
"""How many of the tables each dialect can judge at least."""


def check(query: exp.Query, dialect: str) -> None:
    """Holds a statement against the dialect's grammar and its built-in functions."""
    text = query.sql(dialect)
    assert isinstance(sqlglot.parse_one(text, dialect=dialect, error_level=ErrorLevel.RAISE), exp.Query)
    known = set((BUILTINS / f"{dialect}.txt").read_text().split())
    assert not set(calls(text, dialect)) - known


@pytest.mark.parametrize("dialect", FEWEST)
def test_a_contract_is_said_in_the_dialect_or_refused_by_check(dialect: str) -> None:
    said, refused = 0, []
    for columns, schema, parts in JUDGED.values():
        contract = Contract.from_data({"contract": "test", "schema": schema} | parts)
        try:
            for make in (contract_query, contract_counts_query):
                check(make(contract, schema_of(columns), "data", dialect), dialect)
        except CompileError as error:
            refused.append(error)
        else:
            said += 1
    assert said >= FEWEST[dialect]
    by_check = re.compile(rf"{dialect} cannot say the check '\w+\.\w+': ")
    assert all(by_check.match(error.message) and error.hint for error in refused)


@pytest.mark.parametrize("dialect", FEWEST)
def test_a_score_is_said_in_the_dialect_or_refused(dialect: str) -> None:
    numbers = Schema.of([("a", INTEGER), ("select", FLOAT), ("the 'b'", FLOAT)])
    check(score_query(numbers, "data", dialect), dialect)
    texts = Schema.of([("a", TEXT), ("b", INTEGER)])
    if dialect == "redshift":
        with pytest.raises(CompileError, match="redshift cannot say a score: a pattern"):
            score_query(texts, "data", dialect)
        return
    check(score_query(texts, "data", dialect), dialect)


def test_bigquery_does_not_tell_rows_apart_by_floats() -> None:
    contract = Contract.from_data({"contract": "test", "schema": {"columns": {"a": {"unique": True}}}})
    with pytest.raises(CompileError, match=r"bigquery cannot say the check 'a\.unique'"):
        contract_query(contract, Schema.of([("a", FLOAT)]), "data", "bigquery")
