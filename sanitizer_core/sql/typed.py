"""Trees with their logical types, and how two types come together. What does not fit is an error, never a silent cast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlglot import exp

from sanitizer_core.errors import PlanError, Problem
from sanitizer_core.schema import FLOAT, INTEGER, TEXT, TIMESTAMP, DataType
from sanitizer_core.sql.tree import cast_to, literal

DIGITS = 38
"""The most digits of a decimal, on every engine."""


_WIDER = {
    ("integer", "decimal"),
    ("integer", "float"),
    ("decimal", "decimal"),
    ("decimal", "float"),
    ("date", "timestamp"),
}
"""Types whose values all are values of the other, so that no cast is needed in an expression."""


@dataclass(frozen=True)
class Typed:
    """A tree of portable nodes whose SQL type is that of its logical type.

    Args:
        type: ``None`` for a bare NULL.
        source: what the user wrote, for messages.
        constant: the value of a literal text or number, which takes the type of what it stands beside.
    """

    tree: exp.Expr
    type: DataType | None
    source: str
    constant: str | int | Decimal | None = None

    @property
    def known(self) -> DataType:
        """Its type; a bare NULL counts as text."""
        return self.type or TEXT

    def __str__(self) -> str:
        """``age is integer``."""
        return f"{self.source} is {self.type or 'null'}"


def refused(message: str, hint: str | None = None) -> PlanError:
    """The error that an expression does not fit the types of its columns."""
    return PlanError(message, found=[Problem(message, hint=hint)])


def as_type(value: Typed, kind: DataType) -> Typed:
    """The value in a wider type of its own family, or a constant read as that type.

    Raises:
        PlanError: the value is no such thing.
    """
    if value.type == kind:
        return value
    if value.type is None:
        return replace(value, tree=cast_to(exp.Null(), kind), type=kind)
    if isinstance(value.constant, str) and kind.is_temporal:
        return replace(value, tree=_moment(value, kind), type=kind, constant=None)
    if isinstance(value.constant, (int, Decimal)) and kind.kind == "decimal":
        return replace(value, tree=cast_to(exp.Literal.string(str(value.constant)), kind), type=kind)
    if (value.type.kind, kind.kind) in _WIDER:
        return replace(value, tree=cast_to(value.tree, kind), type=kind)
    raise refused(f"{value}, but has to be {kind}", cast_hint(value, kind))


def cast_hint(value: Typed, kind: DataType | str) -> str:
    """How to convert a value."""
    return f"Convert it: TRY_CAST({value.source} AS {kind})."


def _moment(value: Typed, kind: DataType) -> exp.Expr:
    """A text that is written where a date or time has to be, read when the recipe is planned."""
    text = str(value.constant)
    readers = {"date": dt.date.fromisoformat, "time": dt.time.fromisoformat}
    reader = readers.get(kind.kind, dt.datetime.fromisoformat)
    shapes = {
        "date": "2024-12-31",
        "time": "23:59:00",
        "timestamp": "2024-12-31 23:59:00",
        "timestamptz": "2024-12-31 23:59:00+00:00",
    }
    try:
        moment = reader(text)
    except ValueError:
        raise refused(
            f"{value.source} is not a {kind}, which has to stand there", f"Write it as '{shapes[kind.kind]}'."
        ) from None
    if isinstance(moment, dt.datetime):
        utc = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
        moment = utc if kind.kind == "timestamptz" else utc.replace(tzinfo=None)
    return literal(moment)


def together(values: Sequence[Typed], what: str) -> tuple[list[Typed], DataType | None]:
    """The values in the one type that all of them fit in; ``what`` says what is done with them.

    Raises:
        PlanError: they have no type in common.
    """
    kind: DataType | None = None
    first: Typed | None = None
    for value in sorted(values, key=lambda each: each.constant is not None):
        if value.type is None:
            continue
        kind = value.type if kind is None or first is None else _common(first, kind, value, what)
        first = first or value
    if kind is None:
        return list(values), None
    return [as_type(value, kind) for value in values], kind


def _common(first: Typed, kind: DataType, other: Typed, what: str) -> DataType:
    if kind == other.known:
        return kind
    if kind.is_numeric and other.known.is_numeric:
        return _numeric(kind, other, what)
    if isinstance(other.constant, str) and kind.is_temporal:
        return kind
    if {kind.kind, other.known.kind} == {"date", "timestamp"}:
        return TIMESTAMP
    raise _apart(first, other, what)


def _apart(first: Typed, other: Typed, what: str) -> PlanError:
    """The error that two types do not go together, with the way out that fits them."""
    message = f"cannot {what} {first.type} and {other.type}: {first}, {other}"
    if other.constant is not None and first.type is not None and first.type.is_text:
        return refused(message, f"Text stands in single quotes: '{other.constant}'.")
    if isinstance(other.constant, str):
        return refused(message, f"Leave the quotes out, or convert: TRY_CAST({first.source} AS text).")
    text = next((each for each in (first, other) if each.type == TEXT), other)
    target = other.type if text is first else first.type
    return refused(message, cast_hint(text, str(target)))


def _numeric(kind: DataType, other: Typed, what: str) -> DataType:
    if "decimal" not in (kind.kind, other.known.kind) and FLOAT in (kind, other.type):
        return FLOAT
    if FLOAT in (kind, other.type) and not (isinstance(other.constant, (int, Decimal)) and kind.kind == "decimal"):
        return FLOAT
    sizes = [size_of(Typed(exp.Null(), kind, "")), size_of(other)]
    whole, scale = max(p - s for p, s in sizes), max(s for _, s in sizes)
    if whole + scale > DIGITS:
        raise refused(
            f"cannot {what} {kind} and {other.type}: together they need {whole + scale} digits, and {DIGITS} is the most",
            "Convert one of them to float.",
        )
    return DataType("decimal", whole + scale, scale)


def size_of(value: Typed) -> tuple[int, int]:
    """Digits in all and behind the point that a whole number or decimal needs."""
    if isinstance(value.constant, (int, Decimal)):
        _, digits, exponent = Decimal(value.constant).as_tuple()
        scale = max(-int(exponent), 0)
        return max(len(digits) + max(int(exponent), 0), scale, 1), scale
    if value.type == INTEGER or value.type is None:
        return 19, 0
    return value.type.precision or DIGITS, value.type.scale or 0


def inner(tree: exp.Expr) -> exp.Expr:
    """A tree that can stand beside an operator."""
    composed = (exp.Binary, exp.Unary, exp.Between, exp.In)
    return exp.Paren(this=tree) if isinstance(tree, composed) and not isinstance(tree, exp.Paren) else tree
