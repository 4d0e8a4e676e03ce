"""What an expression needs its columns to be, from what stands beside them."""

from __future__ import annotations

from typing import Literal

from sqlglot import exp

from sanitizer_core.errors import PlanError
from sanitizer_core.schema import TEXT, Column, DataType, Schema
from sanitizer_core.sql.expression import parse_expression
from sanitizer_core.sql.meaning import find_column
from sanitizer_core.sql.typed import Typed, as_type
from sanitizer_core.sql.vocabulary import WORDS

Need = Literal["any", "text", "numeric", "temporal"]

_OF_TEXT = (exp.DPipe, exp.Like, exp.ILike)
_ASKED_ONLY = (exp.Is, exp.Cast, exp.TryCast)
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Between, exp.In)


def needs_of(text: str | None, schema: Schema) -> dict[str, Need]:
    """What each column of the expression has to be, by its name in the table.

    A column that stands beside a text is needed as text (a postcode compared with ``'01234'``), though every cell of
    it may read as a number; one of which only null is asked may be anything.

    Args:
        schema: with the types that the columns of a text file seem to have.
    """
    needs: dict[str, Need] = {}
    for node in parse_expression(text).find_all(exp.Column) if text is not None else ():
        found = find_column(node.this, schema)
        if found is None:
            continue
        need = _need(node, found)
        if needs.get(found.name, "any") == "any" or need == "text":
            needs[found.name] = need
    return needs


def _need(node: exp.Column, found: Column) -> Need:
    child: exp.Expr = node
    while isinstance(child.parent, (exp.Paren, exp.Neg)):
        child = child.parent
    user = child.parent
    if isinstance(user, _OF_TEXT) or (isinstance(user, exp.Anonymous) and _takes_text(user, child)):
        return "text"
    if isinstance(user, _ASKED_ONLY):
        return "any"
    if isinstance(user, (*_COMPARED, exp.Anonymous)) and any(
        _is_only_text(each, found.type) for each in user.iter_expressions()
    ):
        return "text"
    return _as_it_seems(found.type)


def _takes_text(user: exp.Anonymous, child: exp.Expr) -> bool:
    place = next(index for index, each in enumerate(user.expressions) if each is child)
    return WORDS[str(user.this).lower()].taken(place) == "text"


def _is_only_text(node: exp.Expr, kind: DataType) -> bool:
    """Whether a constant text cannot be read as the type: a date may be written as a text, a number may not."""
    if not (isinstance(node, exp.Literal) and node.is_string):
        return False
    if not kind.is_temporal:
        return True
    try:
        as_type(Typed(exp.Null(), TEXT, "", str(node.this)), kind)
    except PlanError:
        return True
    return False


def _as_it_seems(kind: DataType) -> Need:
    if kind.is_text:
        return "text"
    if kind.is_numeric:
        return "numeric"
    return "temporal" if kind.is_temporal else "any"
