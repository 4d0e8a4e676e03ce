"""Pandera's built-in checks as conditions on a cell, meaning what they mean on a pandas column.

Each takes the cell (never null where it is asked) and gives what must be true of it; ``nulls_pass`` says what the
check would make of a null, which counts where ``ignore_na`` is false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlglot import exp

from sanitizer_core.contract.coercion import truth_number
from sanitizer_core.contract.comparable import NotComparableError, constant, is_null
from sanitizer_core.contract.fragments import count_where
from sanitizer_core.contract.patterns import python_pattern
from sanitizer_core.sql import call, literal


@dataclass(frozen=True)
class Cell:
    """The cells that are asked: their value, logical kind, time zone, and whose SQL speaks of them."""

    value: exp.Expr
    kind: str
    zone: str | None = None
    dialect: str = "duckdb"


@dataclass(frozen=True)
class Condition:
    """What must be true of a cell; nothing, where SQL cannot say it."""

    passes: exp.Expr | None
    nulls_pass: bool = False


Arguments = Mapping[str, Any]

_FEW = 12


def condition(name: str, arguments: Arguments, cell: Cell) -> Condition:
    """What a built-in check asks of a cell.

    Raises:
        NotComparableError: the check means nothing for cells of this kind.
    """
    return _CONDITIONS[name](arguments, cell)


def _side(cell: Cell) -> exp.Expr:
    return truth_number(cell.value) if cell.kind == "boolean" else cell.value.copy()


def _ordered(cell: Cell) -> exp.Expr:
    """The cell where it is compared by order."""
    return call("in_code_points", cell.value) if cell.kind == "text" else _side(cell)


def _equals(name: str, negated: bool, arguments: Arguments, cell: Cell) -> Condition:
    if cell.kind == "other":
        return Condition(None, negated)
    same = _same(arguments[name], cell)
    return Condition(exp.not_(same) if negated else same, negated)


def _same(value: Any, cell: Cell) -> exp.Expr:
    """Equality; pandas finds values of different kinds unequal, and nothing equal to a null."""
    if is_null(value):
        return exp.false()
    try:
        return exp.EQ(this=_side(cell), expression=constant(value, cell.kind, cell.zone))
    except NotComparableError:
        return exp.false()


def _orders(node: type[exp.Binary], name: str, arguments: Arguments, cell: Cell) -> Condition:
    value = arguments[name]
    if is_null(value):
        return Condition(exp.false())
    if cell.kind == "other":
        return Condition(None)
    return Condition(node(this=_ordered(cell), expression=constant(value, cell.kind, cell.zone)))


def _in_range(arguments: Arguments, cell: Cell) -> Condition:
    low = _orders(exp.GTE if arguments.get("include_min", True) else exp.GT, "min_value", arguments, cell)
    high = _orders(exp.LTE if arguments.get("include_max", True) else exp.LT, "max_value", arguments, cell)
    if low.passes is None or high.passes is None:
        return Condition(None)
    return Condition(exp.and_(low.passes, high.passes))


def _members(name: str, negated: bool, arguments: Arguments, cell: Cell) -> Condition:
    values = list(arguments[name])
    has_null = any(map(is_null, values))
    if cell.kind == "other":
        return Condition(None, negated != has_null)
    known = [each for each in (member(value, cell) for value in values if not is_null(value)) if each is not None]
    inside = _inside(cell, known)
    return Condition(exp.not_(inside) if negated else inside, negated != has_null)


def _inside(cell: Cell, known: list[exp.Expr]) -> exp.Expr:
    """Whether the cell is one of these; DuckDB compares with a few texts one by one in half the time of an IN."""
    if cell.kind == "text" and 0 < len(known) <= _FEW:
        return exp.or_(*(exp.EQ(this=cell.value.copy(), expression=each) for each in known))
    return exp.In(this=_side(cell), expressions=known) if known else exp.false()


def member(value: Any, cell: Cell) -> exp.Expr | None:
    """The value as a constant, nothing where no cell of the kind can equal it; a set holds cells as they are."""
    if cell.kind in {"integer", "boolean"} and isinstance(value, float):
        return literal(int(value)) if value.is_integer() else None
    try:
        return constant(value, cell.kind, cell.zone)
    except NotComparableError:
        return None


def _text(cell: Cell) -> exp.Expr:
    if cell.kind != "text":
        raise NotComparableError(f"the check reads text, and the cells are {cell.kind}")
    return cell.value.copy()


def _pattern(anchored: bool, arguments: Arguments, cell: Cell) -> Condition:
    pattern, flags = arguments["pattern"], 0
    if isinstance(pattern, re.Pattern):
        pattern, flags = pattern.pattern, pattern.flags
    value = _text(cell)
    written = python_pattern(pattern, cell.dialect, anchored=anchored, flags=flags)
    return Condition(call("matches", value, literal(written)) if written is not None else None)


def _affix(function: str, arguments: Arguments, cell: Cell) -> Condition:
    return Condition(call(function, _text(cell), literal(arguments["string"])))


def _length(arguments: Arguments, cell: Cell) -> Condition:
    size = call("length", _text(cell))
    exact, low, high = (arguments.get(key) for key in ("exact_value", "min_value", "max_value"))
    if exact is not None:
        return Condition(exp.EQ(this=size, expression=literal(exact)))
    bounds: list[exp.Expr] = []
    if low is not None:
        bounds.append(exp.GTE(this=size.copy(), expression=literal(low)))
    if high is not None:
        bounds.append(exp.LTE(this=size.copy(), expression=literal(high)))
    return Condition(exp.and_(*bounds))


_CONDITIONS: dict[str, Callable[[Arguments, Cell], Condition]] = {
    "equal_to": partial(_equals, "value", False),
    "not_equal_to": partial(_equals, "value", True),
    "greater_than": partial(_orders, exp.GT, "min_value"),
    "greater_than_or_equal_to": partial(_orders, exp.GTE, "min_value"),
    "less_than": partial(_orders, exp.LT, "max_value"),
    "less_than_or_equal_to": partial(_orders, exp.LTE, "max_value"),
    "in_range": _in_range,
    "isin": partial(_members, "allowed_values", False),
    "notin": partial(_members, "forbidden_values", True),
    "str_matches": partial(_pattern, True),
    "str_contains": partial(_pattern, False),
    "str_startswith": partial(_affix, "starts_with"),
    "str_endswith": partial(_affix, "ends_with"),
    "str_length": _length,
}


def has_exactly(values: Iterable[Any], cell: Cell) -> exp.Expr | None:
    """Whether the distinct cells are exactly these values (``unique_values_eq``), as an aggregate; nulls left out."""
    if cell.kind == "other":
        return None
    wanted = [value for value in set(values) if not is_null(value)]
    known = [each for each in (member(value, cell) for value in wanted) if each is not None]
    if len(known) < len(wanted):
        return exp.false()
    distinct = exp.Count(this=exp.Distinct(expressions=[_side(cell)]))
    right_size = exp.EQ(this=distinct, expression=literal(len(known)))
    if not known:
        return right_size
    outside = count_where(exp.not_(exp.In(this=_side(cell), expressions=known)))
    return exp.and_(right_size, exp.EQ(this=outside, expression=literal(0)))
