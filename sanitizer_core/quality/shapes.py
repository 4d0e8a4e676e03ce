"""The shapes of texts: what a cell looks like, as integer, date or e-mail address."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from sanitizer_core.sql import call, literal
from sanitizer_core.sql.logic import all_of, any_of, choose, is_null
from sanitizer_core.sql.pattern import pattern
from sanitizer_core.sql.tree import column

_NUMERIC, _MONEY, _AT, _WEB = (
    "a digit or its marks",
    "a currency or a digit",
    "an at sign",
    "the beginning of an address",
)

SHAPES: tuple[tuple[str, str, str], ...] = (
    ("integer", _NUMERIC, r"[+-]?[0-9]+"),
    (
        "number",
        _NUMERIC,
        r"[+-]?[0-9]*[.,][0-9]+|[+-]?[0-9]{1,3}(?:[.,' ][0-9]{3})+(?:[.,][0-9]+)?|[+-]?[0-9.]+[eE][+-]?[0-9]+",
    ),
    ("date", _NUMERIC, r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?"),
    ("other date", _NUMERIC, r"[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}(?: [0-9:]+)?"),
    ("amount", _MONEY, r"[$€£¥]\s?[0-9.,]+|[0-9.,]+\s?(?:[$€£¥%]|[A-Za-z]{1,4}\.?)"),
    ("e-mail", _AT, r"[^@\s]+@[^@\s]+\.[^@\s.]+"),
    ("address", _WEB, r"https?://\S+|www\.\S+"),
)
"""Shapes of text, tried in this order, each with what is looked at before its pattern; what has none of them is
``text``, with blanks around it ``padded text``."""

PADDED, PLAIN = "padded text", "text"
NAMES: tuple[str, ...] = tuple(sorted([*(name for name, _, _ in SHAPES), PADDED, PLAIN]))
"""All shapes by the alphabet: of equally common ones the first counts."""

NUMBERS = ("integer", "number")


def shape_of(cell: exp.Expr) -> exp.Expr:
    """The name of the shape, a portable tree; null of null."""
    branches: list[tuple[exp.Expr, exp.Expr]] = [(is_null(cell), exp.null())]
    for name, sign, text in SHAPES:
        fits = call("matches", cell, pattern(text, whole=True))
        branches.append((all_of([_sign(sign, cell), fits]), literal(name)))
    padded = any_of([call("starts_with", cell, literal(" ")), call("ends_with", cell, literal(" "))])
    return choose(*branches, (padded, literal(PADDED)), otherwise=literal(PLAIN))


def _sign(what: str, cell: exp.Expr) -> exp.Expr:
    """A cheap look that a cell of the shape passes, and most others do not."""
    if what == _AT:
        return call("contains", cell, literal("@"))
    if what == _WEB:
        return any_of([call("starts_with", cell, literal(each)) for each in ("http", "www")])
    value = call("in_code_points", cell)
    first = [exp.GTE(this=value, expression=literal("$")), exp.LT(this=value.copy(), expression=literal(":"))]
    return all_of(first) if what == _NUMERIC else any_of([all_of(first), _at_or_beyond(value, "£")])


def _at_or_beyond(value: exp.Expr, sign: str) -> exp.Expr:
    return exp.GTE(this=value.copy(), expression=literal(sign))


def shape_counts(name: str) -> list[exp.Expr]:
    """How many cells have each shape, in the order of the names, of a column that holds shapes."""
    return [
        exp.Count(this=choose((exp.EQ(this=column(name), expression=literal(shape)), literal(1)))) for shape in NAMES
    ]


def commonest(counts: Sequence[int]) -> tuple[str | None, float]:
    """The commonest shape and its share of the filled cells; nothing, and 1, where there are none."""
    filled = sum(counts)
    if not filled:
        return None, 1.0
    most = max(counts)
    return NAMES[list(counts).index(most)], most / filled
