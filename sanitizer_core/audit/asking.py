"""Asking the files of a run: the change log and the rows that went, without reading them whole."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from typing import Any, Literal

from sqlglot import exp

from sanitizer_core.audit.changes import COLUMNS
from sanitizer_core.audit.files import RunFiles
from sanitizer_core.audit.rows import REJECTED, REMOVED, meta_names
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import RestoreError, Where, did_you_mean
from sanitizer_core.record import RunRecord
from sanitizer_core.schema import DataType, Schema, from_duckdb
from sanitizer_core.sql import column, literal, lower
from sanitizer_core.sql.canonical import canonical_text

What = Literal["removed", "rejected"]
META: dict[What, dict[str, str]] = {"removed": REMOVED, "rejected": REJECTED}
"""What stands in front of the rows' own columns."""
POSITION = "file_row_number"
"""Where an entry stands in its file, from 0. DuckDB begins to read there, so that a page far down costs no more."""
READ_FIRST = 5_000_000
"""Entries that a page is looked for in by a first statement. Where statistics rule them out, which takes no time, the next
one looks through four times as many."""
QUICK = 0.12
"""Seconds of a statement that hardly read anything."""
ENOUGH = 0.5
"""Seconds after which a page ends with the statement at hand, full or not; the next one goes on from there."""


@dataclass(frozen=True)
class Question:
    """What is asked of a log: entries that fit everything that is not ``None``.

    Args:
        column: a column's name in the input, or in the output.
        row: a row of the input, from 0.
        missing: entries that have no old value, or no new one.
    """

    column: str | None = None
    row: int | None = None
    step: int | None = None
    op: str | None = None
    old: str | None = None
    new: str | None = None
    missing: Literal["old", "new"] | None = None


@dataclass(frozen=True)
class Answer:
    """What the log says.

    Args:
        total: entries that fit, however many are shown.
        entries: the first of them, by row and step.
        gone: when a row was asked for, how it left the table, if it did.
    """

    total: int
    entries: list[dict[str, Any]]
    gone: list[dict[str, Any]]


@dataclass(frozen=True)
class Part:
    """A page in the order of the file.

    Args:
        after: where the next page begins; ``None`` when there is none.
    """

    entries: list[dict[str, Any]]
    after: int | None


def ask(
    folder: str | PathLike[str],
    *,
    column: str | None = None,
    row: int | None = None,
    step: int | None = None,
    op: str | None = None,
    old: str | None = None,
    new: str | None = None,
    limit: int | None = None,
) -> Answer:
    """The entries of a run's log that fit everything that is asked.

    Args:
        folder: of the run, or its address in an object store.
        column: a column's name in the input, or in the output.
        row: a row of the input, from 0.
        limit: at most so many entries; all when ``None``.

    Raises:
        RestoreError: the folder holds no log, or the run had no such column, step or operation.
    """
    question = Question(column, row, step, op, old, new)
    with KeptRun.open(RunFiles.at(folder)) as kept:
        gone = kept.gone(row) if row is not None else []
        return Answer(kept.count(question), kept.entries(question, limit), gone)


@dataclass(frozen=True)
class KeptRun:
    """What a run kept, open to be asked."""

    files: RunFiles
    record: RunRecord
    engine: DuckDBEngine

    @classmethod
    @contextmanager
    def open(
        cls,
        files: RunFiles,
        *,
        record: RunRecord | None = None,
        memory_limit: str | None = None,
        threads: int | None = None,
    ) -> Iterator[KeptRun]:
        """The files of a run with an engine that reads them.

        Args:
            record: what the run wrote down, where it is known; else it is read.

        Raises:
            RestoreError: they are not those of a run.
        """
        known = record or files.record()
        with files.engine(memory_limit=memory_limit, threads=threads) as engine:
            yield cls(files, known, engine)

    def count(self, question: Question) -> int:
        """How many entries fit."""
        counted = exp.select(exp.alias_(exp.Count(this=exp.Star()), "total"))
        return int(self.rows(self._asked(counted, question))[0]["total"])

    def entries(self, question: Question, limit: int | None) -> list[dict[str, Any]]:
        """The entries that fit, by row, column and step."""
        query = self._asked(exp.select("*"), question).order_by(*(column(name) for name in ("row", "column", "step")))
        return self.rows(query.limit(limit) if limit is not None else query)

    def page(self, question: Question, limit: int, after: int = 0) -> Part:
        """The entries that fit from a place in the file on, in the order of the file."""
        items = [column(name) for name in (*COLUMNS, POSITION)]
        return self._part(self._asked(exp.select(*items), question, numbered=True), "changes", limit, after)

    def gone(self, row: int) -> list[dict[str, Any]]:
        """How a row left the table, if it did: by which step, and why."""
        question = Question(row=row)
        return [
            {"what": what, "row": each["row"], "step": each["step"], "op": each["op"], "reason": _reason(each)}
            for what in META
            for each in self.rows(self._taken(what, question).limit(1))
        ]

    def gone_page(self, what: What, question: Question, limit: int, after: int = 0) -> Part:
        """The rows that were taken away, from a place in the file on: each with its own ``cells`` as texts."""
        return self._part(self._taken(what, question), what, limit, after)

    def rows(self, query: exp.Query) -> list[dict[str, Any]]:
        """The rows of a query by the names of its columns."""
        found = self.engine.execute(query)
        names = [str(each[0]) for each in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def schema_of(self, name: str) -> Schema:
        """The columns of one of the Parquet files."""
        described = exp.Subquery(this=exp.Describe(this=exp.select("*").from_(self.files.table(name))))
        found = self.rows(exp.select("column_name", "column_type").from_(described))
        return Schema.of((each["column_name"], from_duckdb(each["column_type"])) for each in found)

    def _part(self, query: exp.Select, file: str, limit: int, after: int) -> Part:
        total = int(self.rows(exp.select("count(*) AS total").from_(self.files.table(file)))[0]["total"])
        found: list[dict[str, Any]] = []
        start, size, seconds = after, READ_FIRST, 0.0
        while start < total and len(found) <= limit and seconds < ENOUGH:
            begun = time.monotonic()
            found += self.rows(_between(query, start, start + size).limit(limit + 1 - len(found)))
            took = time.monotonic() - begun
            start, size, seconds = start + size, size * 4 if took < QUICK else size, seconds + took
        places = [each.pop(POSITION) for each in found]
        if len(found) > limit:
            return Part(found[:limit], places[limit])
        return Part(found, start if start < total else None)

    def _asked(self, query: exp.Select, question: Question, *, numbered: bool = False) -> exp.Select:
        if "changes.parquet" not in self.files.names:
            raise RestoreError(
                "this run kept no log of its changes",
                where=Where(file=self.files.shown),
                hint="Run with --audit cells.",
            )
        return query.from_(self.files.table("changes", numbered=numbered)).where(*conditions(self.record, question))

    def _taken(self, what: What, question: Question) -> exp.Select:
        """The rows of a file of whole rows: what stands in front of them by its plain names, the rest as ``cells``."""
        schema = self.schema_of(what)
        own = list(schema)[len(META[what]) :]
        names = meta_names(Schema.of((each.name, each.type) for each in own), tuple(META[what]))
        items = [exp.alias_(column(names[name]), name.lstrip("_"), quoted=True) for name in META[what]]
        fields = [
            exp.PropertyEQ(this=exp.to_identifier(each.name, quoted=True), expression=_text(each.name, each.type))
            for each in own
        ]
        cells = exp.Struct(expressions=fields) if fields else exp.Null()
        items += [exp.alias_(cells, "cells"), column(POSITION)]
        wanted = {"_row": question.row, "_step": question.step, "_op": _known_op(self.record, question.op, *READERS)}
        query = exp.select(*items).from_(self.files.table(what, numbered=True))
        return query.where(*_fitting({names[name]: value for name, value in wanted.items()}))


def conditions(record: RunRecord, question: Question) -> list[exp.Expr]:
    """What an entry of the log has to fulfil to be one that is asked for.

    Raises:
        RestoreError: the run had no such column or operation.
    """
    wanted = {
        "row": question.row,
        "step": question.step,
        "op": _known_op(record, question.op),
        "old": question.old,
        "new": question.new,
        "column": _input_name(record, question.column),
    }
    missing = [] if question.missing is None else [exp.Is(this=column(question.missing), expression=exp.Null())]
    return [*_fitting(wanted), *missing]


READERS = ("read", "contract")
"""What takes rows away beside the steps."""


def _between(query: exp.Select, start: int, end: int) -> exp.Select:
    position = column(POSITION)
    first = exp.GTE(this=position, expression=literal(start))
    return query.where(first, exp.LT(this=position.copy(), expression=literal(end)))


def _fitting(wanted: dict[str, Any]) -> list[exp.Expr]:
    return [exp.EQ(this=column(name), expression=literal(value)) for name, value in wanted.items() if value is not None]


def _text(name: str, kind: DataType) -> exp.Expr:
    return lower(canonical_text(column(name), kind), "duckdb")


def _reason(gone: dict[str, Any]) -> Any:
    return gone["reason"] if "reason" in gone else gone["reasons"]


def _input_name(record: RunRecord, name: str | None) -> str | None:
    if name is None:
        return None
    by_output = {each.output: each.name for each in record.input_columns if each.output is not None}
    names = [each.name for each in record.input_columns]
    if name in names:
        return name
    if name in by_output:
        return by_output[name]
    added = next((each for each in record.columns if each.name == name), None)
    if added is not None:
        raise RestoreError(
            f"the column {name!r} was added by step {added.added_by}: it has no cells in the input that could change"
        )
    raise RestoreError(f"the run had no column {name!r}", hint=did_you_mean(name, [*names, *filter(None, by_output)]))


def _known_op(record: RunRecord, op: str | None, *further: str) -> str | None:
    ops = [*(step.op for step in record.steps), *further]
    if op is not None and op not in ops:
        raise RestoreError(f"the run had no step {op!r}", hint=did_you_mean(op, ops))
    return op
