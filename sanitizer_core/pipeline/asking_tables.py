"""Asking a run inside a database: its change log and the rows that went are tables beside its output."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from sanitizer_core.audit.asking import META, Answer, Question, ask, conditions
from sanitizer_core.audit.changes import COLUMNS
from sanitizer_core.audit.rows import meta_names
from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.errors import RestoreError
from sanitizer_core.pipeline.restoring_tables import record_beside
from sanitizer_core.record import RunRecord
from sanitizer_core.schema import Schema, from_postgres
from sanitizer_core.sources.address import Address, in_postgres, parse_address
from sanitizer_core.sources.postgres import TableName, find_table, table_name
from sanitizer_core.sql import column, literal


def ask_run(artifacts: str, question: Question, limit: int | None = None) -> Answer:
    """The entries of a run's log that fit everything that is asked.

    Args:
        artifacts: the folder of the run; of one inside a database, the address of the table that it wrote.

    Raises:
        RestoreError: there is no log, or the run had no such column or operation.
    """
    if in_postgres(artifacts):
        return _ask_tables(parse_address(artifacts, RestoreError), question, limit)
    return ask(
        artifacts,
        column=question.column,
        row=question.row,
        step=question.step,
        op=question.op,
        old=question.old,
        new=question.new,
        limit=limit,
    )


def _ask_tables(output: Address, question: Question, limit: int | None) -> Answer:
    with PostgresEngine.open(output) as engine:
        table = table_name(engine.connection, output, RestoreError)
        record = record_beside(engine, table, output.shown)
        find_table(engine.connection, table.beside("changes"), output.shown, RestoreError)
        log = exp.select().from_(table.beside("changes").tree).where(*conditions(record, question))
        total = engine.fetch(log.select(exp.Count(this=exp.Star())))[0][0]
        entries = log.select(*map(column, COLUMNS)).order_by(*map(column, ("row", "column", "step")))
        found = engine.fetch(entries.limit(limit) if limit is not None else entries)
        gone = _gone(engine, table, record, question.row) if question.row is not None else []
    return Answer(int(total), [dict(zip(COLUMNS, row, strict=True)) for row in found], gone)


def _gone(engine: PostgresEngine, table: TableName, record: RunRecord, row: int) -> list[dict[str, Any]]:
    """How a row left the table, if it did."""
    schema = Schema.of((each.name, from_postgres(each.native)) for each in record.input_columns)
    found = []
    for what, meta in META.items():
        names = meta_names(schema, tuple(meta))
        told = ("_row", "_step", "_op", "_reason" if "_reason" in meta else "_reasons")
        query = exp.select(*(column(names[name]) for name in told)).from_(table.beside(what).tree)
        query = query.where(exp.EQ(this=column(names["_row"]), expression=literal(row)))
        found += [
            dict(zip(("row", "step", "op", "reason"), each, strict=True)) | {"what": what}
            for each in engine.fetch(query)
        ]
    return found
