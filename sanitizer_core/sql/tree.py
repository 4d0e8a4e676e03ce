"""Building blocks of the trees that operations return."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

from sqlglot import exp

from sanitizer_core.schema import DataType

VALUE = "value"
"""Name of the placeholder that stands for the cell as the pass before left it."""


def column(name: str) -> exp.Column:
    """A reference to a column by its name, whatever that name holds."""
    return exp.column(exp.to_identifier(name, quoted=True))


def value_of() -> exp.Placeholder:
    """The cell as the pass before left it."""
    return exp.Placeholder(this=VALUE)


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A call of a portable function; its lowering is chosen when the dialect is known."""
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def literal(value: Any) -> exp.Expr:
    """A Python value as a constant of the matching SQL type.

    Floats keep every digit; NaN and the infinities become casts of text, for SQL has no literal for them.
    """
    match value:
        case None:
            return exp.Null()
        case bool():
            return exp.Boolean(this=value)
        case float() if math.isfinite(value):
            return exp.cast(exp.Literal.number(repr(value)), "DOUBLE")
        case float():
            return exp.cast(exp.Literal.string(str(value)), "DOUBLE")
        case int():
            number = exp.Literal.number(str(abs(value)))
            return exp.Neg(this=number) if value < 0 else number
        case Decimal():
            return exp.Literal.number(format(value, "f"))
        case dt.datetime() if value.tzinfo is not None:
            return exp.cast(exp.Literal.string(value.isoformat(sep=" ")), "TIMESTAMPTZ")
        case dt.datetime():
            return exp.cast(exp.Literal.string(value.isoformat(sep=" ")), "TIMESTAMP")
        case dt.date():
            return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
        case dt.time():
            return exp.cast(exp.Literal.string(value.isoformat()), "TIME")
        case _:
            return exp.Literal.string(str(value))


_SQL_TYPES = {
    "text": "TEXT",
    "integer": "BIGINT",
    "float": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMPTZ",
    "binary": "BLOB",
}


def sql_type(kind: DataType) -> exp.DataType:
    """The SQL type that holds a logical type."""
    if kind.kind == "decimal":
        return exp.DataType.build(f"DECIMAL({kind.precision},{kind.scale})")
    if kind.kind == "other":
        return native_type(kind.native or "TEXT")
    return exp.DataType.build(_SQL_TYPES[kind.kind])


def native_type(name: str) -> exp.DataType:
    """A type by the engine's own name, as its catalogue writes it."""
    return exp.DataType(this=exp.DataType.Type.USERDEFINED, kind=name)


def cast_to(value: exp.Expr, kind: DataType) -> exp.Expr:
    """``CAST(value AS kind)``; for values that are known to fit."""
    return exp.Cast(this=value, to=sql_type(kind))
