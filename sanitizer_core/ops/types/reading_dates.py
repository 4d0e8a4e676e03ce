"""Text to dates and times: trees that read cells by a list of formats, in order."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import permutations
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator
from sqlglot import exp

from sanitizer_core.errors import did_you_mean
from sanitizer_core.schema import DATE, TIME, TIMESTAMPTZ, DataType
from sanitizer_core.sql import call, cast_to, literal
from sanitizer_core.sql.date_formats import DateFormat, date_format
from sanitizer_core.sql.logic import choose, let

SPECIAL = ("iso", "excel", "unix", "unix_ms")
"""Words for what no format can say: ISO 8601 in all its forms, Excel's day numbers, counts since 1970."""

POSIX_PIVOT = 69
"""Two-digit years from here on are of the 1900s where nothing else is said, as in POSIX and in Python."""

_MICROSECONDS = {"unix": 1_000_000, "unix_ms": 1_000}
_SAMPLE = dt.datetime(2001, 2, 3, 4, 5, 6, 7, dt.UTC)


@dataclass(frozen=True)
class DateReading:
    """How cells are read.

    Args:
        formats: in the order in which they are tried.
        pivot: two-digit years from here on are of the 1900s.
        zone: where cells without an offset are at home, and what clocks show where the result has no zone.
        drop_time: whether a date is taken from a moment that is not midnight.
    """

    formats: tuple[str, ...]
    pivot: int = POSIX_PIVOT
    zone: str = "UTC"
    drop_time: bool = False

    def tree(self, value: exp.Expr, kind: DataType) -> exp.Expr:
        """What the cell says as a date, time, timestamp or timestamptz, or null."""
        if kind == TIME:
            return _first_of(*(self._time(value, each) for each in self.formats))
        if kind == DATE and self.formats == ("iso",):
            careful = let(call("strip", value), lambda text: _first_of(call("try_date", text), self._moment_date(text)))
            return _first_of(call("try_date", value), careful)
        return self._moment_date(value) if kind == DATE else self._moment(value, zoned=kind == TIMESTAMPTZ)

    def _moment_date(self, value: exp.Expr) -> exp.Expr:
        moment = self._moment(value, zoned=False)
        timed = any(each in SPECIAL or date_format(each).has_time for each in self.formats)
        if self.drop_time or not timed:
            return cast_to(moment, DATE)
        return let(moment, lambda known: call("midnight_date", known))

    def _time(self, value: exp.Expr, source: str) -> exp.Expr:
        if source == "iso":
            return _first_of(call("try_time", value), let(call("strip", value), lambda text: call("try_time", text)))
        return cast_to(self._by_pattern(value, date_format(source), zoned=False), TIME)

    def _moment(self, value: exp.Expr, *, zoned: bool) -> exp.Expr:
        """Every format's plainest form comes first where no two formats could read the same cell: that is quick."""
        if _disjoint(self.formats):
            plain = [self._plainly(value, each, zoned) for each in self.formats]
            found = [*plain, *(self._carefully(value, each, zoned) for each in self.formats)]
        else:
            found = [read(value, each, zoned) for each in self.formats for read in (self._plainly, self._carefully)]
        return _first_of(*(tree for tree in found if tree is not None))

    def _plainly(self, value: exp.Expr, source: str, zoned: bool) -> exp.Expr | None:
        """The cell where it is in the format's plainest form: a mask is much cheaper than a pattern."""
        mask = None if source in SPECIAL else date_format(source).mask()
        if mask is None:
            return None
        moment = call("plain_year", call("read_moment", value, literal(date_format(source).strptime())))
        return choose((call("fits_mask", value, literal(mask)), self._naive(moment, zoned)))

    def _carefully(self, value: exp.Expr, source: str, zoned: bool) -> exp.Expr:
        match source:
            case "iso":
                return self._iso(value, zoned)
            case "excel":
                return let(call("strip", value), lambda text: self._naive(call("excel_moment", text), zoned))
            case "unix" | "unix_ms":
                return let(call("strip", value), lambda text: self._unix(text, _MICROSECONDS[source], zoned))
            case _:
                return self._by_pattern(value, date_format(source), zoned)

    def _unix(self, text: exp.Expr, microseconds: int, zoned: bool) -> exp.Expr:
        moment = let(call("unix_moment", text, literal(microseconds)), lambda count: call("in_calendar", count))
        utc = call("at_zone", moment, literal("UTC"))
        return utc if zoned else self._clock(utc)

    def _iso(self, value: exp.Expr, zoned: bool) -> exp.Expr:
        return _first_of(
            self._naive(call("try_timestamp", value), zoned),
            let(call("strip", value), lambda text: self._stripped_iso(text, zoned)),
        )

    def _stripped_iso(self, text: exp.Expr, zoned: bool) -> exp.Expr:
        instant = call("try_timestamptz", text)
        with_offset = (call("has_offset", text), instant if zoned else self._clock(instant))
        return choose(with_offset, otherwise=self._naive(call("try_timestamp", text), zoned))

    def _by_pattern(self, value: exp.Expr, form: DateFormat, zoned: bool) -> exp.Expr:
        text = call("collapse_space", value)
        text = call("cut_words", text) if form.has_names else text
        text = call("upper", text) if form.has_words else text
        name = form.strptime(tidied=True)
        if form.has_zone:
            instant = call("read_instant", call("offset_in_digits", text), literal(name))
            moment = instant if zoned else self._clock(instant)
        else:
            read = let(call("read_moment", text, literal(name)), lambda moment: self._century(moment, form))
            moment = self._naive(read, zoned)
        return choose((call("fits_pattern", value, literal(form.pattern())), moment))

    def _century(self, moment: exp.Expr, form: DateFormat) -> exp.Expr:
        """Engines read 69 to 99 as of the 1900s; what the pivot says otherwise goes a century on or back."""
        if not form.two_digit_year or self.pivot == POSIX_PIVOT:
            return moment
        later = self.pivot > POSIX_PIVOT
        first, last = (1969, 1899 + self.pivot) if later else (2000 + self.pivot, 2068)
        between = exp.Between(this=call("year", moment), low=literal(first), high=literal(last))
        return choose((between, call("add_century", moment, literal(1200 if later else -1200))), otherwise=moment)

    def _naive(self, moment: exp.Expr, zoned: bool) -> exp.Expr:
        return call("at_zone", moment, literal(self.zone)) if zoned else moment

    def _clock(self, instant: exp.Expr) -> exp.Expr:
        return let(call("clock_in", instant, literal(self.zone)), lambda clock: call("in_calendar", clock))


def _first_of(*trees: exp.Expr) -> exp.Expr:
    return trees[0] if len(trees) == 1 else exp.Coalesce(this=trees[0], expressions=list(trees[1:]))


def _disjoint(formats: tuple[str, ...]) -> bool:
    """Whether no cell that one format reads could be read by another; tried on a day that every order allows."""
    forms = [date_format(each) for each in formats if each not in SPECIAL]
    if len(forms) < len(formats) > 1:
        return False
    return not any(
        re.fullmatch(one.pattern(), _SAMPLE.strftime(other.strptime())) for one, other in permutations(forms, 2)
    )


def one_or_many(value: Any) -> Any:
    """A word alone as a list of it."""
    return (value,) if isinstance(value, str) else value


def _known_formats(sources: tuple[str, ...]) -> tuple[str, ...]:
    if not sources:
        raise ValueError("at least one format is needed")
    for source in sources:
        if source == "auto" and len(sources) > 1:
            raise ValueError("'auto' stands alone, without formats beside it")
        if source not in (*SPECIAL, "auto"):
            date_format(source)
    return sources


def _no_auto(sources: tuple[str, ...]) -> tuple[str, ...]:
    if "auto" in sources:
        raise ValueError("formats are found in the data by parse_dates; here they are named")
    return sources


FormatsOrAuto = Annotated[tuple[str, ...], BeforeValidator(one_or_many), AfterValidator(_known_formats)]
"""The type of a parameter that lists formats of dates and special words, or is ``auto``."""

Formats = Annotated[FormatsOrAuto, AfterValidator(_no_auto)]
"""The type of a parameter that lists formats of dates and special words."""


def _known_zone(name: str) -> str:
    known = available_timezones()
    if known and name not in known:
        raise ValueError(
            f"unknown time zone {name!r}. {did_you_mean(name, known) or 'Names are those of the IANA database, such as Europe/Berlin.'}"
        )
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
"""The type of a parameter that names a time zone of the IANA database."""
