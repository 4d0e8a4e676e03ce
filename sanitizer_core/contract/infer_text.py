"""What columns of text hold: numbers or times written as text, well-known patterns, or one shape."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sqlglot import exp

from sanitizer_core.contract.bind import BoundColumn
from sanitizer_core.contract.coercion import coerced
from sanitizer_core.contract.dtypes import expected_of
from sanitizer_core.contract.fragments import call, count, count_where, fully, matches
from sanitizer_core.contract.patterns import to_re2
from sanitizer_core.contract.scan import Scan
from sanitizer_core.schema import TEXT
from sanitizer_core.sql import column as reference
from sanitizer_core.sql import literal, lower

PATTERNS = {
    "e-mail": r"^[^@\s]+@[^@\s]+\.[^@\s.]+$",
    "UUID": r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
    "web address": r"^https?://[^\s/]+(/\S*)?$",
    "IPv4 address": r"^\d{1,3}(\.\d{1,3}){3}$",
}
_CANDIDATES = ("int64", "float64", "datetime64[ns]")
# "007" is a name made of digits, and no number.
_PADDED = r"[+-]?0[0-9]+.*"
_LONGEST_SHAPE = 40


def text_dtypes(scan: Scan, columns: list[str]) -> dict[str, str]:
    """The types that every value of a text column can be read as; columns of text proper are left out."""
    if not columns:
        return {}
    parts: list[exp.Expr] = []
    for position, name in enumerate(columns):
        value = reference(name)
        parts.append(count(value.copy()).as_(f"c{position}"))
        parts.append(count_where(fully(value.copy(), _PADDED)).as_(f"p{position}"))
        for number, dtype in enumerate(_CANDIDATES):
            parts.append(count(_as(value, dtype)).as_(f"t{position}_{number}"))
        parts.append(count_where(_is_truth(value)).as_(f"b{position}"))
    found = scan.one(exp.select(*parts).from_(scan.table))
    dtypes = {name: _dtype(found, position) for position, name in enumerate(columns)}
    return {name: dtype for name, dtype in dtypes.items() if dtype is not None}


def _as(value: exp.Expr, dtype: str) -> exp.Expr:
    expected = expected_of(dtype)
    became = coerced(value, TEXT, expected) if expected else None
    return lower(became, "duckdb") if became is not None else exp.null()


def _is_truth(value: exp.Expr) -> exp.Expr:
    return exp.In(this=exp.Lower(this=value.copy()), expressions=[literal("true"), literal("false")])


def _dtype(found: dict[str, int], position: int) -> str | None:
    values = found[f"c{position}"]
    if not values:
        return None
    if found[f"b{position}"] == values:
        return "bool"
    fits = [dtype for number, dtype in enumerate(_CANDIDATES) if found[f"t{position}_{number}"] == values]
    if not fits or (fits[0] != "datetime64[ns]" and found[f"p{position}"]):
        return None
    return fits[0]


def text_patterns(scan: Scan, column: BoundColumn, values: int) -> Iterator[str]:
    """The well-known patterns that every value has."""
    written = {pattern: to_re2(pattern, anchored=True) for pattern in PATTERNS.values()}
    parts = [
        count_where(matches(column.cell.value.copy(), translated or "")).as_(f"m{number}")
        for number, translated in enumerate(written.values())
    ]
    cells = exp.select(*column.projections()).from_(scan.table).subquery("cells")
    found = scan.one(exp.select(*parts).from_(cells))
    yield from (pattern for number, pattern in enumerate(written) if found[f"m{number}"] == values)


def shape_pattern(scan: Scan, column: BoundColumn) -> str | None:
    """A pattern of letters, digits and marks, when all values have one shape, as ``AB-1234`` and ``XY-0815``."""
    shape = column.cell.value
    for letters, sign in (("[A-Z]", "A"), ("[a-z]", "a"), ("[0-9]", "0")):
        shape = call("regexp_replace", shape, literal(letters), literal(sign), literal("g"))
    cells = exp.select(*column.projections()).from_(scan.table).subquery("cells")
    query = exp.select(shape.as_("shape")).distinct().from_(cells).where("shape IS NOT NULL").limit(2)
    shapes = [each for (each,) in scan.run(query)]
    if len(shapes) != 1 or len(shapes[0]) > _LONGEST_SHAPE or not set("Aa0") & set(shapes[0]):
        return None
    return f"^{''.join(_run(sign, len(list(run))) for sign, run in groupby(shapes[0]))}$"


def _run(sign: str, length: int) -> str:
    known = {"A": "[A-Z]", "a": "[a-z]", "0": "[0-9]"}.get(sign)
    part = known or (sign if sign.isalnum() or sign in " -_/:" else f"\\{sign}")
    return part if length == 1 else f"{part}{{{length}}}"
