"""The page that says which check and which conversion of a contract each engine and dialect can say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generated.markdown import code, table
from sanitizer_core.contract import Contract, contract_counts_query
from sanitizer_core.errors import CompileError
from sanitizer_core.quality import score_query
from sanitizer_core.schema import Schema, from_duckdb
from sanitizer_core.sql.dialects import LOWERINGS

DIALECTS = ("duckdb", *LOWERINGS)

INTRODUCTION = """# Contracts and scores, by engine

Where a contract is held against a table that stays where it is (a run on Postgres or Spark, a dbt test), each check is
said in SQL. What an engine cannot say as DuckDB means it is refused when it is compiled, with the check and the engine.
`sanitizer check` runs on DuckDB, where all of it can be said, and Pandera makes what no SQL can say.

"""

NUMBER, TEXT, MOMENT = "BIGINT", "VARCHAR", "TIMESTAMP"
CHECKS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "`nullable`": (NUMBER, {}),
    "`unique`": (NUMBER, {"nullable": True, "unique": True}),
    "`unique`, of floats": ("DOUBLE", {"nullable": True, "unique": True}),
    "a narrower type (`int8`)": (NUMBER, {"nullable": True, "dtype": "int8"}),
    "`equal_to`, `not_equal_to`": (NUMBER, {"nullable": True, "equal_to": 1}),
    "`greater_than` and the like, `in_range`": (NUMBER, {"nullable": True, "in_range": {"min_value": 1, "max_value": 2}}),
    "the same, of floats": ("DOUBLE", {"nullable": True, "in_range": {"min_value": 1, "max_value": 2}}),
    "the same, of texts": (TEXT, {"nullable": True, "greater_than": "a"}),
    "the same, of times": (MOMENT, {"nullable": True, "greater_than": "2024-01-01 00:00:00"}),
    "`isin`, `notin`": (TEXT, {"nullable": True, "isin": ["a"]}),
    "`str_startswith`": (TEXT, {"nullable": True, "str_startswith": "a"}),
    "`str_endswith`": (TEXT, {"nullable": True, "str_endswith": "a"}),
    "`str_length`": (TEXT, {"nullable": True, "str_length": 3}),
    "`str_matches`, `str_contains`": (TEXT, {"nullable": True, "str_matches": "[a-z]+$"}),
    r"patterns with `\d`, `\w` or `\s`": (TEXT, {"nullable": True, "str_matches": r"\w+$"}),
    "patterns with look-around, back-references or `\\b`": (TEXT, {"nullable": True, "str_matches": r"(?=a)"}),
    "`unique_values_eq`": (NUMBER, {"nullable": True, "unique_values_eq": [1]}),
}  # fmt: skip

_TYPES = {
    "int64": "an integer", "float64": "a float", "Decimal(10, 2)": "a decimal", "bool": "a truth value",
    "datetime64[ns]": "a time", "datetime64[ns, UTC]": "an instant", "date": "a date",
}  # fmt: skip
CONVERSIONS: Mapping[str, tuple[str, str]] = {
    **{f"text as {name}": (TEXT, dtype) for dtype, name in _TYPES.items()},
    "a float as an integer": ("DOUBLE", "int64"),
    "a float as a decimal": ("DOUBLE", "Decimal(10, 2)"),
    "a decimal as one of fewer digits": ("DECIMAL(18,3)", "Decimal(10, 2)"),
    "an integer as a truth value": (NUMBER, "boolean"),
    "an integer, a decimal or a date as text": (NUMBER, "str"),
    "a float or a time as text": (MOMENT, "str"),
    "a time as an instant": (MOMENT, "datetime64[ns, UTC]"),
}

ORDER = """
`report_duplicates: exclude_first` and `exclude_last` need an order of the rows: `input.order` of a recipe, or the columns
that are named for the statement.

A [score](../scores.md) of:

"""


def pages() -> dict[str, str]:
    """The page by its name."""
    parts = (
        INTRODUCTION,
        _table("check", {name: _check(kind, asked) for name, (kind, asked) in CHECKS.items()}),
        "\nWith `coerce: true`, a cell is judged as what it can be converted to:\n\n",
        _table("conversion", {name: _conversion(kind, dtype) for name, (kind, dtype) in CONVERSIONS.items()}),
        ORDER,
        _table(
            "table", {"numbers and times": _score(NUMBER, MOMENT), "floats": _score("DOUBLE"), "texts": _score(TEXT)}
        ),
    )
    return {"contract-engines.md": "".join(parts)}


def _table(head: str, rows: Mapping[str, Mapping[str, bool]]) -> str:
    told = [(name, *("yes" if can[dialect] else "no" for dialect in DIALECTS)) for name, can in rows.items()]
    return table((head, *map(code, DIALECTS)), told)


def _check(kind: str, asked: dict[str, Any]) -> dict[str, bool]:
    contract = Contract.from_data({"contract": "asked", "schema": {"columns": {"a": asked}}})
    schema = Schema.of([("a", from_duckdb(kind))])
    return {dialect: _can(contract, schema, dialect) for dialect in DIALECTS}


def _conversion(kind: str, dtype: str) -> dict[str, bool]:
    return _check(kind, {"dtype": dtype, "coerce": True, "nullable": True})


def _can(contract: Contract, schema: Schema, dialect: str) -> bool:
    try:
        contract_counts_query(contract, schema, "a", dialect)
    except CompileError:
        return False
    return True


def _score(*kinds: str) -> dict[str, bool]:
    schema = Schema.of((f"c{number}", from_duckdb(kind)) for number, kind in enumerate(kinds))
    can = {}
    for dialect in DIALECTS:
        try:
            score_query(schema, "a", dialect)
            can[dialect] = True
        except CompileError:
            can[dialect] = False
    return can
