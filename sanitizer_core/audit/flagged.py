"""What a run leaves to be looked at by somebody: outliers that it flagged, and cells that hold nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlglot import exp

from sanitizer_core.audit.asking import POSITION, KeptRun
from sanitizer_core.errors import RestoreError, did_you_mean
from sanitizer_core.record import RunRecord
from sanitizer_core.sql import column, literal, lower
from sanitizer_core.sql.canonical import canonical_text

Kind = Literal["outlier", "missing"]
FLAGS = "handle_outliers"
"""The operation whose added columns say of each cell whether it is an outlier."""


@dataclass(frozen=True)
class Doubt:
    """A cell to look at.

    Args:
        row: of the clean table, from 0.
        value: its canonical text.
        cells: the whole row, as canonical texts.
    """

    row: int
    column: str
    kind: Kind
    value: str | None
    cells: dict[str, str | None]


@dataclass(frozen=True)
class Place:
    """Where a page of doubts begins: in which column of those that are asked for, and from which row on."""

    column: int = 0
    row: int = 0


def flags(record: RunRecord) -> dict[str, str]:
    """The columns that say of another column's cells whether they are outliers: the other column by its flag."""
    added = {name for step in record.steps if step.op == FLAGS for name in step.added}
    outputs = {each.name: each.output for each in record.input_columns}
    found: dict[str, str] = {}
    for each in record.columns:
        if each.name in added and each.ancestors:
            about = outputs.get(each.ancestors[0].column) or each.ancestors[0].column
            found[each.name] = about
    return found


def doubtful_columns(record: RunRecord, kind: Kind, of: str | None = None) -> list[tuple[str, str]]:
    """The columns with cells of that kind, each with the column by which they are found.

    Raises:
        RestoreError: the run has no such column.
    """
    names = [each.name for each in record.columns]
    if of is not None and of not in names:
        raise RestoreError(f"the clean table has no column {of!r}", hint=did_you_mean(of, names))
    told = flags(record)
    pairs = (
        [(about, flag) for flag, about in told.items()]
        if kind == "outlier"
        else [(name, name) for name in names if name not in told]
    )
    return [pair for pair in pairs if of in (None, pair[0])]


def doubts(
    kept: KeptRun, kind: Kind, limit: int, begin: Place = Place(), *, of: str | None = None
) -> tuple[list[Doubt], Place | None]:
    """A page of cells to look at, column by column and by row within, and where the next begins.

    Args:
        of: of this column of the clean table alone.
    """
    found: list[Doubt] = []
    columns = doubtful_columns(kept.record, kind, of)
    for place in range(begin.column, len(columns)):
        start = begin.row if place == begin.column else 0
        wanted = limit + 1 - len(found)
        rows = _rows(kept, kind, *columns[place], start, wanted)
        found += rows
        if len(found) > limit:
            return found[:limit], Place(place, found[limit].row)
    return found, None


def _rows(kept: KeptRun, kind: Kind, about: str, by: str, start: int, limit: int) -> list[Doubt]:
    test: exp.Expr = column(by) if kind == "outlier" else exp.Is(this=column(by), expression=exp.Null())
    query = exp.select(column(POSITION), *_texts(kept)).from_(kept.files.table("clean", numbered=True)).where(test)
    query = query.where(exp.GTE(this=column(POSITION), expression=literal(start))).limit(limit)
    return [_doubt(about, kind, row) for row in kept.rows(query)]


def _texts(kept: KeptRun) -> Iterator[exp.Expr]:
    for each in kept.schema_of("clean"):
        yield exp.alias_(lower(canonical_text(column(each.name), each.type), "duckdb"), each.name, quoted=True)


def _doubt(about: str, kind: Kind, row: dict[str, Any]) -> Doubt:
    number = row.pop(POSITION)
    return Doubt(number, about, kind, row.get(about), row)
