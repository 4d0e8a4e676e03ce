"""Asking the change log of a run, without reading it whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from sanitizer_core.errors import RestoreError, Where, did_you_mean
from sanitizer_core.record import RunRecord
from sanitizer_core.sql import column, literal


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


def ask(
    folder: str | Path,
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
        column: a column's name in the input, or in the output.
        row: a row of the input, from 0.
        limit: at most so many entries; all when ``None``.

    Raises:
        RestoreError: the folder holds no log, or the run had no such column, step or operation.
    """
    record = RunRecord.load(folder)
    log = Path(folder) / "changes.parquet"
    if not log.exists():
        raise RestoreError(
            "this run kept no log of its changes", where=Where(file=str(folder)), hint="Run with --audit cells."
        )
    wanted = {
        "row": row,
        "step": step,
        "op": _known_op(record, op),
        "old": old,
        "new": new,
        "column": _input_name(record, column),
    }
    where = [
        exp.EQ(this=_column(name), expression=literal(value)) for name, value in wanted.items() if value is not None
    ]
    source = exp.Table(this=exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(log))]))
    chosen = exp.select("*").from_(source)
    chosen = chosen.where(*where) if where else chosen
    with duckdb.connect(":memory:") as connection:
        total = _rows(connection, exp.select("count(*) AS total").from_(chosen.subquery("chosen")))[0]["total"]
        query = chosen.order_by(*(_column(name) for name in ("row", "column", "step")))
        entries = _rows(connection, query.limit(limit) if limit is not None else query)
        return Answer(total, entries, _gone(connection, Path(folder), row) if row is not None else [])


def _column(name: str) -> exp.Column:
    return column(name)


def _rows(connection: duckdb.DuckDBPyConnection, query: exp.Query) -> list[dict[str, Any]]:
    found = connection.execute(query.sql("duckdb"))
    names = [str(each[0]) for each in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


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


def _known_op(record: RunRecord, op: str | None) -> str | None:
    ops = [step.op for step in record.steps]
    if op is not None and op not in ops:
        raise RestoreError(f"the run had no step {op!r}", hint=did_you_mean(op, ops))
    return op


def _gone(connection: duckdb.DuckDBPyConnection, folder: Path, row: int) -> list[dict[str, Any]]:
    """How a row left the table: by which step, and why."""
    found: list[dict[str, Any]] = []
    for what, reason in (("removed", "_reason"), ("rejected", "_reasons")):
        path = exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(folder / f"{what}.parquet"))])
        # The columns in front of a row's own come in a fixed order, whatever they had to be called.
        names = [each["column_name"] for each in _rows(connection, _described(path))]
        step = names.index(next(name for name in names if name.lstrip("_") == "step"))
        items = (
            names[0],
            names[step],
            names[step + 2],
            next(name for name in names if name.lstrip("_") == reason.lstrip("_")),
        )
        query = exp.select(
            *(
                exp.alias_(_column(name), alias, quoted=True)
                for name, alias in zip(items, ("row", "step", "op", "reason"), strict=True)
            )
        )
        where = exp.EQ(this=_column(names[0]), expression=literal(row))
        found += [{"what": what} | each for each in _rows(connection, query.from_(exp.Table(this=path)).where(where))]
    return found


def _described(path: exp.Expr) -> exp.Query:
    described = exp.Subquery(this=exp.Describe(this=exp.select("*").from_(exp.Table(this=path))))
    return exp.select("column_name").from_(described)
