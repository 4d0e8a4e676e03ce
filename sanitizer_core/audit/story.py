"""The story of a row or a cell in a run: which row of the input it was, what was done to it, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from sanitizer_core.audit.asking import META, POSITION, KeptRun, Question, What
from sanitizer_core.audit.rows import meta_names
from sanitizer_core.errors import RestoreError, Where, did_you_mean
from sanitizer_core.schema import Column, Schema
from sanitizer_core.sql import column, literal, lower
from sanitizer_core.sql.canonical import canonical_text
from sanitizer_core.sql.tree import native_type

MOST_ROWS = 100
"""Rows of one key that are told of: a key names one row, and more than one only by mistake."""


@dataclass(frozen=True)
class RowStory:
    """What became of a row in a run.

    Args:
        row: its number in the input, from 0.
        changes: the log's entries, by step.
        gone: how it left the table, if it did.
        cells: its cells at the end as canonical texts, by output column; ``None`` when it is not in the output.
    """

    row: int
    changes: list[dict[str, Any]]
    gone: dict[str, Any] | None
    cells: dict[str, str | None] | None


def tell(
    kept: KeptRun, *, row: int | None = None, key: Mapping[str, str] | None = None, column: str | None = None
) -> list[RowStory]:
    """What the run did to a row, or to one cell of it.

    Args:
        row: its number in the input, from 0.
        key: or the values that name it, by column: as the output has them; of rows that went, as they were read.
        column: of this one alone.

    Raises:
        RestoreError: the run has no such column, kept no log, or masked a column of the key.
    """
    assert (row is None) != (key is None), "a row is named by its number or by a key"
    rows = [row] if row is not None else rows_of(kept, key or {})
    told = [_told(kept, each, column) for each in rows]
    return [each for each in told if each.gone is not None or each.cells is not None]


def _told(kept: KeptRun, row: int, of: str | None) -> RowStory:
    entries = sorted(kept.entries(Question(row=row, column=of), None), key=lambda each: (each["step"], each["column"]))
    gone = next(iter(kept.gone(row)), None)
    cells = _cells(kept, row, of) if gone is None else None
    return RowStory(row, entries, gone, cells)


def rows_of(kept: KeptRun, key: Mapping[str, str]) -> list[int]:
    """The input's numbers of the rows that a key names, whether they are in the output or went."""
    asked = {name: _known(kept, name) for name in key}
    schema = kept.schema_of("clean")
    found = {row for what in META for row in _gone_rows(kept, what, key)}
    outputs = {asked[name]: value for name, value in key.items()}
    missing = [name for name in outputs if name not in schema]
    if not missing:
        where = [_equals(schema[name], value) for name, value in outputs.items()]
        query = exp.select(column(POSITION)).from_(kept.files.table("clean", numbered=True)).where(*where)
        positions = [each[POSITION] for each in kept.rows(query.limit(MOST_ROWS))]
        found |= set(_rows_at(kept, positions))
    return sorted(found)[:MOST_ROWS]


def _known(kept: KeptRun, name: str) -> str:
    """The output column that holds the cells of a column of the key; its own name when it was dropped."""
    outputs = [each.name for each in kept.record.columns]
    given = next((each for each in kept.record.input_columns if each.name == name), None)
    if given is not None and given.sealed is not None:
        raise RestoreError(
            f"the column {name!r} is masked, so that no row can be found by it", where=Where(column=name)
        )
    if given is None and name not in outputs:
        names = [*outputs, *(each.name for each in kept.record.input_columns)]
        raise RestoreError(f"the run had no column {name!r}", hint=did_you_mean(name, names))
    return name if given is None else given.output or name


def _equals(cell: Column, value: str) -> exp.Expr:
    """Whether a cell is what a text says: compared as values of its type, so that statistics of the file help."""
    if cell.type.is_text:
        return exp.EQ(this=column(cell.name), expression=literal(value))
    return exp.EQ(
        this=column(cell.name),
        expression=exp.TryCast(this=literal(value), to=native_type(str(cell.type.native or cell.type))),
    )


def _gone_rows(kept: KeptRun, what: What, key: Mapping[str, str]) -> list[int]:
    schema = kept.schema_of(what)
    own = list(schema)[len(META[what]) :]
    given = {each.output or each.name: each.name for each in kept.record.input_columns}
    names = {name if name in schema else given.get(name, name): value for name, value in key.items()}
    if any(name not in {each.name for each in own} for name in names):
        return []
    number = meta_names(Schema(tuple(own)), tuple(META[what]))["_row"]
    where = [_equals(schema[name], value) for name, value in names.items()]
    query = exp.select(exp.alias_(column(number), "row")).from_(kept.files.table(what)).where(*where)
    return [each["row"] for each in kept.rows(query.limit(MOST_ROWS)) if each["row"] is not None]


def _rows_at(kept: KeptRun, positions: list[int]) -> list[int]:
    """The input's numbers of the rows at places of the output.

    The survivors keep their order, so a row at a place comes behind as many rows as there are before it, and those that
    went from among them.
    """
    if not positions:
        return []
    if kept.record.sorted:
        among = exp.In(this=column(POSITION), expressions=[literal(each) for each in positions])
        ordered = exp.select(exp.column("row")).from_(kept.files.table("order", numbered=True)).where(among)
        return [each["row"] for each in kept.rows(ordered)]
    places = exp.values([(each,) for each in positions], alias="places", columns=["place"])
    before = exp.select(exp.Count(this=exp.Star())).from_(_passed(kept).subquery("gone"))
    before = before.where(exp.LTE(this=exp.column("survivors"), expression=exp.column("place", table="places")))
    row = exp.Add(this=exp.column("place", table="places"), expression=before.subquery())
    return [each["row"] for each in kept.rows(exp.select(exp.alias_(row, "row")).from_(places))]


def _passed(kept: KeptRun) -> exp.Select:
    """For each row that went, how many of the rows that stayed come before it."""
    number = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=[exp.column("row")]))
    earlier = exp.Sub(this=number, expression=literal(1))
    survivors = exp.Sub(this=exp.column("row"), expression=exp.Paren(this=earlier))
    return exp.select(exp.alias_(survivors, "survivors")).from_(gone_numbers(kept).subquery("numbers"))


def gone_numbers(kept: KeptRun) -> exp.Query:
    """The numbers of the input's rows that are not in the output, as ``row``."""
    parts = []
    for what, meta in META.items():
        own = Schema(tuple(kept.schema_of(what))[len(meta) :])
        number = column(meta_names(own, tuple(meta))["_row"])
        there = exp.Not(this=exp.Is(this=number.copy(), expression=exp.Null()))
        parts.append(exp.select(exp.alias_(number, "row")).from_(kept.files.table(what)).where(there))
    return exp.union(*parts, distinct=False)


def place_of(kept: KeptRun, row: int) -> int | None:
    """Where a row of the input is in the output, from 0; ``None`` when there is no such row any more."""
    if kept.record.sorted:
        query = exp.select(column(POSITION)).from_(kept.files.table("order", numbered=True))
        found = kept.rows(query.where(exp.EQ(this=exp.column("row"), expression=literal(row))))
        return int(found[0][POSITION]) if found else None
    before = exp.LT(this=exp.column("row"), expression=literal(row))
    counted = exp.select(exp.alias_(exp.Count(this=exp.Star()), "gone")).from_(gone_numbers(kept).subquery("numbers"))
    return row - int(kept.rows(counted.where(before))[0]["gone"])


def _cells(kept: KeptRun, row: int, of: str | None) -> dict[str, str | None] | None:
    place = place_of(kept, row)
    wanted = None if of is None else _known_cell(kept, of)
    cells = [each for each in kept.schema_of("clean") if wanted in (None, each.name)]
    if place is None or not cells:
        return None
    texts = [exp.alias_(lower(canonical_text(column(each.name), each.type), "duckdb"), each.name, quoted=True)
             for each in cells]  # fmt: skip
    there = exp.EQ(this=column(POSITION), expression=literal(place))
    found = kept.rows(exp.select(*texts).from_(kept.files.table("clean", numbered=True)).where(there))
    return found[0] if found else None


def _known_cell(kept: KeptRun, name: str) -> str:
    given = next((each for each in kept.record.input_columns if each.name == name), None)
    return name if given is None else given.output or name
