"""What a cell looks like: enough to tell a header from data and one dialect from another, and nothing more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp][Mm])?(?:\s?(?:Z|[+-]\d{2}:?\d{2}))?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}|\d{{1,2}}[ -]{_MONTH}[ -]\d{{2,4}}|{_MONTH}\ \d{{1,2}},?\ \d{{4}})"
_NUMBER = r"(?:\d+|\d{1,3}(?:[ ,.'\u00a0]\d{3})+)(?:[.,]\d*)?(?:[eE][+-]?\d+)?|[.,]\d+"

_SHAPES = re.compile(
    rf"""
    (?P<missing>|n/?a|null|none|nan|nil|missing|unknown|-+|\?+|\.|\#n/a)$
  | (?P<integer>[+-]?\d+)$
  | (?P<number>[+-]?(?:{_NUMBER})|\((?:{_NUMBER})\))$
  | (?P<amount>(?:[A-Z]{{3}}\ ?|[+-]?[$£€¥]\ ?)[+-]?(?:{_NUMBER})|[+-]?(?:{_NUMBER})\ ?(?:%|[$£€¥]|[A-Z]{{3}}))$
  | (?P<date>{_DATE})$
  | (?P<time>{_TIME})$
  | (?P<datetime>{_DATE}[ T]{_TIME})$
  | (?P<address>(?:https?|ftp|s3)://\S+|www\.\S+)$
  | (?P<mail>[^@\s]+@[^@\s]+\.[^@\s]+)$
  | (?P<truth>true|false|yes|no)$
  | (?P<code>(?=[^\s]*\d)[\w.:/#+-]+)$
  | (?P<word>[^\W\d]+)$
  | (?P<text>)
    """,
    re.VERBOSE | re.IGNORECASE,
)

# Shapes that words do not take by chance.
TYPED = frozenset({"integer", "number", "amount", "date", "time", "datetime", "address", "mail"})


@lru_cache(maxsize=1 << 14)
def shape(cell: str) -> str:
    """The name of the shape of a cell: ``integer``, ``date``, ``word``, ``text``, ``missing``, ..."""
    if len(cell) > 200:
        return "text"
    match = _SHAPES.match(cell.strip())
    return match.lastgroup or "text" if match else "text"


def column_shape(cells: Iterable[str]) -> tuple[str, float]:
    """The commonest shape among the cells that are not missing, and its share of them; ``missing`` when all are."""
    counts = Counter(shape(cell) for cell in cells)
    counts.pop("missing", None)
    if not counts:
        return "missing", 1.0
    if counts["number"] and counts["integer"]:
        counts["number"] += counts.pop("integer")
    name, count = max(counts.items(), key=lambda item: item[1])
    return name, count / counts.total()


def columns(rows: Sequence[Sequence[str]]) -> list[tuple[str, float]]:
    """The shape of every column of rows of one width."""
    return [column_shape(cells) for cells in zip(*rows, strict=True)]


def fits(cell: str, kind: str) -> bool:
    """Whether a cell has the shape of its column (a missing one fits any; whole numbers are numbers)."""
    got = shape(cell)
    return got in ("missing", kind) or (kind == "number" and got == "integer") or kind in ("text", "missing")
