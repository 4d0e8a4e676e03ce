"""Small pieces of the queries of a contract."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from sanitizer_core.sql import literal


def ref(name: str) -> exp.Column:
    """A column of an inner query; quoted, for engines fold the case of what is not."""
    return exp.Column(this=exp.Identifier(this=name, quoted=True))


def named(value: exp.Expr, name: str) -> exp.Expr:
    """``value AS name``, of a tree that is not used elsewhere: a wide table's is too large to be copied at each step."""
    return exp.Alias(this=value, alias=exp.Identifier(this=name, quoted=True))


def any_of(conditions: Sequence[exp.Expr]) -> exp.Expr:
    """``a OR b OR c``, of trees that are not used elsewhere; false where there are none."""
    return exp.or_(*conditions, copy=False) if conditions else exp.false()


def select(parts: Sequence[exp.Expr], source: exp.Expr) -> exp.Select:
    """``SELECT parts FROM source``, of trees that are not used elsewhere."""
    return exp.select(*parts, copy=False).from_(source, copy=False)


def count(value: exp.Expr | None = None) -> exp.Expr:
    """``COUNT(value)``, or ``COUNT(*)``."""
    return exp.Count(this=value if value is not None else exp.Star())


def count_where(condition: exp.Expr) -> exp.Expr:
    """How many rows a condition is true of: 0, and not null, where there are none."""
    return count(when(condition, literal(1)))


def matches(value: exp.Expr, pattern: str) -> exp.Expr:
    """Whether a pattern is found in the value, for DuckDB."""
    return exp.Anonymous(this="regexp_matches", expressions=[value, exp.Literal.string(pattern)])


def fully(value: exp.Expr, pattern: str) -> exp.Expr:
    """Whether a pattern is the whole value, for DuckDB."""
    return exp.Anonymous(this="regexp_full_match", expressions=[value, exp.Literal.string(pattern)])


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A call of a DuckDB function."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def when(condition: exp.Expr, then: exp.Expr, otherwise: exp.Expr | None = None) -> exp.Expr:
    """``CASE WHEN condition THEN then ELSE otherwise END``."""
    return exp.Case(ifs=[exp.If(this=condition, true=then)], default=otherwise)
