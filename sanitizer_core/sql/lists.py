"""Lists of texts, per dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from sanitizer_core.errors import CompileError


def texts_that_are(parts: Sequence[exp.Expr], dialect: str) -> exp.Expr:
    """The texts that are not null, as a list in their order.

    Raises:
        CompileError: nobody has said how the dialect leaves out what is null.
    """
    if dialect not in _WAYS:
        raise CompileError(f"{dialect} cannot say a list without its nulls", hint="Run it on DuckDB.")
    return _WAYS[dialect](exp.cast(exp.Array(expressions=list(parts)), "ARRAY<TEXT>"))


def _filtered(listed: exp.Expr) -> exp.Expr:
    each = exp.Identifier(this="each", quoted=False)
    there = exp.Lambda(this=exp.not_(exp.Is(this=each, expression=exp.Null())), expressions=[each.copy()])
    return exp.ArrayFilter(this=listed, expression=there)


def _removed(listed: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="array_remove", expressions=[listed, exp.Null()])


_WAYS: Mapping[str, Callable[[exp.Expr], exp.Expr]] = {
    "duckdb": _filtered,
    "postgres": _removed,
    "spark": _filtered,
}
