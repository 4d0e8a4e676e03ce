"""Trees as Spark reads them, where sqlglot's text of them would mean something else."""

from __future__ import annotations

from sqlglot import exp

_NAIVE = exp.DataType.Type.TIMESTAMPNTZ


def spark_sql(tree: exp.Expr) -> str:
    """The text of a tree: a moment without a zone is Spark's ``TIMESTAMP_NTZ``, and times of day are its own ``TIME``."""
    return tree.transform(as_spark).sql("spark")


def as_spark(node: exp.Expr) -> exp.Expr:
    """One node of a tree, in the same words."""
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.TIMESTAMP:
        return exp.DataType(this=_NAIVE)
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.TIME:
        return exp.DataType(this=exp.DataType.Type.USERDEFINED, kind="TIME")
    if isinstance(node, exp.Log) and node.expression is not None and isinstance(node.this, exp.Literal):
        return exp.Anonymous(this=f"LOG{node.this.this}", expressions=[node.expression])
    if isinstance(node, exp.Literal) and node.is_string and "\0" in node.this:
        return _with_nul(node.this)
    return node


def _with_nul(text: str) -> exp.Expr:
    r"""Written as ``\0``, the character would take the digits behind it for its own."""
    parts: list[exp.Expr] = []
    for index, part in enumerate(text.split("\0")):
        parts += [exp.Anonymous(this="CHR", expressions=[exp.Literal.number(0)])] if index else []
        parts += [exp.Literal.string(part)] if part else []
    return exp.Anonymous(this="CONCAT", expressions=parts)
