"""Undoing a run from its folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from sanitizer_core.audit.files import RunFiles
from sanitizer_core.audit.restore import Kept, Remains, restore_query
from sanitizer_core.audit.rows import REJECTED, REMOVED, meta_names
from sanitizer_core.audit.sealing import secret_of, unseal
from sanitizer_core.chain import Relation
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import RestoreError, Where
from sanitizer_core.pipeline.choosing import one_database
from sanitizer_core.pipeline.restoring_tables import restore_in_database
from sanitizer_core.plan import ROW
from sanitizer_core.record import InputColumn, RunRecord
from sanitizer_core.schema import DataType, Schema, from_duckdb, from_postgres
from sanitizer_core.sinks import WriteOptions, Written, write_table
from sanitizer_core.sources.postgres.spooling import duckdb_type
from sanitizer_core.sql import column


def restore(
    folder: str | Path,
    output: str | Path,
    *,
    write: WriteOptions | None = None,
    key: str | None = None,
    memory_limit: str | None = None,
) -> Written:
    """Writes the input of a run as it was, cell for cell.

    Lines that could not be read as rows are no cells; they are in ``rejected.parquet`` with their number and text.

    Args:
        folder: the folder of the run's artifacts, or its address in an object store; of a run in a database its
            output's address.
        output: where the table goes.
        key: what opens the values of masked columns; else what the run's own environment variable says.

    Raises:
        RestoreError: the folder is not whole, or the run kept no log to be undone from.
    """
    if (inside := one_database(str(folder), str(output), None)) is not None:
        return restore_in_database(*inside)
    with restored(RunFiles.at(folder), key=key, memory_limit=memory_limit) as (engine, rows):
        return write_table(engine.connection, rows, str(output), options=write or EXACT)


EXACT = WriteOptions(guard_formulas=False)
"""How what is restored is written: cell for cell."""


@contextmanager
def restored(
    files: RunFiles, *, key: str | None = None, memory_limit: str | None = None
) -> Iterator[tuple[DuckDBEngine, exp.Select]]:
    """The input of a run as it was, in its order: a query, and the engine that carries it out.

    Raises:
        RestoreError: as of ``restore``.
    """
    record = files.record()
    record.refuse_unlogged(files.shown)
    with files.engine(memory_limit=memory_limit) as engine:
        query = restored_query(engine, record, files, key)
        names = [column(each.name) for each in record.input_columns]
        rows = exp.select(*names).from_(query.subquery("restored", copy=False), copy=False)
        yield engine, rows.order_by(column(ROW), copy=False)


def restored_query(engine: DuckDBEngine, record: RunRecord, files: RunFiles, key: str | None = None) -> exp.Query:
    """The input of a run with ``@row``, over its files."""
    schema = input_schema(record)
    open_files(engine, record, files, schema)
    kept = [
        Kept(each.name, schema[each.name].type, each.output, each.type, each.sealed is not None)
        for each in record.input_columns
    ]
    dropped = "dropped" if any(each.output is None for each in record.input_columns) else None
    sealed = _open_sealed(engine, record, files, key)
    remains = Remains("numbered", "changes", ("taken.removed", "taken.rejected"), dropped, sealed)
    return restore_query(kept, remains, engine.dialect)


def input_schema(record: RunRecord) -> Schema:
    """The columns of the input, as the files have them."""
    return Schema.of((each.name, _given(record, each)) for each in record.input_columns)


def _given(record: RunRecord, each: InputColumn) -> DataType:
    """The type of an input column as the files have it."""
    if record.engine != "postgres":
        return from_duckdb(each.native)
    kind = from_postgres(each.native)
    if each.native == "numeric" and each.type is not None and each.type.kind == "decimal":
        kind = each.type
    return from_duckdb(duckdb_type(kind).sql("duckdb"))


def _open_sealed(engine: DuckDBEngine, record: RunRecord, files: RunFiles, key: str | None) -> str | None:
    """Makes the sealed values a relation; they are on the disk in the clear for no longer than the engine spills them."""
    variable = next((each.sealed for each in record.input_columns if each.sealed is not None), None)
    if variable is None:
        return None
    with files.open("sealed.bin") as file:
        batches = unseal(file, key or secret_of(variable, RestoreError), files.place("sealed.bin"))
        first = next(batches, None)
        if first is None:
            return None
        engine.connection.register("@sealed", pa.RecordBatchReader.from_batches(first.schema, chain([first], batches)))
        engine.create(Relation("sealed", exp.select("*").from_(exp.to_identifier("@sealed", quoted=True)), stored=True))
    return "sealed"


def open_files(engine: DuckDBEngine, record: RunRecord, files: RunFiles, schema: Schema, *, log: bool = True) -> None:
    """Makes the files known as relations, and numbers the output's rows as the input had them.

    Args:
        log: whether there has to be a log of the changes.
    """
    optional = [name for name in (*(() if log else ("changes",)), "dropped") if f"{name}.parquet" in files.names]
    for name in ("clean", *(("changes",) if log else ()), "removed", "rejected", *optional):
        engine.create(Relation(name, exp.select("*").from_(files.table(name))))
    for name, meta in (("removed", REMOVED), ("rejected", REJECTED)):
        number = meta_names(schema, tuple(meta))["_row"]
        plain = meta_names(schema)["_row"]
        query = exp.select("*").from_(exp.to_identifier(name, quoted=True))
        query = (
            query if number == plain else exp.select("*", exp.alias_(column(number), plain, quoted=True)).from_(name)
        )
        engine.create(Relation(f"taken.{name}", query))
    engine.create(Relation("survivors", _survivors(engine, record, files, schema), stored=True))
    position = exp.select(exp.Star(), exp.alias_(exp.column("file_row_number"), "@position", quoted=True))
    numbered = position.from_(files.table("clean", numbered=True)).subquery("clean")
    same = exp.EQ(
        this=exp.column(exp.to_identifier("@position", quoted=True), table="clean"),
        expression=exp.column("position", table="survivors"),
    )
    query = exp.select("clean.*", exp.column(exp.to_identifier(ROW, quoted=True), table="survivors")).from_(numbered)
    engine.create(Relation("numbered", query.join("survivors", on=same)))
    clean, left = (engine.fetch(exp.select("count(*)").from_(name))[0][0] for name in ("clean", "survivors"))
    if clean != left:
        raise RestoreError(
            f"clean.parquet holds {clean} rows, but the run left {left}", where=Where(file=files.shown),
            hint="The folder's files are not of one run, or one was changed.",
        )  # fmt: skip


def _survivors(engine: DuckDBEngine, record: RunRecord, files: RunFiles, schema: Schema) -> exp.Query:
    """The input's row number of each row of the output, by position."""
    if record.sorted:
        source = exp.select(
            exp.alias_(exp.column("row"), ROW, quoted=True), exp.alias_(exp.column("file_row_number"), "position")
        )
        return source.from_(files.table("order", numbered=True))
    number = meta_names(schema)["_row"]
    gone = exp.union(
        *(exp.select(exp.alias_(column(number), "gone")).from_(f'"taken.{name}"') for name in ("removed", "rejected")),
        distinct=False,
    )
    lines = (
        exp.select("count(*)")
        .from_("rejected")
        .where(exp.Is(this=column(meta_names(schema, tuple(REJECTED))["_row"]), expression=exp.Null()))
    )
    total = record.rows.in_ - int(engine.fetch(lines)[0][0])
    every = exp.select(exp.alias_(exp.column("range"), ROW, quoted=True)).from_(
        exp.Anonymous(this="range", expressions=[exp.Literal.number(total)])
    )
    there = exp.Not(this=exp.Is(this=exp.column("gone"), expression=exp.Null()))
    away = exp.select("gone").from_(gone.subquery("away")).where(there)
    left = (
        exp.select("*")
        .from_(every.subquery("every"))
        .where(exp.Not(this=exp.In(this=column(ROW), query=away.subquery())))
    )
    position = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=[column(ROW)]))
    return exp.select(
        column(ROW), exp.alias_(exp.Sub(this=position, expression=exp.Literal.number(1)), "position")
    ).from_(left.subquery("rows"))
