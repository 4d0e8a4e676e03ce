"""Every failing row with every reason it has, by one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from sanitizer_core.contract.coercion import call, when
from sanitizer_core.contract.compiled import ROW, CompiledContract
from sanitizer_core.contract.rule import CellTest, Rule
from sanitizer_core.contract.scan import Scan, quoted
from sanitizer_core.sql import literal

_TEXTS = "VARCHAR[]"


def failing_query(
    scan: Scan, compiled: CompiledContract, failed: Sequence[int], stored: Mapping[int, str]
) -> exp.Select:
    """One row per failing row: ``row``, ``reasons``, ``columns``, ``severity``.

    Args:
        failed: positions of the rules that have failing rows; only these are asked again.
        stored: names of tables of row ids, by position of the rule, where the rule was not found out in SQL.
    """
    if not failed:
        return _nothing()
    flags = [_flag(compiled.rules[position], stored.get(position)).as_(f"b{position}") for position in failed]
    cells = compiled.cells(scan.table, scan.row()).subquery("cells")
    flagged = exp.select(exp.column(ROW, quoted=True), *flags).from_(cells)
    rules = [(_raised(position), compiled.rules[position]) for position in failed]
    return (
        exp.select(
            exp.column(ROW, quoted=True),
            _texts([(flag, [rule.reason]) for flag, rule in rules]).as_("reasons", quoted=True),
            call("list_sort", call("list_distinct", _texts([(flag, rule.columns) for flag, rule in rules]))).as_("columns", quoted=True),
            _severity(rules).as_("severity", quoted=True),
        )
        .from_(flagged.subquery("flagged"))
        .where(exp.or_(*(_raised(position) for position in failed)))
    )


def _nothing() -> exp.Select:
    columns = (("BIGINT", ROW), (_TEXTS, "reasons"), (_TEXTS, "columns"), ("VARCHAR", "severity"))
    nulls = [exp.cast(exp.Null(), exp.DataType.build(kind, dialect="duckdb")).as_(name, quoted=True) for kind, name in columns]
    return exp.select(*nulls).where(exp.false())


def _flag(rule: Rule, table: str | None) -> exp.Expression:
    if table is None:
        assert isinstance(rule.test, CellTest)
        return rule.test.failing.copy()
    ids = exp.select(exp.column(ROW, quoted=True)).from_(exp.Table(this=quoted(table)))
    return exp.In(this=exp.column(ROW, table="cells", quoted=True), query=ids.subquery())


def _raised(position: int) -> exp.Column:
    return exp.column(f"b{position}")


def _texts(said: Sequence[tuple[exp.Expression, Sequence[str]]]) -> exp.Expression:
    """The texts whose flag is true, as a list in the order of the rules."""
    parts = [when(flag.copy(), literal(text)) for flag, texts in said for text in texts]
    each = exp.Identifier(this="each", quoted=False)
    there = exp.Lambda(this=exp.not_(exp.Is(this=each, expression=exp.Null())), expressions=[each.copy()])
    listed = exp.cast(exp.Array(expressions=parts), exp.DataType.build(_TEXTS, dialect="duckdb"))
    return exp.ArrayFilter(this=listed, expression=there)


def _severity(rules: Sequence[tuple[exp.Expression, Rule]]) -> exp.Expression:
    errors = [flag for flag, rule in rules if rule.severity == "error"]
    if not errors:
        return literal("warning")
    return when(exp.or_(*(flag.copy() for flag in errors)), literal("error"), literal("warning"))
