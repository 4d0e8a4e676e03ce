"""Undoing a run that Spark made, from the folders or tables of its artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from sanitizer_core.audit.restore import Kept, Remains, restore_query
from sanitizer_core.audit.rows import REJECTED, REMOVED, meta_names
from sanitizer_core.chain import Relation
from sanitizer_core.engines.spark import SparkEngine
from sanitizer_core.engines.spark_places import SparkPlace, rows_at, spark_place, write_place
from sanitizer_core.errors import RestoreError, SinkError, Where
from sanitizer_core.pipeline.on_spark import TABLES
from sanitizer_core.pipeline.sealed_on_spark import open_sealed
from sanitizer_core.plan import ROW
from sanitizer_core.record import RunRecord
from sanitizer_core.schema import Schema, from_spark
from sanitizer_core.sinks import Written
from sanitizer_core.sql import column

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def restore_on_spark(artifacts: str, output: str, *, master: str | None = None, remote: str | None = None) -> Written:
    """Writes the input of a run as it was into another table or folder.

    Args:
        artifacts: the folder of the run; of one whose output is a table, that table.

    Raises:
        RestoreError: the artifacts are not whole, a step kept no log of what it changed, or the key of what was masked is another.
    """
    place, target = spark_place(artifacts, RestoreError), spark_place(output, SinkError)
    with SparkEngine.open(master=master, remote=remote) as engine:
        record = _record(engine, place)
        record.refuse_unlogged(place.shown)
        query = _restored(engine, record, place)
        engine.create(Relation("restored", query, stored=True))
        names = [column(each.name) for each in record.input_columns]
        rows = exp.select(*names).from_(exp.to_identifier("restored", quoted=True))
        write_place(
            engine, rows.order_by(column(ROW)), target, {each.name: each.native for each in record.input_columns}
        )
        count = engine.fetch(exp.select(exp.Count(this=exp.Star())).from_(exp.to_identifier("restored", quoted=True)))
    return Written(target.shown, "csv" if target.kind == "csv" else "parquet", int(count[0][0]), 0, 0)


def _rows(engine: SparkEngine, place: SparkPlace) -> DataFrame:
    from pyspark.errors import PySparkException

    try:
        rows = rows_at(engine, place)
        assert rows.columns
        return rows
    except PySparkException as error:
        raise RestoreError(
            f"what the run kept is not whole: {str(error).strip().splitlines()[0]}", where=Where(file=place.shown)
        ) from None


def _record(engine: SparkEngine, place: SparkPlace) -> RunRecord:
    from pyspark.errors import PySparkException

    if place.kind != "table":
        try:
            text = engine.session.read.text(f"{place.name}/run.json", wholetext=True).collect()[0][0]
            return RunRecord.read(text, place.shown)
        except PySparkException:
            return RunRecord.read(_rows(engine, place.beside("run")).collect()[0][0], place.shown)
    return RunRecord.read(_rows(engine, place.beside("run")).collect()[0][0], place.shown)


def _restored(engine: SparkEngine, record: RunRecord, place: SparkPlace) -> exp.Query:
    schema = Schema.of((each.name, from_spark(each.native)) for each in record.input_columns)
    dropped = any(each.output is None for each in record.input_columns)
    for what in TABLES:
        if what != "dropped" or dropped:
            engine.view(what, _rows(engine, place.beside(what)))
    plain = meta_names(schema)["_row"]
    for what, meta in (("removed", REMOVED), ("rejected", REJECTED)):
        number = meta_names(schema, tuple(meta))["_row"]
        also = [exp.alias_(column(number), plain, quoted=True)] if number != plain else []
        engine.create(Relation(f"taken.{what}", exp.select(exp.Star(), *also).from_(what)))
    output = Schema.of((each.name, from_spark("string")) for each in record.columns)
    numbers = exp.alias_(column(meta_names(output)["_row"]), ROW, quoted=True)
    engine.create(Relation("numbered", exp.select(exp.Star(), numbers).from_("clean")))
    kept = [
        Kept(each.name, schema[each.name].type, each.output, each.type, each.sealed is not None)
        for each in record.input_columns
    ]
    gone = "dropped" if dropped else None
    sealed = _open_sealed(engine, record, place)
    remains = Remains("numbered", "changes", ("taken.removed", "taken.rejected"), gone, sealed)
    return restore_query(kept, remains, engine.dialect)


def _open_sealed(engine: SparkEngine, record: RunRecord, place: SparkPlace) -> str | None:
    key = next((each.sealed for each in record.input_columns if each.sealed is not None), None)
    if key is None:
        return None
    engine.view("sealed", _rows(engine, place.beside("sealed")))
    return open_sealed(engine, "sealed", key, place.shown)
