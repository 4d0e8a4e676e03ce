"""What becomes of cells that cannot be read as what a step makes of their column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from sqlglot import exp

from sanitizer_core.errors import PlanError, Problem, Where
from sanitizer_core.ops.effects import Effect, RemoveRows, Rewrite
from sanitizer_core.schema import TEXT, Column, DataType
from sanitizer_core.sql import call, column, literal
from sanitizer_core.sql.canonical import canonical_text
from sanitizer_core.sql.logic import all_of, any_of, choose, is_null, negated


def _word(value: Any) -> Any:
    return "null" if value is None else value.lower() if isinstance(value, str) else value


OnFailure = Annotated[Literal["null", "keep", "reject"], BeforeValidator(_word)]
"""The type of the parameter ``on_failure``; YAML's bare ``null`` is the word too."""

ON_FAILURE = (
    "What becomes of a cell that cannot be read: `null`, `keep` (the column stays text), or `reject` (its row goes to the "
    "rejected rows). A blank cell is no failure: it becomes null."
)


@dataclass(frozen=True)
class Reading:
    """A column and how its cells are read.

    Args:
        parsed: the tree of the new value, null where the cell cannot be read.
        type: the new value's type.
        reason: a sentence for the log.
        what: what the cells are to be, with its article: ``an integer``.
        decimal: the decimal mark with which numbers are written back where the column stays text.
        text: the tree of the new value as text, where it is not the canonical one.
    """

    cell: Column
    parsed: exp.Expr
    type: DataType
    reason: str
    what: str
    confidence: float = 1.0
    decimal: str = "."
    text: exp.Expr | None = None


def reading_effects(readings: Sequence[Reading], on_failure: str) -> tuple[Effect, ...]:
    """The rewrites, and the removal of rows with a cell that cannot be read where that is asked for.

    Raises:
        PlanError: cells are to stay as they are in a column that is no text.
    """
    if on_failure == "keep":
        return tuple(_kept(reading) for reading in readings)
    fate = {"null": "; what is none becomes null", "reject": "; the row of what is none is rejected"}[on_failure]
    rewrites = [
        Rewrite(each.cell.name, (each.parsed,), each.type, each.reason + fate, each.confidence) for each in readings
    ]
    return (*rewrites, _rejected(readings)) if on_failure == "reject" and readings else tuple(rewrites)


def _kept(reading: Reading) -> Rewrite:
    cell = reading.cell
    if not cell.type.is_text:
        problem = Problem(
            f"'on_failure: keep' leaves text among the values, but {cell.name!r} is {cell.type}",
            Where(column=cell.name),
            "Convert the column to string first, or choose null or reject.",
        )
        raise PlanError("a column cannot keep what is not of its type", found=[problem])
    text = reading.text or canonical_text(reading.parsed, reading.type)
    if reading.type.is_numeric and reading.decimal != ".":
        text = call("replace", text, literal("."), literal(reading.decimal))
    value = exp.Coalesce(this=text, expressions=[column(cell.name)])
    return Rewrite(
        cell.name,
        (value,),
        TEXT,
        f"{reading.reason}; what is none stays, and the column stays text",
        reading.confidence,
    )


def failed(reading: Reading) -> exp.Expr:
    """True for a cell that is there and cannot be read."""
    value = column(reading.cell.name)
    there = negated(call("is_blank", value)) if reading.cell.type.is_text else negated(is_null(value))
    return all_of([is_null(reading.parsed), there])


def _rejected(readings: Sequence[Reading]) -> RemoveRows:
    """One removal for all columns, so that a row is told every cell that could not be read."""
    conditions = [failed(each) for each in readings]
    words = [f"; {each.cell.name!r} is not {each.what}" for each in readings]
    told = [
        choose((condition, literal(word)), otherwise=literal(""))
        for condition, word in zip(conditions, words, strict=True)
    ]
    joined = reduce(lambda left, right: exp.DPipe(this=left, expression=right), told)
    reasons = call("substring", exp.Paren(this=joined), literal(3))
    return RemoveRows(any_of(conditions), words[0][2:], rejected=True, told=reasons)


def with_article(words: str) -> str:
    """``an integer``, ``a date``."""
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"
