"""Undoing a run in a database from the tables beside its output."""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.audit.restore import Kept, Remains, restore_query
from sanitizer_core.audit.rows import REJECTED, REMOVED, meta_names
from sanitizer_core.chain import Relation
from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.errors import RestoreError, SinkError, Where
from sanitizer_core.pipeline.sealed_parts import open_sealed
from sanitizer_core.plan import ROW
from sanitizer_core.record import RunRecord
from sanitizer_core.schema import Schema, from_postgres
from sanitizer_core.sinks import Written
from sanitizer_core.sinks.postgres import Filling, prepare, publication
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.postgres import TableName, find_table, table_name
from sanitizer_core.sql import column


def restore_in_database(output: Address, target: Address) -> Written:
    """Writes the input of a run as it was into another table of the database.

    Args:
        output: what the run wrote; the tables beside it tell how it came about.
        target: where the restored table goes.

    Raises:
        RestoreError: the tables are not whole, or the run kept no log to be undone from.
    """
    with PostgresEngine.open(output) as engine:
        table = table_name(engine.connection, output, RestoreError)
        goal = table_name(engine.connection, target, SinkError)
        prepare(engine.connection, goal, target.shown)
        query = restored_rows(engine, table, output.shown)
        engine.create(Relation("restored", query))
        natives = {each.name: each.native for each in record_beside(engine, table, output.shown).input_columns}
        columns, outward = engine.outward("restored", natives)
        with publication(engine.connection, goal, target.shown) as fill:
            fill(Filling(goal, columns, engine.sql(outward)))
        rows = engine.fetch(exp.select(exp.Count(this=exp.Star())).from_(goal.tree))[0][0]
    return Written(target.shown, "postgres", int(rows), 0, 0)


def record_beside(engine: PostgresEngine, table: TableName, shown: str) -> RunRecord:
    """The record of the run that wrote a table.

    Raises:
        RestoreError: there is none.
    """
    run = table.beside("run")
    find_table(engine.connection, run, shown, RestoreError)
    rows = engine.fetch(exp.select(exp.cast(column("record"), "TEXT")).from_(run.tree))
    if len(rows) != 1:
        raise RestoreError(f"{run} holds {len(rows)} records of runs rather than one", where=Where(file=shown))
    return RunRecord.read(rows[0][0], str(run))


def restored_rows(engine: PostgresEngine, table: TableName, shown: str) -> exp.Query:
    """The input of the run that wrote a table, in its order."""
    record = record_beside(engine, table, shown)
    record.refuse_unlogged(shown)
    schema = Schema.of((each.name, from_postgres(each.native)) for each in record.input_columns)
    _open_tables(engine, table, record, schema, shown)
    kept = [
        Kept(each.name, schema[each.name].type, each.output, each.type, each.sealed is not None)
        for each in record.input_columns
    ]
    dropped = "dropped" if any(each.output is None for each in record.input_columns) else None
    sealed = _open_sealed(engine, table, record, shown)
    remains = Remains("numbered", "changes", ("taken.removed", "taken.rejected"), dropped, sealed)
    query = restore_query(kept, remains, engine.dialect)
    names = [column(each.name) for each in record.input_columns]
    return exp.select(*names).from_(query.subquery("restored")).order_by(column(ROW))


def _open_sealed(engine: PostgresEngine, table: TableName, record: RunRecord, shown: str) -> str | None:
    key = next((each.sealed for each in record.input_columns if each.sealed is not None), None)
    if key is None:
        return None
    find_table(engine.connection, table.beside("sealed"), shown, RestoreError)
    parts = exp.select(column("content")).from_(table.beside("sealed").tree).order_by(column("part"))
    return open_sealed(engine, (row[0] for row in engine.fetch(parts)), key)


def _open_tables(engine: PostgresEngine, table: TableName, record: RunRecord, schema: Schema, shown: str) -> None:
    """Makes the tables known as relations under the names that undoing gives them."""
    dropped = any(each.output is None for each in record.input_columns)
    for what in ("clean", "changes", "removed", "rejected", *(("dropped",) if dropped else ())):
        find_table(engine.connection, table.beside(what), shown, RestoreError)
    for what in ("changes", *(("dropped",) if dropped else ())):
        engine.create(Relation(what, exp.select("*").from_(table.beside(what).tree)))
    plain = meta_names(schema)["_row"]
    for what, meta in (("removed", REMOVED), ("rejected", REJECTED)):
        number = meta_names(schema, tuple(meta))["_row"]
        also = [exp.alias_(column(number), plain, quoted=True)] if number != plain else []
        engine.create(Relation(f"taken.{what}", exp.select(exp.Star(), *also).from_(table.beside(what).tree)))
    output = Schema.of((each.name, from_postgres("text")) for each in record.columns)
    numbers = exp.alias_(column(meta_names(output)["_row"]), ROW, quoted=True)
    clean = exp.select(exp.Star(), numbers).from_(table.beside("clean").tree)
    engine.create(Relation("numbered", clean))
    held = engine.fetch(exp.select(exp.Count(this=exp.Star())).from_(exp.to_identifier("numbered", quoted=True)))[0][0]
    if held != record.rows.out:
        raise RestoreError(
            f"{table.beside('clean')} holds {held} rows, but the run left {record.rows.out}",
            where=Where(file=shown),
            hint="The tables are not of one run, or one was changed.",
        )
