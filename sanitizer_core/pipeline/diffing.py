"""The difference between two tables, or between what two runs wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlglot import exp

from sanitizer_core.chain import Relation
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import PlanError, SourceError, did_you_mean
from sanitizer_core.pipeline.reading import Reading, read_numbered
from sanitizer_core.plan import ROW
from sanitizer_core.schema import Schema
from sanitizer_core.sources import open_source
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.options import ReadOptions
from sanitizer_core.sql import column, lower
from sanitizer_core.sql.canonical import canonical_text, differs


@dataclass(frozen=True)
class Difference:
    """How a table B differs from a table A.

    Args:
        rows_a, rows_b: how many rows each has.
        columns_added, columns_removed: columns of B alone, of A alone.
        types_changed: the type in A and in B, by column.
        rows_added, rows_removed: rows of B alone, of A alone.
        cells_changed: cells that differ in rows of both, by column.
        examples: the first of them: where, column, old, new.
    """

    rows_a: int
    rows_b: int
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    types_changed: dict[str, tuple[str, str]]
    rows_added: int
    rows_removed: int
    cells_changed: dict[str, int]
    examples: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the two are alike in every cell, row and column (types may differ)."""
        return not (
            self.columns_added or self.columns_removed or self.rows_added or self.rows_removed or self.cells_changed
        )

    def to_json(self) -> dict[str, Any]:
        """The difference as plain JSON data."""
        return asdict(self) | {"equal": self.is_empty}


def diff(a: Any, b: Any, key: Sequence[str] = (), *, examples: int = 20) -> Difference:
    """Compares two sources, or the folders of two runs, cell by cell.

    Args:
        key: columns that name a row in both; rows are matched by position without them.
        examples: how many differing cells are told one by one.

    Raises:
        SourceError: one cannot be read.
        PlanError: a key column is missing, or a key is there twice.
    """
    with DuckDBEngine.open() as engine:
        left, right = (read_table(engine, source, name, ReadOptions()) for source, name in ((a, "a"), (b, "b")))
        _check_key(engine, key, {"a": left, "b": right})
        shared = [name for name in left.names if name in right and name not in key]
        joined = _joined(key)
        engine.create(
            Relation(
                "matched",
                exp.select(*_items(left, right, shared, key))
                .from_(joined[0])
                .join(joined[1], on=joined[2], join_type="full"),
                stored=True,
            )
        )
        counts = _counts(engine, left, right, shared)
        changed = {name: count for name, count in zip(shared, counts[4:], strict=True) if count}
        return Difference(
            rows_a=counts[0],
            rows_b=counts[1],
            columns_added=tuple(name for name in right.names if name not in left),
            columns_removed=tuple(name for name in left.names if name not in right),
            types_changed={name: (str(left[name].type), str(right[name].type)) for name in left.names
                           if name in right and left[name].type != right[name].type},
            rows_added=counts[2],
            rows_removed=counts[3],
            cells_changed=changed,
            examples=_examples(engine, left, right, list(changed), key, examples),
        )  # fmt: skip


def read_table(engine: DuckDBEngine, source: Any, name: str, options: ReadOptions) -> Schema:
    """A source, or what the run in a folder wrote, as a relation of that name with ``@row``; gives its columns.

    Raises:
        SourceError: it cannot be read, or not whole.
    """
    return stored_table(engine, open_source(table_of(source), engine.connection, options, scratch=engine.scratch), name)


def table_of(source: Any) -> Any:
    """A source; of the folder of a run, what the run wrote."""
    if isinstance(source, (str, Path)) and (Path(source) / "run.json").is_file():
        return Path(source) / "clean.parquet"
    return source


def stored_table(engine: DuckDBEngine, source: Opened, name: str) -> Schema:
    """A source that is open as a relation of its own (see ``read_table``)."""
    reading = Reading(source)
    opened = read_numbered(engine, reading, name)
    lines = (
        engine.fetch(exp.select("count(*)").from_(exp.to_identifier(opened.rejected_view, quoted=True)))[0][0]
        if opened.rejected_view
        else 0
    )
    opened.close()
    if lines:
        raise SourceError(
            f"{opened.address}: {lines} lines cannot be read, so it cannot be compared whole",
            hint="Clean it with 'sanitizer run' first.",
        )
    return opened.schema


def _check_key(engine: DuckDBEngine, key: Sequence[str], tables: dict[str, Schema]) -> None:
    for relation, schema in tables.items():
        for name in key:
            if name not in schema:
                raise PlanError(f"{relation.upper()} has no column {name!r}", hint=did_you_mean(name, schema.names))
        if key:
            columns = [column(name) for name in key]
            twice = exp.select(*columns).from_(relation).group_by(*columns).having("count(*) > 1").limit(1)
            found = engine.fetch(twice)
            if found:
                raise PlanError(
                    f"the key {found[0]!r} is there more than once in {relation.upper()}",
                    hint="Name more columns with --key.",
                )


def _joined(key: Sequence[str]) -> tuple[exp.Expr, exp.Expr, exp.Expr]:
    def of(table: str, name: str) -> exp.Column:
        return exp.column(exp.to_identifier(name, quoted=True), table=table)

    same = [
        exp.NullSafeEQ(this=exp.cast(of("a", name), "TEXT"), expression=exp.cast(of("b", name), "TEXT")) for name in key
    ]
    return (
        exp.to_table("a"),
        exp.to_table("b"),
        exp.and_(*same) if same else exp.EQ(this=of("a", ROW), expression=of("b", ROW)),
    )


def _items(left: Schema, right: Schema, shared: Sequence[str], key: Sequence[str]) -> list[exp.Expr]:
    def of(table: str, name: str) -> exp.Column:
        return exp.column(exp.to_identifier(name, quoted=True), table=table)

    items: list[exp.Expr] = [exp.alias_(of(table, ROW), f"row_{table}") for table in "ab"]
    for index, name in enumerate(key):
        text = [
            lower(canonical_text(of(table, name), schema[name].type), "duckdb")
            for table, schema in (("a", left), ("b", right))
        ]
        items.append(exp.alias_(exp.Coalesce(this=text[0], expressions=text[1:]), f"key{index}"))
    for index, name in enumerate(shared):
        items += [exp.alias_(of("a", name), f"a{index}"), exp.alias_(of("b", name), f"b{index}")]
    return items


def _differ(left: Schema, right: Schema, name: str, index: int) -> exp.Expr:
    both = exp.and_("row_a IS NOT NULL", "row_b IS NOT NULL")
    unlike = differs(exp.column(f"a{index}"), left[name].type, exp.column(f"b{index}"), right[name].type)
    return exp.and_(both, lower(unlike, "duckdb"))


def _counts(engine: DuckDBEngine, left: Schema, right: Schema, shared: Sequence[str]) -> tuple[int, ...]:
    items: list[Any] = ["count(row_a)", "count(row_b)", "count(*) - count(row_a)", "count(*) - count(row_b)"]
    for index, name in enumerate(shared):
        items.append(
            exp.Count(this=exp.Case(ifs=[exp.If(this=_differ(left, right, name, index), true=exp.Literal.number(1))]))
        )
    return engine.fetch(exp.select(*items).from_("matched"))[0]


def _examples(
    engine: DuckDBEngine, left: Schema, right: Schema, changed: Sequence[str], key: Sequence[str], limit: int
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    shared = [name for name in left.names if name in right and name not in key]
    for name in changed:
        index = shared.index(name)
        cells = [
            lower(canonical_text(exp.column(f"{side}{index}"), schema[name].type), "duckdb")
            for side, schema in (("a", left), ("b", right))
        ]
        keys = [exp.column(f"key{place}") for place in range(len(key))]
        query = (
            exp.select("row_a", *cells, *keys)
            .from_("matched")
            .where(_differ(left, right, name, index))
            .order_by("row_a")
        )
        for row in engine.fetch(query.limit(max(0, limit - len(found)))):
            named = {"key": dict(zip(key, row[3:], strict=True))} if key else {"row": row[0]}
            found.append(named | {"column": name, "old": row[1], "new": row[2]})
    return found
