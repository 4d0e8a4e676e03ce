"""Portable expressions: SQL's scalar subset, as users write it in ``when``, filters and derived columns.

An expression speaks of one row, changes nothing, reads nothing, fails on no value, and means the same on every engine:

- Text stands in single quotes, names that are words of SQL or hold blanks in double quotes. A name is the column that
  is written so; without quotes, the one that differs only in case.
- Whole numbers have 64 bits, decimals up to 38 digits, floats are doubles (IEEE 754). ``+ - *`` of whole numbers and of
  decimals are exact, and null beyond the range. ``/`` always gives a float; ``%`` has the sign of the dividend. A
  division by zero is null. A number with a point is a decimal beside decimals, else a float. ``round`` takes halves away
  from zero.
- Types are never mixed in silence: whole numbers widen to decimals and floats, dates to timestamps, and a text that is
  written where a date has to be is read as one. All else asks for ``CAST``. ``CAST`` and ``TRY_CAST`` are the same: what
  the type cannot hold is null.
- Null is unknown: a comparison with it is null, ``AND`` and ``OR`` follow SQL, and a condition that is null is not
  true. ``= NULL`` and a ``NULL`` in a list are refused, since they are never true.
- Text is compared by code point, case counts. Nulls are left out by ``greatest``, ``least`` and ``concat_ws``, are empty
  for ``concat``, and make everything else null. ``LIKE`` knows ``%`` and ``_`` and no escape. Patterns are
  regular expressions as far as every engine reads them alike. Weeks and days of the week are ISO 8601's; instants are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator
from sqlglot import exp

from sanitizer_core.errors import PlanError, Problem
from sanitizer_core.schema import BOOLEAN, DataType, Schema
from sanitizer_core.sql.grammar import ExpressionError, read, written
from sanitizer_core.sql.meaning import find_column, meaning, target_type, unknown_column
from sanitizer_core.sql.pattern import PatternError, check_pattern
from sanitizer_core.sql.typed import Typed, refused
from sanitizer_core.sql.vocabulary import WORDS, unknown_function


def parse_expression(text: str) -> exp.Expr:
    """The tree of a portable expression, as it was written.

    Raises:
        ExpressionError: a ``ValueError``: wrong syntax, or something in it is not allowed.
    """
    tree = read(text)
    for problem in _misused(tree):
        raise ExpressionError(f"in {text!r}, {problem}")
    return tree


def check_expression(text: str | None) -> str | None:
    """The text itself, once it is known to be a portable expression."""
    if text is not None:
        parse_expression(text)
    return text


def _checked(text: str) -> str:
    parse_expression(text)
    return text


ExpressionText = Annotated[str, AfterValidator(_checked)]
"""The type of a parameter that is a portable expression."""


def typed(expression: str | exp.Expr, schema: Schema) -> Typed:
    """The expression (as text, or as ``parse_expression`` gave it) over a table: a tree of portable nodes, and its type (``None`` for a bare NULL).

    Raises:
        PlanError: columns that are not there (all of them), or types that do not go together.
    """
    tree = _tree(expression)
    missing = [node.this for node in tree.find_all(exp.Column) if find_column(node.this, schema) is None]
    if missing:
        found = {each.name: unknown_column(each, schema).problems[0] for each in missing}
        raise PlanError("columns are missing", found=list(found.values()))
    try:
        return meaning(tree, schema)
    except PlanError as error:
        raise PlanError(error.message, found=[_in_text(problem, tree) for problem in error.problems]) from None


def _tree(expression: str | exp.Expr) -> exp.Expr:
    return parse_expression(expression) if isinstance(expression, str) else expression


def _in_text(problem: Problem, tree: exp.Expr) -> Problem:
    return Problem(f"in the expression {written(tree)!r}: {problem.message}", problem.where, problem.hint)


def type_of(expression: str | exp.Expr, schema: Schema) -> DataType:
    """The type of the expression's values.

    Raises:
        PlanError: as ``typed``; or it is a bare NULL, which has none.
    """
    found = typed(expression, schema)
    if found.type is None:
        raise refused(f"{found.source} has no type", f"Name one: CAST({found.source} AS text).")
    return found.type


def condition(expression: str | exp.Expr, schema: Schema) -> exp.Expr:
    """The portable tree of an expression that is true or false.

    Raises:
        PlanError: as ``typed``; or its values are something else.
    """
    found = typed(expression, schema)
    if found.type not in (BOOLEAN, None):
        raise refused(f"a condition has to be true or false, but {found}", f"Compare it: {found.source} = ... .")
    return found.tree


def columns_of(expression: str | exp.Expr, schema: Schema) -> tuple[str, ...]:
    """The columns that the expression is made from, each once, in the order of the text."""
    found = (find_column(node.this, schema) for node in _tree(expression).find_all(exp.Column, bfs=False))
    return tuple(dict.fromkeys(each.name for each in found if each is not None))


def _misused(tree: exp.Expr) -> Iterator[str]:
    for call in tree.find_all(exp.Anonymous):
        yield from _misused_word(call)
    for kind in tree.find_all(exp.DataType):
        yield from _unknown_type(kind)


def _unknown_type(node: exp.DataType) -> Iterator[str]:
    try:
        target_type(node)
    except PlanError as error:
        yield str(error)


def _misused_word(node: exp.Anonymous) -> Iterator[str]:
    name = str(node.this)
    word = WORDS.get(name.lower())
    if word is None:
        message, hint = unknown_function(name)
        yield f"{message}. {hint or 'The page on expressions lists those that there are.'}"
        return
    got = len(node.expressions)
    if not word.least <= got <= word.most:
        yield f"{written(node)} has {got} argument{'s' * (got != 1)}: it is called as {word.signature}"
        return
    for place, given in enumerate(node.expressions):
        if word.taken(place) == "pattern" and isinstance(given, exp.Literal) and given.is_string:
            try:
                check_pattern(str(given.this))
            except PatternError as error:
                yield str(error)


__all__ = [
    "ExpressionError", "ExpressionText", "check_expression", "columns_of", "condition", "parse_expression",
    "type_of", "typed",
]  # fmt: skip
