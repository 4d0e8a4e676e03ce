"""What each text format needs so that every cell comes through: the query to write in place of the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb
from sqlglot import exp

from sanitizer_core.sinks.formulas import dangerous_cells, dangerous_names, guarded
from sanitizer_core.sources.views import columns_of
from sanitizer_core.sql import call, lower
from sanitizer_core.sql.tree import column

# Parquet holds these in part only: it would round them, or drop their zone or their microseconds.
_NOT_IN_PARQUET = ("HUGEINT", "UHUGEINT", "BIGNUM", "INTERVAL", "TIME WITH TIME ZONE", "BIT")

_FLOATS = frozenset({"FLOAT", "DOUBLE"})

Change = Callable[[exp.Expr], exp.Expr]


def for_parquet(table: exp.Query, connection: duckdb.DuckDBPyConnection) -> exp.Query:
    """Types that Parquet cannot hold whole become text."""
    lost: dict[str, Change] = {
        name: as_text for name, native in columns_of(connection, table) if native in _NOT_IN_PARQUET
    }
    return _changed(table, lost, connection)


def for_csv(table: exp.Query, guard: bool, connection: duckdb.DuckDBPyConnection) -> tuple[exp.Query, int]:
    """Formulas guarded, and how many; the table is read once more to find them.

    A float is its canonical text (``12``, not ``12.0``): what the log says stands there, and what is cleaned again has
    not changed.
    """
    columns = columns_of(connection, table)
    changes: dict[str, Change] = {name: _float_text for name, native in columns if native in _FLOATS}
    if len(columns) == 1:
        # A null alone in its line would be an empty line, which readers pass over: the row would be lost.
        changes[columns[0][0]] = _both(changes.get(columns[0][0]), _never_null)
    texts = [name for name, native in columns if native == "VARCHAR"] if guard else []
    found = dangerous_cells(table, texts, connection)
    changes |= {name: _both(changes.get(name), guarded) for name in found}
    names = dangerous_names([name for name, _ in columns], connection) if guard else set()
    renamed = {name: f"'{name}" for name in names}
    return _changed(table, changes, connection, renamed), sum(found.values()) + len(names)


def for_json(table: exp.Query, connection: duckdb.DuckDBPyConnection) -> exp.Query:
    """NaN and the infinities, which JSON has no numbers for, as text (as Protocol Buffers' JSON has them)."""
    columns = columns_of(connection, table)
    changes: dict[str, Change] = {name: _shortest for name, native in columns if native == "FLOAT"}
    doubles = [name for name, native in columns if native in _FLOATS]
    changes |= dict.fromkeys(_not_finite(table, doubles, connection), _valid_json)
    return _changed(table, changes, connection)


def as_text(value: exp.Expr) -> exp.Expr:
    """A value as DuckDB's text of it."""
    return exp.Cast(this=value, to=exp.DataType.build("TEXT"))


def _changed(
    table: exp.Query,
    changes: dict[str, Change],
    connection: duckdb.DuckDBPyConnection,
    renamed: dict[str, str] | None = None,
) -> exp.Query:
    """The table with some of its columns changed or renamed; the table itself when there is nothing to do."""
    if not changes and not renamed:
        return table
    shown = [
        exp.alias_(
            changes[name](column(name)) if name in changes else column(name),
            (renamed or {}).get(name, name),
            quoted=True,
        )
        for name, _ in columns_of(connection, table)
    ]
    return exp.select(*shown).from_(table.subquery("written"))


def _not_finite(table: exp.Query, names: Sequence[str], connection: duckdb.DuckDBPyConnection) -> list[str]:
    if not names:
        return []
    found = [exp.func("COUNT_IF", exp.not_(_finite(column(name)))) for name in names]
    query = exp.select(*found).from_(table.subquery("written"))
    counts = connection.execute(query.sql(dialect="duckdb")).fetchone() or ()
    return [name for name, count in zip(names, counts, strict=True) if count]


def _finite(value: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="isfinite", expressions=[value])


def _float_text(value: exp.Expr) -> exp.Expr:
    return lower(call("float_text", value), "duckdb")


def _never_null(value: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=as_text(value), expressions=[exp.Literal.string("")])


def _both(first: Change | None, then: Change) -> Change:
    return then if first is None else (lambda value: then(first(value)))


def _shortest(value: exp.Expr) -> exp.Expr:
    """A 32-bit float by its own shortest text, not by that of the double it would become."""
    return exp.Cast(this=as_text(value), to=exp.DataType.build("DOUBLE"))


def _valid_json(value: exp.Expr) -> exp.Expr:
    def json(inner: exp.Expr) -> exp.Expr:
        return exp.Anonymous(this="to_json", expressions=[inner])

    # Not by their text: that of a NaN may have a sign.
    nan = exp.If(this=exp.Anonymous(this="isnan", expressions=[value.copy()]), true=exp.Literal.string("NaN"))
    above = exp.If(
        this=exp.GT(this=value.copy(), expression=exp.Literal.number(0)), true=exp.Literal.string("Infinity")
    )
    below = exp.If(
        this=exp.LT(this=value.copy(), expression=exp.Literal.number(0)), true=exp.Literal.string("-Infinity")
    )
    special = exp.Case(ifs=[nan, above, below])
    finite = exp.If(this=_finite(value.copy()), true=json(_shortest(value.copy())))
    return exp.Case(ifs=[finite], default=json(special))
