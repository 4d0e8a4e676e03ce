"""Columns of loose Python values (Excel cells, pandas objects): one type each, or faithful text."""

from __future__ import annotations

import datetime as dt
import numbers
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

# In this order: a bool is an Integral, and a datetime is a date.
_KINDS: tuple[tuple[type, str], ...] = (
    (str, "text"),
    (bool, "true or false"),
    (numbers.Integral, "integer"),
    (Decimal, "decimal"),
    (numbers.Real, "float"),
    (dt.datetime, "timestamp"),
    (dt.date, "date"),
    (dt.time, "time"),
    (dt.timedelta, "duration"),
    (bytes, "binary"),
)
_TEXTS = frozenset({"text", "true or false", "integer", "decimal", "float", "timestamp", "date", "time", "duration"})


def kind_of(value: object) -> str:
    """The kind of one value; the name of its type when there is no word for it."""
    # NumPy's own bool is no Python bool.
    if type(value).__name__ in {"bool_", "bool"}:
        return "true or false"
    return next((kind for known, kind in _KINDS if isinstance(value, known)), type(value).__name__)


def can_be_text(kinds: Iterable[str]) -> bool:
    """Whether values of all these kinds have a canonical text."""
    return set(kinds) <= _TEXTS


def canonical_text(value: Any) -> str:
    """A value as text from which it can be told again.

    ``true`` and ``false``; integers and decimals digit by digit; floats as the shortest text that gives the same float;
    dates and times in ISO 8601, a blank between the two; durations as hours, minutes and seconds.
    """
    match kind_of(value):
        case "text":
            return str(value)
        case "true or false":
            return "true" if value else "false"
        case "integer":
            return str(int(value))
        case "decimal":
            return format(value, "f")
        case "float":
            return repr(float(value))
        case "timestamp":
            return str(value.isoformat(sep=" "))
        case "duration":
            return _duration(value)
        case _:
            return str(value.isoformat())


def column_of(values: Sequence[Any], kinds: frozenset[str]) -> tuple[pa.Array, bool]:
    """An Arrow column, and whether several kinds had to become text.

    Raises:
        pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, OverflowError: values of one kind that no column can hold.
    """
    import pyarrow as pa

    if len(kinds) <= 1 and kinds != {"duration"}:
        array = pa.array(values)
        # Nulls alone have no type of their own.
        return (array.cast(_arrow_type(kinds)) if pa.types.is_null(array.type) else array), False
    if kinds == {"date", "timestamp"}:
        return pa.array([_moment(value) for value in values], pa.timestamp("us")), False
    texts = [None if value is None else canonical_text(value) for value in values]
    return pa.array(texts, pa.string()), len(kinds) > 1


def _arrow_type(kinds: frozenset[str]) -> pa.DataType:
    import pyarrow as pa

    types = {
        "true or false": pa.bool_(),
        "integer": pa.int64(),
        "float": pa.float64(),
        "timestamp": pa.timestamp("us"),
        "date": pa.date32(),
        "time": pa.time64("us"),
    }
    return next((types[kind] for kind in kinds if kind in types), pa.string())


def whole(value: Any) -> Any:
    """A float without a fraction as the integer it is, where every integer of its size is a float too."""
    exact = isinstance(value, float) and value.is_integer() and abs(value) <= 2**53
    return int(value) if exact and str(value) != "-0.0" else value


def _moment(value: Any) -> dt.datetime | None:
    if value is None or isinstance(value, dt.datetime):
        return value
    return dt.datetime.combine(value, dt.time())


def _duration(value: dt.timedelta) -> str:
    microseconds = abs(value) // dt.timedelta(microseconds=1)
    seconds, fraction = divmod(microseconds, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    sign = "-" if value < dt.timedelta() else ""
    return f"{sign}{hours}:{minute:02}:{second:02}" + (f".{fraction:06}" if fraction else "")
