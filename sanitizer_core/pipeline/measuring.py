"""Statistics as relations of the statement that uses them: one row, beside every row of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from sanitizer_core.chain import Chain, Relation, named
from sanitizer_core.errors import CompileError
from sanitizer_core.ops.effects import AddColumn, Effect, RemoveRows, Rewrite
from sanitizer_core.ops.measured import Measured
from sanitizer_core.ops.stat import Stat
from sanitizer_core.sql import call, column, lower
from sanitizer_core.sql.logic import is_null, negated
from sanitizer_core.sql.lower import fill
from sanitizer_core.sql.measures import ROUNDED

_AGGREGATES = {
    "rows": "COUNT(*)",
    "count": "COUNT(:value)",
    "min": "MIN(:value)",
    "max": "MAX(:value)",
    "mean": "AVG(:double)",
    # Equal numbers have a deviation of exactly 0, which running sums would miss by a hair.
    "stddev": "CASE WHEN MIN(:value) = MAX(:value) THEN 0 ELSE STDDEV_POP(:double) END",
}
"""Measures that every dialect says alike."""

_QUANTILES = {
    "duckdb": "QUANTILE_CONT(:double, :fraction)",
    "postgres": "PERCENTILE_CONT(:fraction) WITHIN GROUP (ORDER BY :double)",
    "snowflake": "PERCENTILE_CONT(:fraction) WITHIN GROUP (ORDER BY :double)",
    "redshift": "PERCENTILE_CONT(:fraction) WITHIN GROUP (ORDER BY :double)",
    "spark": "PERCENTILE(:double, :fraction)",
    "databricks": "PERCENTILE(:double, :fraction)",
}
"""Exact quantiles, interpolated; the other dialects number the values in their order and take the two around the place."""

_LOG10 = {"snowflake": "LOG(10, {0})", "postgres": "LOG({0})", "redshift": "LOG({0})"}


def measured_step(
    chain: Chain, label: str, values: Measured, effects: Sequence[Effect], condition: exp.Expr | None
) -> tuple[Chain, list[Relation], list[Effect]]:
    """The chain with the step's statistics as columns, the relations that measure them, and the effects that use them.

    Raises:
        CompileError: the dialect cannot measure one of them.
    """
    names = {name: f"@{label}.{name}" for name in (*values.asked, *values.worked_out)}
    row, relations = _measurements(chain, label, values, names, condition)
    for name, (tree, rounded) in values.worked_out.items():
        item = _bound(lower(tree, chain.dialect), names)
        item = _significant(item, chain.dialect) if rounded else item
        row, relations = _further(label, row, relations, named(item, names[name]))
    with_all = f"{label}.with_measured"
    star = exp.Column(this=exp.Star(), table=exp.to_identifier(chain.last, quoted=True))
    items = [
        exp.column(exp.to_identifier(each, quoted=True), table=exp.to_identifier(row, quoted=True))
        for each in names.values()
    ]
    query = exp.select(star, *items).from_(exp.to_identifier(chain.last, quoted=True))
    query = query.join(exp.Table(this=exp.to_identifier(row, quoted=True)), join_type="cross")
    relations.append(Relation(with_all, query, comment="beside what was measured"))
    return replace(chain, last=with_all), relations, [_with_columns(effect, names) for effect in effects]


def _bound(tree: exp.Expr, names: Mapping[str, str]) -> exp.Expr:
    return exp.replace_placeholders(tree.copy(), **{name: column(held) for name, held in names.items()})


MEASURED = "measured"
"""Marks a column that is none of the table's, but a statistic beside it."""


def _with_columns(effect: Effect, names: Mapping[str, str]) -> Effect:
    if isinstance(effect, Rewrite):
        return replace(effect, passes=tuple(_marked(each, names) for each in effect.passes))
    if isinstance(effect, AddColumn):
        return replace(effect, value=_marked(effect.value, names))
    if isinstance(effect, RemoveRows):
        return replace(effect, where=_marked(effect.where, names), told=effect.told and _marked(effect.told, names))
    return effect


def _marked(tree: exp.Expr, names: Mapping[str, str]) -> exp.Expr:
    """Identifiers rather than columns: what a step finds by the names of its columns passes them over."""
    held = {name: exp.to_identifier(each, quoted=True) for name, each in names.items()}
    return exp.replace_placeholders(tree.copy(), **held)


def _measurements(
    chain: Chain, label: str, values: Measured, names: Mapping[str, str], condition: exp.Expr | None
) -> tuple[str, list[Relation]]:
    """One scan for all that can be had together; what needs a column in its order has one to itself."""
    light = {name: stat for name, stat in values.asked.items() if stat.measure in _AGGREGATES}
    heavy = {name: stat for name, stat in values.asked.items() if name not in light}
    parts: list[exp.Select] = []
    if light:
        items = [named(_aggregate(chain, stat), names[name]) for name, stat in light.items()]
        parts.append(chain.select(*items, where=condition))
    parts += [_quantile(chain, stat, names[name], condition) for name, stat in heavy.items()]
    query = exp.select(exp.Star()).from_(parts[0].subquery("part1"))
    for number, part in enumerate(parts[1:], 2):
        query = query.join(part.subquery(f"part{number}"), join_type="cross")
    name = f"{label}.measured"
    return name, [Relation(name, query, True, "what was measured, one row")]


def _further(label: str, row: str, relations: list[Relation], item: exp.Expr) -> tuple[str, list[Relation]]:
    name = f"{label}.measured{len(relations) + 1}"
    query = exp.select(exp.Star(), item).from_(exp.to_identifier(row, quoted=True))
    return name, [*relations, Relation(name, query, True, "what comes of it")]


def _value(chain: Chain, stat: Stat) -> exp.Expr:
    now = chain.table.slot(stat.column).now
    value: exp.Expr = column(now.name)
    return lower(call("finite", value), chain.dialect) if now.type.kind == "float" else value


def _double(value: exp.Expr) -> exp.Expr:
    return exp.Cast(this=value.copy(), to=exp.DataType.build("DOUBLE"))


def _aggregate(chain: Chain, stat: Stat) -> exp.Expr:
    value = _value(chain, stat) if stat.column else exp.Star()
    made = fill(_AGGREGATES[stat.measure], chain.dialect, {"value": value, "double": _double(value)})
    return _significant(made, chain.dialect) if stat.measure in ROUNDED else made


def _quantile(chain: Chain, stat: Stat, name: str, condition: exp.Expr | None) -> exp.Select:
    value = _value(chain, stat)
    rows = chain.select(named(_double(value), "@value"), where=condition)
    fraction = 0.5 if stat.argument is None else float(stat.argument)
    if stat.measure == "mad":
        middle = _quantile_of(chain.dialect, rows, 0.5, "@middle").subquery("middle")
        distance = exp.Abs(this=exp.Sub(this=column("@value"), expression=column("@middle")))
        rows = exp.select(named(distance, "@value")).from_(rows.subquery("cells")).join(middle, join_type="cross")
    elif stat.measure not in ("median", "quantile"):
        raise CompileError(
            f"{chain.dialect} cannot measure {stat.measure!r} in the statement", hint="Fit the recipe first."
        )
    found = _quantile_of(chain.dialect, rows, fraction, "@found").subquery("found")
    return exp.select(named(_significant(column("@found"), chain.dialect), name)).from_(found)


def _quantile_of(dialect: str, rows: exp.Select, fraction: float, name: str) -> exp.Select:
    """The quantile of ``@value`` of these rows, as one row."""
    told = exp.Literal.number(repr(fraction))
    if dialect in _QUANTILES:
        made = fill(_QUANTILES[dialect], dialect, {"double": column("@value"), "fraction": told})
        return exp.select(named(made, name)).from_(rows.subquery("cells"))
    there = negated(is_null(column("@value")))
    place = exp.Sub(
        this=_window(exp.RowNumber(), [exp.Ordered(this=column("@value"))]), expression=exp.Literal.number(1)
    )
    last = exp.Sub(this=_window(exp.Count(this=exp.Star()), []), expression=exp.Literal.number(1))
    ranked = (
        exp.select(column("@value"), named(place, "@place"), named(last, "@last"))
        .from_(rows.subquery("cells"))
        .where(there)
    )
    template = (
        "MAX(CASE WHEN :place <= :last * :fraction THEN :value END) + (MIN(CASE WHEN :place >= :last * :fraction THEN :value END)"
        " - MAX(CASE WHEN :place <= :last * :fraction THEN :value END)) * (MAX(:last * :fraction) - FLOOR(MAX(:last * :fraction)))"
    )
    bindings = {
        "place": column("@place"),
        "last": column("@last"),
        "value": column("@value"),
        "fraction": _double(told),
    }
    return exp.select(named(fill(template, dialect, bindings), name)).from_(ranked.subquery("ranked"))


def _window(function: exp.Expr, order: Sequence[exp.Ordered]) -> exp.Window:
    return exp.Window(this=function, order=exp.Order(expressions=list(order)) if order else None)


def _significant(value: exp.Expr, dialect: str) -> exp.Expr:
    """The number to 12 significant digits, as fitted values have."""
    power = f"FLOOR({_LOG10.get(dialect, 'LOG10({0})').format('ABS(:value)')})"
    template = (
        "CASE WHEN :value IS NULL OR ABS(:value) < 1e-280 THEN :value"
        f" WHEN ABS(:value) < 1e11 THEN ROUND(:value * POWER(:ten, 11 - {power})) / POWER(:ten, 11 - {power})"
        f" ELSE ROUND(:value / POWER(:ten, {power} - 11)) * POWER(:ten, {power} - 11) END"
    )
    return fill(template, dialect, {"value": value, "ten": _double(exp.Literal.number("10"))})


__all__ = ["measured_step"]
