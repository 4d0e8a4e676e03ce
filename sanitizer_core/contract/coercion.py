"""How a cell becomes the type that a contract names, or is found not to.

What may become what is held to what pandas' own conversion takes, with three exceptions that pandas would get
wrong on text: truth values are words (pandas takes any text but the empty one for true), dates and instants are
ISO 8601 (pandas guesses one format from the first cell and holds all others to it), and digits are ASCII.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from sanitizer_core.contract.dtypes import Expected, kind_of
from sanitizer_core.contract.fragments import when
from sanitizer_core.schema import DataType
from sanitizer_core.sql import call, literal

_CAN_BE_TEXT = frozenset({"integer", "decimal", "date"})
"""What every engine writes alike; the rest only DuckDB writes as pandas is shown it."""

Coercion = Callable[[exp.Expr, Expected], exp.Expr]


def coerced(value: exp.Expr, actual: DataType, expected: Expected) -> exp.Expr | None:
    """The cell as the expected type, a portable tree; null where it cannot become that, nothing where no cell can."""
    if expected.accepts(actual):
        return value.copy()
    kind = kind_of(actual)
    if expected.kind == "text":
        return _text_of(value, kind)
    make = _COERCIONS.get((kind, expected.kind))
    return make(value.copy(), expected) if make else None


def _text_of(value: exp.Expr, kind: str) -> exp.Expr:
    if kind == "boolean":
        return when(value.copy(), literal("True"), when(exp.Not(this=value.copy()), literal("False")))
    return exp.cast(value.copy(), "TEXT") if kind in _CAN_BE_TEXT else call("any_text", value)


def _integer_of_text(value: exp.Expr, expected: Expected) -> exp.Expr:
    wide = expected.bounds is not None and expected.bounds[1] >= 2**63
    return call("pandas_unsigned" if wide else "pandas_integer", value)


def _integer_of_number(value: exp.Expr, expected: Expected) -> exp.Expr:
    return call("whole" if expected.whole else "cut_integer", value)


def _decimal(function: str) -> Coercion:
    def made(value: exp.Expr, expected: Expected) -> exp.Expr:
        return call(function, value, literal(min(expected.precision or 28, 38)), literal(expected.scale or 0))

    return made


def _boolean_of_number(value: exp.Expr, expected: Expected) -> exp.Expr:
    true = exp.NEQ(this=value, expression=literal(0))
    if not expected.whole:
        return true
    return when(exp.In(this=value.copy(), expressions=[literal(0), literal(1)]), true)


def _zoned(value: exp.Expr, expected: Expected) -> exp.Expr:
    return call("at_zone", value, literal(expected.zone or "UTC"))


def _in_utc(value: exp.Expr) -> exp.Expr:
    return call("clock_in", value, literal("UTC"))


def _cast(to: str) -> Coercion:
    return lambda value, _: exp.cast(value, to)


def _called(function: str) -> Coercion:
    return lambda value, _: call(function, value)


_COERCIONS: dict[tuple[str, str], Coercion] = {
    ("text", "integer"): _integer_of_text,
    ("float", "integer"): _integer_of_number,
    ("decimal", "integer"): _integer_of_number,
    ("boolean", "integer"): lambda value, _: exp.cast(truth_number(value), "BIGINT"),
    ("text", "float"): _called("pandas_float"),
    ("integer", "float"): _cast("DOUBLE"),
    ("boolean", "float"): lambda value, _: exp.cast(truth_number(value), "DOUBLE"),
    ("text", "decimal"): _decimal("pandas_decimal"),
    ("integer", "decimal"): _decimal("fitting_decimal"),
    ("float", "decimal"): _decimal("decimal_of_float"),
    ("decimal", "decimal"): _decimal("fitting_decimal"),
    ("text", "boolean"): _called("pandas_boolean"),
    ("integer", "boolean"): _boolean_of_number,
    ("float", "boolean"): _boolean_of_number,
    ("decimal", "boolean"): _boolean_of_number,
    ("text", "timestamp"): _called("pandas_timestamp"),
    ("date", "timestamp"): _cast("TIMESTAMP"),
    ("timestamptz", "timestamp"): lambda value, _: _in_utc(value),
    ("text", "timestamptz"): lambda value, expected: call("pandas_timestamptz", value, literal(expected.zone or "UTC")),
    ("timestamp", "timestamptz"): _zoned,
    ("date", "timestamptz"): lambda value, expected: _zoned(exp.cast(value, "TIMESTAMP"), expected),
    ("text", "date"): lambda value, _: exp.cast(call("pandas_timestamp", value), "DATE"),
    ("timestamp", "date"): _cast("DATE"),
    ("timestamptz", "date"): lambda value, _: exp.cast(_in_utc(value), "DATE"),
    ("text", "time"): _called("pandas_time"),
}


def truth_number(value: exp.Expr) -> exp.Expr:
    """1 of true and 0 of false; not every engine has a cast for it."""
    return when(value.copy(), literal(1), when(exp.Not(this=value.copy()), literal(0)))


def resulting(actual: DataType, expected: Expected | None, *, coerce: bool) -> DataType:
    """The type that the cells have when they are judged."""
    if expected is None or not coerce or expected.accepts(actual):
        return DataType("text") if kind_of(actual) == "text" else actual
    if expected.kind == "decimal":
        return DataType("decimal", expected.precision, expected.scale)
    return DataType(expected.kind) if expected.kind not in {"any", "category", "interval"} else actual  # type: ignore[arg-type]
