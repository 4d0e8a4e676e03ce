"""How a column's dates are written, found from the shapes of all its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanitizer_core.sql.date_formats import MONTHS, WEEKDAYS

MOST_SHAPES = 500
"""How many shapes of a column are looked at."""

_MONTH = "(?:" + "|".join(f"{name}|{name[:3]}[.]?" for name in MONTHS) + "|Sept[.]?)"
_WEEKDAY = "(?:" + "|".join(f"{name}|{name[:3]}[.]?" for name in WEEKDAYS) + ")"
_YEAR = "(?P<year>0000|00)"

_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"0000(?P<a>[-/.])00?(?P=a)00?",
        r"00000000(?!0)",
        rf"00?(?P<a>[-/.])00?(?P=a){_YEAR}(?!0)",
        rf"(?:(?P<weekday>{_WEEKDAY})(?P<w>,? ))?00?(?P<a>[-/., ]{{0,2}}){_MONTH}(?P<b>[-/., ]{{0,2}}){_YEAR}(?!0)",
        rf"(?:(?P<weekday>{_WEEKDAY})(?P<w>,? ))?{_MONTH}(?P<a>[-/., ]{{1,2}})00?(?P<b>[-/., ]{{1,2}}){_YEAR}(?!0)",
        rf"0000(?P<a>[-/., ]{{0,2}}){_MONTH}(?P<b>[-/., ]{{0,2}})00?",
    )
)
_ORDERS = ("Ymd", "Ymd", "?", "dbY", "bdY", "Ybd")
_TIME = re.compile(
    r"(?P<gap>T|,? |)00?:00(?P<second>:00(?P<fraction>[.]0{1,6})?)?(?P<half> ?[AP]M)?(?P<zone> ?(?:Z|[+-]00(?::?00)?))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """The formats that cells of a column are written in, the commonest first.

    Args:
        note: how the order of day and month was decided, or that it could not be.
        sure: whether the cells leave no other reading.
        unread: the commonest shape that is no date, if any.
    """

    formats: tuple[str, ...]
    note: str
    sure: bool
    unread: str | None


@dataclass(frozen=True)
class _Shape:
    """A shape with the format it has when the day comes first, and when the month does; ``None`` when it is no date."""

    text: str
    cells: int
    day_first: str | None
    month_first: str | None
    over_12: tuple[int, int]

    @property
    def is_ambiguous(self) -> bool:
        return self.day_first != self.month_first


def find_formats(shapes: Sequence[Sequence[Any]], day_first: bool) -> Found:
    """The formats of a column, from ``shape, cells, first over 12, second over 12`` (see sanitizer_core.sql.shapes).

    Dates of two numbers and a year are all read in one order, which the cells with a number over 12 decide.

    Args:
        day_first: the order when they do not.
    """
    seen = [_shape(*shape) for shape in shapes]
    ambiguous = [each for each in seen if each.is_ambiguous]
    days, months = (sum(each.over_12[place] for each in ambiguous) for place in (0, 1))
    first = days > months if days != months else day_first
    counts: dict[str, int] = {}
    for each in seen:
        name = each.day_first if first else each.month_first
        if name is not None:
            counts[name] = counts.get(name, 0) + each.cells
    formats = tuple(sorted(counts, key=lambda name: (-counts[name], name)))
    unread = next((each.text for each in seen if each.day_first is None and each.text), None)
    return Found(formats, _note(first, days, months) if ambiguous else "", not ambiguous or days != months, unread)


def _note(first: bool, days: int, months: int) -> str:
    order = "day first" if first else "month first"
    if days != months:
        more, fewer = max(days, months), min(days, months)
        against = f", {fewer} the other" if fewer else ""
        return f"{order}: {more} cells have their {'first' if first else 'second'} number over 12{against}"
    why = f"{days} cells say the one and as many the other" if days else "no cell has a number over 12"
    return f"{order} as day_first says: {why}"


def _shape(text: str, cells: int, first: int, second: int) -> _Shape:
    bare = re.sub(r"\s+", " ", text)
    for pattern, order in zip(_DATES, _ORDERS, strict=True):
        date = pattern.match(bare)
        time = None if date is None else _time(bare[date.end() :])
        if date is not None and time is not None:
            made = [each + time for each in _dates(date, order)]
            return _Shape(text, cells, made[0], made[-1], (first, second))
    return _Shape(text, cells, None, None, (0, 0))


def _dates(date: re.Match[str], order: str) -> list[str]:
    """The format of a date; two, with the day first and with the month first, where the shape does not say."""
    parts = date.groupdict()
    a, b = parts.get("a") or "", parts.get("b") or ""
    year = "%y" if parts.get("year") == "00" else "%Y"
    if order == "?":
        # Nobody writes the month first and puts points.
        return [f"%d{a}%m{a}{year}"] if a == "." else [f"%d{a}%m{a}{year}", f"%m{a}%d{a}{year}"]
    one, two, three = ({"Y": year, "m": "%m", "d": "%d", "b": "%b"}[letter] for letter in order)
    weekday = f"%a{parts['w']}" if parts.get("weekday") else ""
    return [f"{weekday}{one}{a}{two}{a if order == 'Ymd' else b}{three}"]


def _time(rest: str) -> str | None:
    """The directives of what follows the date; ``None`` when that is no time."""
    time = _TIME.fullmatch(rest)
    if not rest or time is None:
        return None if rest else ""
    half, zone = time["half"] or "", time["zone"] or ""
    parts = [
        time["gap"],
        "%I" if half else "%H",
        ":%M",
        ":%S" if time["second"] else "",
        ".%f" if time["fraction"] else "",
    ]
    return "".join(
        [*parts, " " * half.startswith(" "), "%p" * bool(half), " " * zone.startswith(" "), "%z" * bool(zone)]
    )
