"""From one type to another: which conversions there are, and the trees that make them.

A tree gives null where a value of the one type is none of the other; nothing is rounded or cut in silence.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.errors import PlanError, Problem, Where
from sanitizer_core.ops.types.reading_dates import DateReading
from sanitizer_core.ops.types.reading_numbers import NumberReading
from sanitizer_core.schema import INTEGER, TEXT, Column, DataType
from sanitizer_core.sql import call, cast_to, literal
from sanitizer_core.sql.canonical import canonical_text
from sanitizer_core.sql.conversion import truth_as_number
from sanitizer_core.sql.logic import among, choose, let

SCALARS = ("UUID", "ENUM", "HUGEINT", "UHUGEINT", "UBIGINT", "TIMETZ", "TIME WITH TIME ZONE", "INTERVAL")
"""Types of an engine's own that are one value with one text."""


@dataclass(frozen=True)
class Settings:
    """How text is read, and what typed values may lose.

    Args:
        true_words, false_words: in small letters.
    """

    numbers: NumberReading
    dates: DateReading
    true_words: tuple[str, ...]
    false_words: tuple[str, ...]


def converted(cell: Column, value: exp.Expr, kind: DataType, settings: Settings) -> exp.Expr:
    """The cell's value as another type, or null where it is none.

    Raises:
        PlanError: no value of the one type is a value of the other.
    """
    old = cell.type
    if kind.is_text:
        return _text(cell, value)
    if old.is_text:
        return _from_text(value, kind, settings)
    if old.is_numeric and kind.is_numeric:
        return _number(value, old, kind, settings.numbers.rounding == "half_up")
    if old.is_numeric and kind.kind == "boolean":
        return call("truth", value)
    if old.kind == "boolean" and kind == INTEGER:
        return truth_as_number(value, kind)
    if old.is_temporal and kind.is_temporal:
        return _moment(cell, value, kind, settings.dates)
    raise refused(cell, kind)


def refused(cell: Column, kind: DataType) -> PlanError:
    """The error that no value of a column's type is a value of another."""
    old = cell.type
    hint = "Name another type, or leave the column out."
    if kind.is_temporal and old.is_numeric:
        hint = "Numbers that mean dates are read by parse_dates (formats: [excel], [unix] or %Y%m%d)."
    elif old.is_temporal and kind.is_numeric:
        hint = "Take a part of it with derive_column: year(x), epoch(x)."
    elif old.kind == "boolean":
        hint = "Convert it to integer first (true is 1, false is 0)."
    elif old.kind == "timestamp" and kind.kind == "time":
        hint = "The date would be lost; a column of times of day is made with derive_column."
    problem = Problem(f"{cell.name!r} is {old}, which cannot become {kind}", Where(column=cell.name), hint)
    return PlanError("a conversion makes no sense", found=[problem])


def _text(cell: Column, value: exp.Expr) -> exp.Expr:
    if cell.type.kind == "binary" or (
        cell.type.kind == "other" and not (cell.type.native or "").upper().startswith(SCALARS)
    ):
        raise refused(cell, TEXT)
    return canonical_text(value, cell.type)


def _from_text(value: exp.Expr, kind: DataType, settings: Settings) -> exp.Expr:
    if kind.is_numeric:
        return settings.numbers.tree(value, kind)
    if kind.kind == "boolean":
        return _truth(value, settings)
    return settings.dates.tree(value, kind)


def _truth(value: exp.Expr, settings: Settings) -> exp.Expr:
    """The plain word first; blanks around it are looked for only where that is none."""
    words = [(settings.true_words, exp.true()), (settings.false_words, exp.false())]

    def said(text: exp.Expr, otherwise: exp.Expr | None = None) -> exp.Expr:
        return choose(*((among(text, group), truth) for group, truth in words), otherwise=otherwise)

    return said(call("lower", value), let(call("lower", call("strip", value)), said))


def _number(value: exp.Expr, old: DataType, kind: DataType, half_up: bool) -> exp.Expr:
    if kind == INTEGER:
        return call("whole_number", value) if half_up else call("whole", value)
    if kind.kind == "float":
        return call("exact_float", value) if old.kind != "float" else cast_to(value, kind)
    text = canonical_text(value, old)
    size = (literal(kind.precision), literal(kind.scale))
    return call("cast_decimal" if half_up else "try_decimal", text, *size)


def _moment(cell: Column, value: exp.Expr, kind: DataType, dates: DateReading) -> exp.Expr:
    old, zone = cell.type.kind, literal(dates.zone)
    if "time" in (old, kind.kind):
        raise refused(cell, kind)
    if old == "timestamptz":
        value = call("clock_in", value, zone)
    if kind.kind == "date":
        return cast_to(value, kind) if dates.drop_time else call("midnight_date", value)
    moment = cast_to(value, DataType("timestamp"))
    return call("at_zone", moment, zone) if kind.kind == "timestamptz" else moment
