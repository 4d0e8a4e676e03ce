"""From portable trees to the trees of one dialect."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import sqlglot
from sqlglot import exp

from sanitizer_core.errors import CompileError, did_you_mean
from sanitizer_core.sql.dialects import NODES
from sanitizer_core.sql.function import IN_PLACE, Lowering
from sanitizer_core.sql.functions import FUNCTIONS, Function
from sanitizer_core.sql.once import DIALECTS, held_once, with_held
from sanitizer_core.sql.pattern import PATTERN, REPLACEMENT, pattern_for, replacement_for

ALLOWED: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.DPipe, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is,
    exp.NullSafeEQ, exp.NullSafeNEQ, exp.Between, exp.In, exp.Tuple, exp.Case, exp.If, exp.Coalesce, exp.Nullif,
    exp.Cast, exp.DataType, exp.DataTypeParam, exp.Abs, exp.Window, exp.Order, exp.Ordered, exp.WindowSpec,
    exp.LastValue, exp.FirstValue, exp.IgnoreNulls, exp.Ln, exp.Exp, exp.Placeholder, exp.Var,
)  # fmt: skip
"""Nodes that mean the same wherever sqlglot writes them; everything else has to be a portable function.

Sums, differences, products and quotients are those of doubles; of other numbers there are ``add`` and so on. What an engine
means otherwise by one of these nodes is in ``dialects.NODES``.
"""


_KEEP_UNICODE = "Say unicode: keep in clean_text, or run it on DuckDB."

WITHOUT = {
    "nfc": _KEEP_UNICODE,
    "compose": _KEEP_UNICODE,
    "strip_accents": "Say strip_accents: false in clean_text, or run it on DuckDB.",
    "remove_invisible": "Say remove_invisible: false in clean_text, or run it on DuckDB.",
    "title_case": "Say case: keep in clean_text, or run it on DuckDB.",
    "keyed_hash": "Use a method of mask without a key, or run it on DuckDB.",
    "float_text": "The text of a float is asked for by the log, or by a conversion to text; round it to a decimal first.",
    "replace_first_pattern": "Replace all that fits the pattern, or run it on DuckDB.",
}
"""What to do where a dialect has no such function."""


def lower(tree: exp.Expr, dialect: str, *, copy: bool = True) -> exp.Expr:
    """The tree with every portable function replaced by what the dialect says for it.

    Args:
        copy: whether the tree is left as it is.

    Raises:
        CompileError: a node is not on the list, or a function has no lowering for the dialect.
    """
    return _lowered(tree.copy() if copy else tree, dialect)


def _lowered(tree: exp.Expr, dialect: str) -> exp.Expr:
    """As ``lower``, of a tree that may be changed: one of thousands of columns is copied once, not at every level."""
    if isinstance(tree, exp.Anonymous):
        if tree.this in (PATTERN, REPLACEMENT):
            return _constant(tree, dialect)
        arguments = [_lowered(argument, dialect) for argument in tree.expressions]
        return _expand(str(tree.this).lower(), arguments, dialect)
    if not isinstance(tree, ALLOWED):
        raise CompileError(f"{type(tree).__name__} ({tree.sql()}) does not mean the same on every engine")
    for child in list(tree.iter_expressions()):
        lowered = _lowered(child, dialect)
        if lowered is not child:
            child.replace(lowered)
    said = NODES.get(dialect, {}).get(type(tree))
    return tree if said is None else _said(said, dialect, _operands(tree))


def _operands(tree: exp.Expr) -> dict[str, exp.Expr]:
    """What stands at either side of an operator; parentheses around it would hide what it is."""
    sides = {"left": tree.this, "right": tree.args.get("expression")}
    return {name: _bare(side) for name, side in sides.items() if side is not None}


def _bare(tree: exp.Expr) -> exp.Expr:
    """Without parentheses; those of a subquery are a part of it."""
    while isinstance(tree, exp.Paren):
        tree = tree.this
    return tree


def _constant(tree: exp.Anonymous, dialect: str) -> exp.Expr:
    """A pattern or a replacement, written anew in the dialect's words."""
    text, *flags = tree.expressions
    if tree.this == REPLACEMENT:
        return exp.Literal.string(replacement_for(text.name, dialect))
    ignore_case, whole = (bool(flag.this) for flag in flags)
    return exp.Literal.string(pattern_for(text.name, dialect, ignore_case=ignore_case, whole=whole))


def _expand(name: str, arguments: list[exp.Expr], dialect: str) -> exp.Expr:
    function = FUNCTIONS.get(name)
    if function is None:
        raise CompileError(f"unknown function {name!r}", hint=did_you_mean(name, FUNCTIONS))
    if not function.required <= len(arguments) <= len(function.parameters):
        raise CompileError(f"{name} takes ({', '.join(function.parameters)}), got {len(arguments)} arguments")
    if dialect not in function.lowerings:
        raise CompileError(
            f"{dialect} cannot say {name!r}", hint=WITHOUT.get(name, "Leave the step out, or run it on DuckDB.")
        )
    said = function.lowerings[dialect]
    if callable(said):
        said = said(_texts(function, arguments))
    template, own = (said.template, said.constants) if isinstance(said, Lowering) else (said, {})
    if template == IN_PLACE:
        return _in_place(*arguments)
    return _said(template, dialect, _bindings(function, arguments, {**function.constants, **own}))


def _in_place(value: exp.Expr, body: exp.Expr) -> exp.Expr:
    """The body with the value wherever it is named, for dialects that have no other way to name it."""
    named = _wrap(value)
    for node in list(body.find_all(exp.Identifier)):
        if node.name == "@it" and node is not body:
            node.replace(named.copy())
    return named if isinstance(body, exp.Identifier) else body


def _texts(function: Function, arguments: list[exp.Expr]) -> dict[str, str]:
    """The arguments that are constant texts and numbers, by parameter."""
    names = [parameter.rstrip("?") for parameter in function.parameters]
    return {
        name: argument.name
        for name, argument in zip(names, arguments, strict=False)
        if isinstance(argument, exp.Literal)
    }


def _bindings(function: Function, arguments: list[exp.Expr], constants: Mapping[str, str]) -> dict[str, exp.Expr]:
    names = [parameter.rstrip("?") for parameter in function.parameters]
    given = dict(zip(names, arguments, strict=False))
    return (
        dict.fromkeys(names, exp.Null()) | given | {name: exp.Literal.string(text) for name, text in constants.items()}
    )


_OPERATORS = (exp.Binary, exp.Unary, exp.Between, exp.In)


def fill(template: str, dialect: str, bindings: dict[str, exp.Expr]) -> exp.Expr:
    """A template's tree with its placeholders bound; operators bind as if the argument stood in parentheses."""
    wrapped = {key: _wrap(value) for key, value in bindings.items()}
    tree = exp.replace_placeholders(_template(template, dialect).copy(), **wrapped)
    return exp.Paren(this=tree) if isinstance(tree, (*_OPERATORS, exp.Case)) else tree


def _said(template: str, dialect: str, bindings: dict[str, exp.Expr]) -> exp.Expr:
    """As ``fill``, for a value of one row, on engines that would evaluate an argument wherever it is written."""
    if dialect not in DIALECTS:
        return fill(template, dialect, bindings)
    bound, held = held_once(_template(template, dialect), bindings)
    return with_held(fill(template, dialect, bound), held)


def _wrap(value: exp.Expr) -> exp.Expr:
    return exp.Paren(this=value) if isinstance(value, _OPERATORS) else value


@cache
def _template(text: str, dialect: str) -> exp.Expr:
    """The template's tree. A name in it is one of its own, never a column of the table, and must not be taken for one."""
    # Some functions' names begin a statement of their own where nothing stands in front of them.
    tree = sqlglot.parse_one(f"SELECT {text}", dialect=dialect, into=exp.Select).expressions[0].pop()
    made: exp.Expr = tree.transform(_own)
    return made


def _own(node: exp.Expr) -> exp.Expr:
    name: exp.Expr = node.this if isinstance(node, exp.Column) and not node.table else node
    return name
