"""What SQL cannot say: values mapped by a Python function, and functions over Arrow data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa
from sqlglot import exp

from sanitizer_core.chain import Chain, Relation
from sanitizer_core.compile import output_query
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import EngineError, SanitizerError
from sanitizer_core.ops.effects import AddColumn, DropColumn, Effect, MapValues, Rewrite, RunPython
from sanitizer_core.plan import ROW, StepInfo
from sanitizer_core.schema import INTEGER, TEXT, Schema
from sanitizer_core.sql import column
from sanitizer_core.sql.lookup import Lookup, found, hit

BATCH_ROWS = 50_000


def apply_python(engine: DuckDBEngine, chain: Chain, step: StepInfo, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Carries out the effects that need Python, and gives effects that say the same with what came of it."""
    told: list[Effect] = []
    for index, effect in enumerate(effects):
        if isinstance(effect, MapValues):
            told.append(_map_values(engine, chain, f"{step.label}.map{index}", effect))
        elif isinstance(effect, RunPython):
            told += _run(engine, chain, f"{step.label}.python", effect)
        else:
            told.append(effect)
    return tuple(told)


def _map_values(engine: DuckDBEngine, chain: Chain, name: str, effect: MapValues) -> Rewrite:
    """The distinct values that pass the guard go through the function once each; all other cells stay."""
    table = exp.to_identifier(name, quoted=True).sql(engine.dialect)
    engine.execute(f"CREATE OR REPLACE TABLE {table} (key1 TEXT, value TEXT, hit BOOLEAN)")
    version = chain.table.slot(effect.column).now.name
    wanted = chain.select(column(version), where=chain.resolve(effect.guard)).distinct()
    for batch in _reading(engine, f"{name}.distinct", wanted).to_arrow_reader(BATCH_ROWS):
        keys = [key for key in batch.column(0).to_pylist() if key is not None]
        pairs = [(old, new) for old, new in zip(keys, effect.function(keys), strict=True) if old != new]
        mapped = pa.table(
            {
                "key1": pa.array([old for old, _ in pairs], pa.string()),
                "value": pa.array([new for _, new in pairs], pa.string()),
                "hit": pa.array([True] * len(pairs), pa.bool_()),
            }
        )
        _insert(engine, table, mapped)
    value = exp.Case(ifs=[exp.If(this=hit(), true=found())], default=column(effect.column))
    lookup = Lookup((column(effect.column),), (TEXT,), TEXT, relation=name)
    return Rewrite(effect.column, (value, *effect.passes), TEXT, effect.reason, effect.confidence, lookup=lookup)


def _reading(engine: DuckDBEngine, name: str, query: exp.Query) -> duckdb.DuckDBPyRelation:
    """A cursor over a query's rows, which are stored first: a second connection sees neither bitmaps nor our own writes."""
    engine.create(Relation(name, query, stored=True))
    return engine.connection.cursor().sql(engine.sql(exp.select("*").from_(exp.to_identifier(name, quoted=True))))


def _insert(engine: DuckDBEngine, table: str, rows: pa.Table | pa.RecordBatchReader) -> None:
    engine.connection.register("@python", rows)
    engine.execute(f'INSERT INTO {table} SELECT * FROM "@python"')  # noqa: S608 (the name was quoted by sqlglot)
    engine.connection.unregister("@python")


def _run(engine: DuckDBEngine, chain: Chain, name: str, effect: RunPython) -> list[Effect]:
    """The function's columns become a relation by row number; what it gave back is compared like any other rewrite."""
    table = exp.to_identifier(name, quoted=True).sql(engine.dialect)
    reader = _reading(engine, f"{name}.given", output_query(chain, with_row=True)).to_arrow_reader(BATCH_ROWS)
    given: Iterator[pa.Table] = iter([reader.read_all()]) if effect.whole else map(_as_table, reader)
    results = (_called(effect, part) for part in given)
    first = next(results, None)
    if first is None:
        first = _called(effect, reader.schema.empty_table())
    engine.connection.register("@python", first)
    engine.execute(f'CREATE OR REPLACE TABLE {table} AS SELECT * FROM "@python"')  # noqa: S608 (see above)
    engine.connection.unregister("@python")
    for part in results:
        if part.schema != first.schema:
            part = part.select(first.schema.names).cast(first.schema)
        _insert(engine, table, part)
    return _effects(chain, engine.schema_of(name), name, effect)


def _as_table(batch: pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([batch])


def _called(effect: RunPython, part: pa.Table) -> pa.Table:
    rows = part.column(ROW)
    try:
        given = effect.function(part.drop_columns([ROW]))
    except SanitizerError:
        raise
    except Exception as error:
        raise EngineError(f"{effect.reason} raised {type(error).__name__}: {error}") from error
    if not isinstance(given, pa.Table):
        raise EngineError(f"{effect.reason} has to return a pyarrow.Table, but returned {type(given).__name__}")
    if given.num_rows != part.num_rows:
        raise EngineError(
            f"{effect.reason} was given {part.num_rows} rows and returned {given.num_rows}",
            hint="A function rewrites, adds and drops columns; rows are removed with filter_rows or remove_duplicates.",
        )
    hits = pa.array([True] * given.num_rows, pa.bool_())
    return given.append_column("hit", hits).append_column("key1", rows)


def _effects(chain: Chain, result: Schema, relation: str, effect: RunPython) -> list[Effect]:
    effects: list[Effect] = []
    returned = result.columns[:-2]
    inputs = chain.table.schema.names
    for each in returned:
        lookup = Lookup((column(ROW),), (INTEGER,), each.type, relation=relation, value=each.name)
        if each.name in inputs:
            effects.append(Rewrite(each.name, (found(),), each.type, effect.reason, inputs=inputs, lookup=lookup))
        else:
            effects.append(AddColumn(each.name, found(), each.type, inputs, effect.reason, lookup=lookup))
    gone = [name for name in inputs if name not in {each.name for each in returned}]
    return [*effects, *(DropColumn(name, effect.reason) for name in gone)]
