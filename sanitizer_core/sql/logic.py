"""Conditions as trees, with the parentheses that keep their meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlglot import exp

from sanitizer_core.sql.tree import call, literal


def all_of(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """True where every condition is."""
    return _joined(exp.And, conditions, exp.true())


def any_of(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """True where at least one condition is."""
    return _joined(exp.Or, conditions, exp.false())


def _joined(connector: type[exp.And | exp.Or], conditions: Iterable[exp.Expr], empty: exp.Expr) -> exp.Expr:
    parts = [exp.Paren(this=each.copy()) if isinstance(each, (exp.And, exp.Or)) else each.copy() for each in conditions]
    return _balanced(connector, parts) if parts else empty


def sum_of(numbers: Sequence[exp.Expr]) -> exp.Expr:
    """The sum of numbers; 0 of none."""
    return _added([each.copy() for each in numbers]) if numbers else exp.Literal.number(0)


def _added(numbers: Sequence[exp.Expr]) -> exp.Expr:
    """As ``_balanced``, with the parentheses that keep an engine's parser from making a row of it again."""
    if len(numbers) == 1:
        return numbers[0]
    half = len(numbers) // 2
    return exp.Paren(this=exp.Add(this=_added(numbers[:half]), expression=_added(numbers[half:])))


def _balanced(operator: type[exp.Binary], parts: Sequence[exp.Expr]) -> exp.Expr:
    """A tree as low as can be: one of thousands of columns in a row would be too deep to walk."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return operator(this=_balanced(operator, parts[:half]), expression=_balanced(operator, parts[half:]))


def is_null(value: exp.Expr) -> exp.Expr:
    """Whether there is no value."""
    return exp.Is(this=value.copy(), expression=exp.Null())


def negated(condition: exp.Expr) -> exp.Expr:
    """True where the condition is false."""
    return exp.Not(this=exp.Paren(this=condition.copy()))


def choose(*branches: tuple[exp.Expr, exp.Expr], otherwise: exp.Expr | None = None) -> exp.Expr:
    """The value of the first condition that is true, else ``otherwise`` (null)."""
    ifs = [exp.If(this=condition.copy(), true=value.copy()) for condition, value in branches]
    return exp.Case(ifs=ifs, default=otherwise.copy() if otherwise is not None else None)


def let(value: exp.Expr, body: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """The body made on a value that is evaluated once; the body sees nothing of a ``let`` around it."""
    return call("let", value, body(exp.to_identifier("@it", quoted=True)))


def among(value: exp.Expr, words: Iterable[str]) -> exp.Expr:
    """Whether a text is one of these, none of which holds a line break."""
    return call("among", value, literal("\n".join(words)))


def one_of(value: exp.Expr, options: Iterable[exp.Expr]) -> exp.Expr:
    """Whether the value is one of the options; never of none."""
    listed = [option.copy() for option in options]
    return exp.In(this=value.copy(), expressions=listed) if listed else exp.false()
