"""CAST and TRY_CAST, which are the same: a value that the type cannot hold becomes null, on every engine."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from sanitizer_core.schema import BOOLEAN, DATE, FLOAT, INTEGER, TEXT, TIMESTAMP, DataType
from sanitizer_core.sql.canonical import canonical_text
from sanitizer_core.sql.logic import choose
from sanitizer_core.sql.tree import call, cast_to, literal
from sanitizer_core.sql.typed import Typed, as_type, inner, refused

_READERS = {
    "integer": "try_integer", "float": "try_float", "boolean": "try_boolean", "date": "try_date", "time": "try_time",
    "timestamp": "try_timestamp", "timestamptz": "try_timestamptz",
}  # fmt: skip

_MOMENTS = {
    ("date", "timestamp"), ("date", "timestamptz"), ("timestamp", "date"), ("timestamp", "time"), ("timestamp", "timestamptz"),
    ("timestamptz", "timestamp"), ("timestamptz", "date"), ("timestamptz", "time"),
}  # fmt: skip
"""Conversions between moments; where a zone comes or goes it is UTC."""


def converted(value: Typed, kind: DataType) -> Typed:
    """The value as another type.

    Raises:
        PlanError: no value of the one type is a value of the other.
    """
    if value.type is None or value.type == kind:
        return as_type(value, kind)
    if isinstance(value.constant, str) and kind.is_temporal:
        return as_type(value, kind)
    return replace(value, tree=_tree(value, value.type, kind), type=kind)


def _tree(value: Typed, old: DataType, kind: DataType) -> exp.Expr:
    if kind == TEXT:
        return canonical_text(value.tree, old)
    if old == TEXT:
        return _from_text(value.tree, kind)
    if old.is_numeric and kind.is_numeric:
        return _number(value.tree, old, kind)
    if old == BOOLEAN and kind.is_numeric:
        return truth_as_number(value.tree, kind)
    if old == INTEGER and kind == BOOLEAN:
        return exp.NEQ(this=inner(value.tree), expression=cast_to(literal(0), INTEGER))
    if (old.kind, kind.kind) in _MOMENTS:
        return cast_to(value.tree, kind)
    raise refused(f"{value}, which cannot become {kind}", _way_round(old, kind))


def truth_as_number(tree: exp.Expr, kind: DataType) -> exp.Expr:
    """1 for true and 0 for false; not every engine has a cast for it."""
    return cast_to(choose((tree, literal(1)), (exp.Not(this=inner(tree.copy())), literal(0))), kind)


def _way_round(old: DataType, kind: DataType) -> str | None:
    if old in (DATE, TIMESTAMP) and kind.is_numeric:
        return "Take a part of it: year(x), epoch(x), days_between(x, y)."
    return None


def _from_text(tree: exp.Expr, kind: DataType) -> exp.Expr:
    if kind.kind == "decimal":
        return call("try_decimal", tree, literal(kind.precision), literal(kind.scale))
    return call(_READERS[kind.kind], tree)


def _number(tree: exp.Expr, old: DataType, kind: DataType) -> exp.Expr:
    if kind == INTEGER:
        return call("whole_number", tree)
    if kind.kind == "decimal":
        function = "float_to_decimal" if old == FLOAT else "to_decimal"
        return call(function, tree, literal(kind.precision), literal(kind.scale))
    return cast_to(tree, kind)
