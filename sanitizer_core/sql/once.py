"""Arguments that a template names more than once, held so that the engine evaluates them once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlglot import exp

DIALECTS = frozenset({"postgres"})
"""Engines that evaluate an argument wherever it is written, and take a scalar subquery for a fraction of a microsecond."""

_CHEAP = (exp.Column, exp.Literal, exp.Null, exp.Boolean, exp.Identifier, exp.Placeholder)
_THIN = (exp.Cast, exp.Paren, exp.Neg)


def held_once(tree: exp.Expr, bindings: Mapping[str, exp.Expr]) -> tuple[dict[str, exp.Expr], dict[str, exp.Expr]]:
    """The bindings, the costly ones that are named more than once by a name of their own; and what these names hold.

    Without it a tree of nested calls grows by a factor with every level.
    """
    named = Counter(str(each.this) for each in tree.find_all(exp.Placeholder))
    held: dict[str, exp.Expr] = {}
    bound: dict[str, exp.Expr] = {}
    taken = {each.name for value in bindings.values() for each in value.find_all(exp.Identifier)}
    for key, value in bindings.items():
        if named[key] > 1 and not _is_cheap(value):
            name = _free(f"@{key}", taken)
            held[name] = value
            bound[key] = exp.to_identifier(name, quoted=True)
        else:
            bound[key] = value
    return bound, held


def with_held(tree: exp.Expr, held: Mapping[str, exp.Expr]) -> exp.Expr:
    """``(SELECT tree FROM (SELECT value AS name OFFSET 0))``: the offset keeps the planner from putting the value back."""
    if not held:
        return tree
    items = [exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True)) for name, value in held.items()]
    inner = exp.Select(expressions=items, offset=exp.Offset(expression=exp.Literal.number(0)))
    return exp.select(tree, copy=False).from_(inner.subquery("@once"), copy=False).subquery()


def _is_cheap(value: exp.Expr) -> bool:
    """Whether it may be written twice; a window has to be, for it sees no rows from inside a subquery."""
    if value.find(exp.Window) is not None:
        return True
    while isinstance(value, _THIN):
        value = value.this
    return isinstance(value, _CHEAP)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name
