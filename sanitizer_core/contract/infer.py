"""A first contract for a table, from what the table holds.

It says less than the data does: a range is rounded outwards, a set of values is closed only when each was seen often,
a pattern is named only when every one of many values has it. What was seen by chance should not become a rule.
"""

from __future__ import annotations

from typing import Any

import duckdb
from sqlglot import exp

from sanitizer_core.contract.bind import BoundColumn, bind
from sanitizer_core.contract.contract import Contract
from sanitizer_core.contract.dtypes import kind_of
from sanitizer_core.contract.fragments import call, count
from sanitizer_core.contract.infer_text import shape_pattern, text_dtypes, text_patterns
from sanitizer_core.contract.outward import outward
from sanitizer_core.contract.scan import Scan
from sanitizer_core.contract.spec import ColumnSpec
from sanitizer_core.schema import DataType, Schema

ENOUGH = 30
"""So many values have to be there before a check is made of them."""
LARGEST_SET = 20
OFTEN = 10
"""A value of a closed set was seen so often, on average."""

# pandas' nullable types, for their conversion refuses what is not quite of the type.
_DTYPES = {
    "integer": "Int64",
    "float": "float64",
    "text": "str",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "datetime64[ns]",
    "timestamptz": "datetime64[ns, UTC]",
}


def infer_contract(connection: duckdb.DuckDBPyConnection, relation: str, schema: Schema, name: str) -> Contract:
    """A contract that the table meets, as a start for one that says what is meant.

    Args:
        relation: the name of a table or view of the connection.
        schema: the columns to speak of.

    Raises:
        EngineError: DuckDB cannot read the table.
    """
    scan = Scan(connection, relation, None)
    text = text_dtypes(scan, [column.name for column in schema if kind_of(column.type) == "text"])
    bound = [
        bind(column, position, ColumnSpec(column.name, text.get(column.name), coerce=column.name in text))
        for position, column in enumerate(schema)
    ]
    facts = scan.one(_facts_query(scan, bound))
    columns = {column.name: _column(scan, column, _Facts(facts, column)) for column in bound}
    return Contract(name=name, table={"columns": columns})


class _Facts:
    """What was measured of a column."""

    def __init__(self, facts: dict[str, Any], column: BoundColumn) -> None:
        def of(letter: str) -> Any:
            return facts.get(f"{letter}{column.position}")

        self.rows: int = facts["n"]
        self.values: int = of("c")
        self.distinct: int = of("d") or 0
        self.least, self.most = of("l"), of("h")

    @property
    def has_nulls(self) -> bool:
        return self.values < self.rows


def _facts_query(scan: Scan, columns: list[BoundColumn]) -> exp.Select:
    parts: list[exp.Expr] = [count().as_("n")]
    for column in columns:
        value, kind = column.cell.value, column.cell.kind
        size = call("length", value.copy()) if kind == "text" else value
        measures = {"c": count(value.copy())}
        if kind != "other":
            measures |= {
                "d": call("approx_count_distinct", value.copy()),
                "l": exp.Min(this=size),
                "h": exp.Max(this=size.copy()),
            }
        parts += [measure.as_(f"{letter}{column.position}") for letter, measure in measures.items()]
    cells = exp.select(*(part for column in columns for part in column.projections())).from_(scan.table)
    return exp.select(*parts).from_(cells.subquery("cells"))


def _column(scan: Scan, column: BoundColumn, facts: _Facts) -> dict[str, Any]:
    found = _dtype(column.judged, facts)
    if facts.has_nulls:
        found["nullable"] = True
    beyond = column.cell.kind == "integer" and "dtype" not in found
    if facts.values < ENOUGH or column.cell.kind in {"other", "boolean"} or beyond:
        return found
    unique = _is_unique(scan, column, facts)
    if unique:
        found["unique"] = True
    closed = None if unique else _closed_set(scan, column, facts)
    if closed is not None:
        return found | {"isin": closed}
    return found | (_text_checks(scan, column, facts) if column.cell.kind == "text" else _range(column, facts, unique))


def _dtype(judged: DataType, facts: _Facts) -> dict[str, Any]:
    """With conversion, so that the contract can be held against the typed table and the raw file alike."""
    kind = kind_of(judged)
    if kind == "decimal":
        return {"dtype": f"Decimal({judged.precision}, {judged.scale})", "coerce": True}
    if kind not in _DTYPES:
        return {}
    if kind == "integer" and facts.values and not (facts.least >= -(2**63) and facts.most < 2**63):
        return {"dtype": "UInt64", "coerce": True} if facts.least >= 0 and facts.most < 2**64 else {}
    return {"dtype": _DTYPES[kind]} | ({"coerce": True} if kind != "text" else {})


def _is_unique(scan: Scan, column: BoundColumn, facts: _Facts) -> bool:
    """Fractions repeat by chance or not at all, so only what can be a key is asked; two nulls repeat each other."""
    if facts.rows - facts.values > 1:
        return False
    if column.cell.kind not in {"text", "integer"} or facts.distinct < 0.9 * facts.values:
        return False
    exact = exp.Count(this=exp.Distinct(expressions=[column.cell.value]))
    return facts.values == int(scan.one(_of(scan, column, exact.as_("n")))["n"])


def _of(scan: Scan, column: BoundColumn, *parts: exp.Expr) -> exp.Select:
    cells = exp.select(*column.projections()).from_(scan.table)
    return exp.select(*parts).from_(cells.subquery("cells"))


def _closed_set(scan: Scan, column: BoundColumn, facts: _Facts) -> list[Any] | None:
    if column.cell.kind != "text" or facts.distinct > 2 * LARGEST_SET:
        return None
    query = _of(scan, column, column.cell.value.as_("v")).distinct().order_by("v")
    values = [value for (value,) in scan.run(query) if value is not None]
    few = len(values) <= LARGEST_SET and facts.values >= OFTEN * len(values)
    return values if few else None


def _text_checks(scan: Scan, column: BoundColumn, facts: _Facts) -> dict[str, Any]:
    pattern = next(iter(text_patterns(scan, column, facts.values)), None)
    if pattern is None and facts.least == facts.most:
        pattern = shape_pattern(scan, column)
    if pattern is not None:
        return {"str_matches": pattern}
    if facts.least == facts.most:
        return {"str_length": {"exact_value": facts.least}}
    return {"str_length": {"min_value": min(facts.least, 1), "max_value": outward(facts.most)}}


def _range(column: BoundColumn, facts: _Facts, unique: bool) -> dict[str, Any]:
    """Rounded outwards; an id may grow, and a time passes, so neither has an upper end."""
    if column.cell.kind not in {"integer", "float", "decimal"}:
        return {}
    low = 0 if facts.least >= 0 else outward(facts.least)
    if unique:
        return {"greater_than_or_equal_to": low}
    return {"in_range": {"min_value": low, "max_value": outward(facts.most) if facts.most > 0 else 0}}
