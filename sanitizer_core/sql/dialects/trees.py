"""The last step before a statement is text: nodes that a dialect has another word for, or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from sanitizer_core.errors import CompileError
from sanitizer_core.sql.canonical import KIND
from sanitizer_core.sql.dialects.spark.writing import as_spark
from sanitizer_core.sql.lower import fill

Rewriting = Callable[[exp.Expr], exp.Expr]

_KINDS = exp.DataType.Type
_NUMERIC_SCALE, _NUMERIC_WHOLE = 9, 29
"""The most digits behind and before the point of BigQuery's NUMERIC; beyond, it is a BIGNUMERIC."""


def in_words_of(tree: exp.Expr, dialect: str) -> exp.Expr:
    """The statement, changed in place, as the dialect's own parser reads it.

    Raises:
        CompileError: the dialect has no such type.
    """
    rewriting = _REWRITINGS.get(dialect)
    if rewriting is None:
        return tree
    # Parts come before what they are part of, so that what is put in their place is rewritten with it.
    for node in reversed(list(tree.dfs())):
        made = rewriting(node)
        if made is not node:
            node.replace(made)
    return tree


def _snowflake(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.DataType) and node.this == _KINDS.TIMESTAMP:
        return exp.DataType(this=_KINDS.TIMESTAMPNTZ)
    return _text(node, "snowflake")


def _databricks(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.DataType) and node.this == _KINDS.TIME:
        raise CompileError("databricks has no times of day", hint="Keep the column as text.")
    return as_spark(node)


def _bigquery(node: exp.Expr) -> exp.Expr:
    if (
        isinstance(node, exp.DataType)
        and node.this in (_KINDS.DECIMAL, _KINDS.BIGDECIMAL)
        and len(node.expressions) == 2
    ):
        return _numeric(node)
    if isinstance(node, exp.StrPosition):
        return exp.Anonymous(this="STRPOS", expressions=[node.this, node.args["substr"]])
    if isinstance(node, exp.Cast) and _is_number(node.this) and node.to.this == _KINDS.DECIMAL:
        return exp.Cast(this=exp.Literal.string(node.this.name), to=_numeric(node.to))
    return _text(_logarithm(node), "bigquery")


def _numeric(kind: exp.DataType) -> exp.DataType:
    precision, scale = (int(each.name or each.this.name) for each in kind.expressions)
    fits = scale <= _NUMERIC_SCALE and precision - scale <= _NUMERIC_WHOLE
    sizes = [exp.DataTypeParam(this=exp.Literal.number(size)) for size in (precision, scale)]
    return exp.DataType(this=_KINDS.DECIMAL if fits else _KINDS.BIGDECIMAL, expressions=sizes)


def _is_number(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string


def _logarithm(node: exp.Expr) -> exp.Expr:
    """LOG10 as such: by way of another base it would be off by a hair."""
    if isinstance(node, exp.Log) and node.expression is not None and _is_number(node.this) and node.this.name == "10":
        return exp.Anonymous(this="LOG10", expressions=[node.expression])
    return node


def _trino(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.DataType) and node.this in _MICROSECONDS and not node.expressions:
        return exp.DataType(this=node.this, expressions=[exp.DataTypeParam(this=exp.Literal.number(6))])
    if isinstance(node, exp.Cast) and node.to.this == _KINDS.DOUBLE and node.this.name in _NO_NUMBERS:
        return _no_number(node.this.name)
    if isinstance(node, exp.Log) and node.expression is not None and _is_number(node.this):
        return exp.Anonymous(this=f"LOG{node.this.name}", expressions=[node.expression])
    return _text(node, "trino")


_MICROSECONDS = (_KINDS.TIMESTAMP, _KINDS.TIMESTAMPTZ, _KINDS.TIME)
_NO_NUMBERS: Mapping[str, str] = {"nan": "NAN", "inf": "INFINITY", "-inf": "INFINITY"}


def _no_number(text: str) -> exp.Expr:
    made = exp.Anonymous(this=_NO_NUMBERS[text], expressions=[])
    return exp.Neg(this=made) if text.startswith("-") else made


def _redshift(node: exp.Expr) -> exp.Expr:
    if isinstance(node, (exp.NullSafeEQ, exp.NullSafeNEQ)):
        return _told_apart(node)
    if isinstance(node, exp.Window) and node.args.get("order") and not node.args.get("spec"):
        return _framed(node)
    if isinstance(node, exp.DataType) and node.this == _KINDS.ARRAY:
        return exp.DataType(this=_KINDS.SUPER)
    if isinstance(node, exp.StrPosition):
        return exp.Anonymous(this="STRPOS", expressions=[node.this, node.args["substr"]])
    return node


def _told_apart(node: exp.NullSafeEQ | exp.NullSafeNEQ) -> exp.Expr:
    left, right = node.this, node.expression
    both = exp.and_(exp.Is(this=left.copy(), expression=exp.Null()), exp.Is(this=right.copy(), expression=exp.Null()))
    same = exp.or_(exp.EQ(this=left.copy(), expression=right.copy()), both)
    alike, other = (exp.true(), exp.false()) if isinstance(node, exp.NullSafeEQ) else (exp.false(), exp.true())
    return exp.Case(ifs=[exp.If(this=same, true=alike)], default=other)


def _framed(node: exp.Window) -> exp.Window:
    """What is counted or taken over an order needs to be told over which rows; a rank does not."""
    inner = node.this.this if isinstance(node.this, exp.IgnoreNulls) else node.this
    if isinstance(inner, (exp.FirstValue, exp.LastValue, exp.AggFunc)) and not isinstance(inner, exp.RowNumber):
        node.set("spec", exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"))
    return node


_SECONDS = "REGEXP_REPLACE({0}, '[.]?0+$', '')"
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "snowflake": {
        "date": "TO_CHAR(:value, 'YYYY-MM-DD')",
        "time": _SECONDS.format("TO_CHAR(:value, 'HH24:MI:SS.FF6')"),
        "timestamp": _SECONDS.format("TO_CHAR(:value, 'YYYY-MM-DD HH24:MI:SS.FF6')"),
        "timestamptz": _SECONDS.format("TO_CHAR(CONVERT_TIMEZONE('UTC', :value), 'YYYY-MM-DD HH24:MI:SS.FF6')")
        + " || '+00'",
    },
    "bigquery": {
        "date": "FORMAT_DATE('%E4Y-%m-%d', :value)",
        "time": _SECONDS.format("FORMAT_TIME('%H:%M:%E6S', :value)"),
        "timestamp": _SECONDS.format("FORMAT_DATETIME('%E4Y-%m-%d %H:%M:%E6S', :value)"),
        "timestamptz": _SECONDS.format("FORMAT_TIMESTAMP('%E4Y-%m-%d %H:%M:%E6S', :value, 'UTC')") + " || '+00'",
        "decimal": "FORMAT(:format, :value)",
    },
    "trino": {
        "time": _SECONDS.format("CAST(CAST(:value AS TIME(6)) AS VARCHAR)"),
        "timestamp": _SECONDS.format("CAST(CAST(:value AS TIMESTAMP(6)) AS VARCHAR)"),
        "timestamptz": _SECONDS.format("CAST(CAST(AT_TIMEZONE(:value, 'UTC') AS TIMESTAMP(6)) AS VARCHAR)")
        + " || '+00'",
    },
}
"""The canonical text of a value by its kind, where a cast would write it in another way."""


def _text(node: exp.Expr, dialect: str) -> exp.Expr:
    kind = node.meta.get(KIND) if isinstance(node, exp.Cast) else None
    if kind is None or kind.kind not in _TEXTS[dialect]:
        return node
    sign = exp.Literal.string(f"%.{kind.scale or 0}f")
    return fill(_TEXTS[dialect][kind.kind], dialect, {"value": node.this, "format": sign})


_REWRITINGS: Mapping[str, Rewriting] = {
    "spark": as_spark,
    "databricks": _databricks,
    "snowflake": _snowflake,
    "bigquery": _bigquery,
    "redshift": _redshift,
    "trino": _trino,
}
