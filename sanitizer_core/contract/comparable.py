"""A value that a check names, as a constant that can stand beside the cells of a column."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlglot import exp

from sanitizer_core.sql import literal

NUMBERS = frozenset({"integer", "decimal", "float", "boolean"})


class NotComparableError(TypeError):
    """The value and the cells have no order in common, as ``5`` and text."""


def is_null(value: Any) -> bool:
    """Whether a value is what pandas takes for missing."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float) and math.isnan(value)


def constant(value: Any, kind: str, zone: str | None = None) -> exp.Expr:
    """The value as SQL, for cells of a logical kind.

    Args:
        zone: the time zone of the cells, in which a text without one is read.

    Raises:
        NotComparableError: cells of this kind cannot be compared with it.
    """
    plain = _plain(value)
    if kind in NUMBERS:
        return _number(plain)
    if kind == "text" and isinstance(plain, str):
        return literal(plain)
    if kind in {"date", "timestamp", "timestamptz"}:
        return literal(_moment(plain, kind, zone))
    if kind == "time":
        return literal(_time(plain))
    raise NotComparableError(f"{kind} cells cannot be compared with {value!r}")


def _plain(value: Any) -> Any:
    """The value without NumPy around it."""
    item = getattr(value, "item", None)
    return item() if callable(item) and type(value).__module__ == "numpy" else value


def _number(value: Any) -> exp.Expr:
    if isinstance(value, bool):
        return literal(int(value))
    if isinstance(value, int | float | Decimal):
        return literal(value)
    raise NotComparableError(f"numbers cannot be compared with {value!r}")


def _moment(value: Any, kind: str, zone: str | None) -> dt.date:
    moment = _parsed(value)
    if not isinstance(moment, dt.datetime):
        return moment if kind != "timestamptz" else _in_zone(dt.datetime.combine(moment, dt.time()), zone)
    if kind == "timestamptz" and moment.tzinfo is None:
        if not isinstance(value, str):
            raise NotComparableError(f"instants cannot be compared with {value!r}, which has no time zone")
        return _in_zone(moment, zone)
    if kind != "timestamptz" and moment.tzinfo is not None:
        raise NotComparableError(f"{kind} cells have no time zone, and cannot be compared with {value!r}")
    return moment


def _parsed(value: Any) -> dt.date:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        for read in (dt.date.fromisoformat, dt.datetime.fromisoformat):
            try:
                return read(value)
            except ValueError:
                continue
    raise NotComparableError(f"dates cannot be compared with {value!r}")


def _in_zone(moment: dt.datetime, zone: str | None) -> dt.datetime:
    try:
        return moment.replace(tzinfo=ZoneInfo(zone or "UTC"))
    except ZoneInfoNotFoundError:
        raise NotComparableError(f"there is no time zone {zone!r}") from None


def _time(value: Any) -> dt.time:
    if isinstance(value, dt.time):
        return value
    try:
        return dt.time.fromisoformat(str(value))
    except ValueError:
        raise NotComparableError(f"times cannot be compared with {value!r}") from None
