"""Values that users or fitted recipes name, as constants of a column's type."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlglot import exp

from sanitizer_core.errors import PlanError, Where
from sanitizer_core.schema import Column, DataType, Kind
from sanitizer_core.sql import cast_to, literal

Scalar = bool | int | float | str | dt.datetime | dt.date | dt.time
"""What a user can write for one cell."""

_INTEGERS = range(-(2**63), 2**63)
_NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf|nan)", re.ASCII)


def constant(value: Scalar, cell: Column) -> exp.Expr:
    """What a user wrote as a constant of the column's type.

    Raises:
        PlanError: it is not of that type.
    """
    try:
        return typed(value_of_type(value, cell.type), cell.type)
    except (ValueError, ArithmeticError):
        raise PlanError(
            f"{value!r} is not a value for {cell.name!r}, which is {cell.type}",
            where=Where(column=cell.name),
            hint=f"Write a value of the type {cell.type}, or convert the column with fix_dtypes in a step before.",
        ) from None


def fits(value: Scalar, kind: DataType, *, named: bool = False) -> bool:
    """Whether a value is of a type of its own accord; of a named column also whether its text can be read so."""
    if isinstance(value, str) and not kind.is_text and not named:
        return False
    if kind.is_text and not isinstance(value, str) and not named:
        return False
    try:
        value_of_type(value, kind)
    except (ValueError, ArithmeticError):
        return False
    return True


def value_of_type(value: Scalar, kind: DataType) -> Any:
    """The value as Python has it for a column of this type.

    Raises:
        ValueError: it is not of that type (``ArithmeticError`` where it is no number at all).
    """
    if kind.kind not in _READERS:
        raise ValueError(f"no constants of {kind}")
    found = _READERS[kind.kind](value)
    if kind.kind == "decimal" and not _fits(found, kind):
        raise ValueError(f"{found} does not fit {kind}")
    return found


def typed(value: Any, kind: DataType) -> exp.Expr:
    """A value that is known to be of the type (or is its JSON form) as a constant.

    Whole numbers stand bare, and the floats of a narrow column are as narrow, so that the column keeps its width.
    """
    if value is None or kind.kind in ("text", "integer", "boolean"):
        return literal(value)
    if kind.kind == "float" and (kind.native or "").upper() in ("FLOAT", "REAL", "FLOAT4"):
        return exp.cast(literal(float(value)), "FLOAT")
    if kind.kind == "float":
        return literal(float(value))
    return cast_to(literal(value), kind)


def _text(value: Scalar) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value).removesuffix(".0")
        case dt.datetime():
            return value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def _integer(value: Scalar) -> int:
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+", value, re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        raise ValueError("not a whole number")
    if int(value) not in _INTEGERS:
        raise ValueError("does not fit 64 bits")
    return int(value)


def _number(value: Scalar) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError("not a number")
    if isinstance(value, str) and not _NUMBER.fullmatch(value.lower()):
        raise ValueError("not a number")
    return value


def _decimal(value: Scalar) -> Decimal:
    found = Decimal(str(_number(value)))
    if not found.is_finite():
        raise ValueError("not a number")
    return found


def _fits(value: Decimal, kind: DataType) -> bool:
    scale = kind.scale or 0
    return value == round(value, scale) and abs(value) < Decimal(10) ** ((kind.precision or 18) - scale)


def _boolean(value: Scalar) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise ValueError("not a boolean")
    return value


def _date(value: Scalar) -> dt.date:
    if isinstance(value, str):
        return dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ValueError("not a date")
    return value


def _timestamp(value: Scalar) -> dt.datetime:
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            raise ValueError("it has a time zone")
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 (a timestamp without a zone is meant)
    raise ValueError("not a timestamp")


def _instant(value: Scalar) -> dt.datetime:
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    if not isinstance(value, dt.datetime):
        raise ValueError("not an instant")
    return value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)


def _time(value: Scalar) -> dt.time:
    if isinstance(value, str):
        return dt.time.fromisoformat(value)
    if not isinstance(value, dt.time):
        raise ValueError("not a time")
    return value


_READERS: dict[Kind, Callable[[Scalar], Any]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "float": lambda value: float(_number(value)),  # type: ignore[arg-type]
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "timestamp": _timestamp,
    "timestamptz": _instant,
}
