"""A contract proposed from a table: it holds there, says little, and is Pandera's YAML as well."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.generated import cases, pandera_schema
from sanitizer_core.contract import Contract, check_contract, infer_contract
from sanitizer_core.contract.outward import outward
from sanitizer_core.schema import Schema, from_duckdb

THINGS = """
CREATE TABLE things AS SELECT
    i AS id, 'user' || i || '@mail.org' AS email, ['new', 'paid'][1 + i % 2] AS status, CAST(i % 73 AS VARCHAR) AS age,
    (i % 7) / 3.0::DOUBLE AS score, 'AB-' || lpad(CAST(i * 7919 % 100000 AS VARCHAR), 5, '0') AS code,
    CASE WHEN i % 9 > 0 THEN '2024-01-' || lpad(CAST(1 + i % 28 AS VARCHAR), 2, '0') END AS seen, i % 2 = 0 AS ok,
    lpad(CAST(i % 100 AS VARCHAR), 5, '0') AS zip, 'text ' || repeat('x', i % 90) AS note, [i] AS list, CAST(-i AS BIGINT) % 50 AS low,
    CAST(i % 50 AS DECIMAL(10, 2)) AS price, CAST(NULL AS VARCHAR) AS empty, CASE WHEN i < 5 THEN 'few' END AS rare
FROM range(1000) r(i)
"""

PROPOSED = {
    "id": {"dtype": "Int64", "coerce": True, "unique": True, "greater_than_or_equal_to": 0},
    "email": {"dtype": "str", "unique": True, "str_matches": r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"},
    "status": {"dtype": "str", "isin": ["new", "paid"]},
    "age": {"dtype": "Int64", "coerce": True, "in_range": {"min_value": 0, "max_value": 100}},
    "score": {"dtype": "float64", "coerce": True, "in_range": {"min_value": 0, "max_value": 2}},
    "code": {"dtype": "str", "unique": True, "str_matches": "^[A-Z]{2}-[0-9]{5}$"},
    "seen": {"dtype": "datetime64[ns]", "coerce": True, "nullable": True},
    "ok": {"dtype": "boolean", "coerce": True},
    "zip": {"dtype": "str", "str_matches": "^[0-9]{5}$"},
    "note": {"dtype": "str", "str_length": {"min_value": 1, "max_value": 100}},
    "list": {},
    "low": {"dtype": "Int64", "coerce": True, "in_range": {"min_value": -50, "max_value": 0}},
    "price": {"dtype": "Decimal(10, 2)", "coerce": True, "in_range": {"min_value": 0, "max_value": 50}},
    "empty": {"dtype": "str", "nullable": True},
    "rare": {"dtype": "str", "nullable": True},
}


def proposed(connection: duckdb.DuckDBPyConnection, table: str) -> Contract:
    result = connection.execute(f'SELECT * FROM "{table}" LIMIT 0')
    schema = Schema.of((str(each[0]), from_duckdb(str(each[1]))) for each in result.description or [])
    result.fetchall()
    return infer_contract(connection, table, schema, "proposed")


def test_the_proposal_says_what_convinces_and_no_more(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(THINGS).fetchall()
    contract = proposed(connection, "things")
    assert contract.table is not None
    assert contract.table["columns"] == PROPOSED


def test_the_proposal_holds_for_the_table_and_for_its_text(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(THINGS).fetchall()
    contract = Contract.loads(proposed(connection, "things").dumps())
    assert check_contract(connection, "things", contract).status == "passed"
    connection.execute(
        "CREATE TABLE raw AS SELECT CAST(COLUMNS(* EXCLUDE list) AS VARCHAR), list FROM things"
    ).fetchall()
    assert check_contract(connection, "raw", contract).status == "passed"


def test_the_proposal_is_a_schema_for_pandera(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(THINGS).fetchall()
    schema = pandera_schema(proposed(connection, "things").table)
    assert list(schema.columns) == list(PROPOSED)


def test_an_empty_table_gives_its_columns_only(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE things (a VARCHAR, b BIGINT)").fetchall()
    contract = proposed(connection, "things")
    assert contract.table == {"columns": {"a": {"dtype": "str"}, "b": {"dtype": "Int64", "coerce": True}}}


def test_a_column_with_several_nulls_is_not_proposed_as_unique(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE faxes AS SELECT CASE WHEN range > 4 THEN 'f' || range END AS fax FROM range(100)")
    contract = proposed(connection, "faxes")
    assert "unique" not in str(contract.table)
    assert check_contract(connection, "faxes", contract).broken == ()


@given(cases())
def test_a_proposal_holds_for_any_table(case: tuple[object, object, object]) -> None:
    with duckdb.connect() as connection:
        connection.register("handed_over", case[1])
        connection.execute("CREATE TABLE data AS SELECT t.* FROM handed_over t, range(40)").fetchall()
        verdict = check_contract(connection, "data", proposed(connection, "data"))
    assert verdict.broken == ()


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(0, 0), (1, 1), (1.2, 2), (73, 100), (0.7, 1), (0.03, 0.05), (-130, -200), (5, 5), (5.1, 10), (1e20, 10**20)],
)
def test_numbers_are_rounded_away_from_zero(value: float, rounded: float) -> None:
    assert outward(value) == rounded


@given(st.floats(allow_nan=False))
def test_a_rounded_number_is_never_nearer_to_zero(value: float) -> None:
    assert abs(outward(value)) >= abs(value)


def test_integers_that_are_too_wide_are_not_called_narrow(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE wide AS SELECT 18446744073709551615::UBIGINT AS u, 2::UBIGINT AS small,"
        " -170141183460469231731687303715884105727::HUGEINT + range AS h, NULL::UBIGINT AS n FROM range(40)"
    ).fetchall()
    contract = proposed(connection, "wide")
    assert contract.table is not None
    found = {name: column.get("dtype") for name, column in contract.table["columns"].items()}
    assert found == {"u": "UInt64", "small": "Int64", "h": None, "n": "Int64"}
    assert check_contract(connection, "wide", contract).status == "passed"
