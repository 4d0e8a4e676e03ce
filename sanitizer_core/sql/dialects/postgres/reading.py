"""How PostgreSQL reads a date and time by a format, without ever failing at what is none.

The engine's own ``to_timestamp`` stops the statement at 31 February, and passes over what does not fit. So the text is
brought into the one form in which every number has its place (single digits get a zero in front), held against a pattern of
digits, and its numbers are taken by their places and compared with the calendar before the moment is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sanitizer_core.errors import CompileError
from sanitizer_core.sql.date_formats import MONTHS, WEEKDAYS, DateFormat, Piece, date_format
from sanitizer_core.sql.dialects.postgres.holding import given
from sanitizer_core.sql.function import Lowering

_WIDTHS = {
    "Y": 4,
    "y": 2,
    "m": 2,
    "d": 2,
    "H": 2,
    "I": 2,
    "M": 2,
    "S": 2,
    "f": 0,
    "b": 3,
    "B": 3,
    "a": 3,
    "A": 3,
    "p": 2,
}
_HOUR, _SIXTIETH = "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
_CLASSES = {
    "Y": "(?:[1-9][0-9][0-9][0-9]|0[1-9][0-9][0-9]|00[1-9][0-9]|000[1-9])",
    "m": "(?:0[1-9]|1[0-2])",
    "d": "(?:0[1-9]|[12][0-9]|3[01])",
    "H": _HOUR,
    "I": "(?:0[1-9]|1[0-2])",
    "M": _SIXTIETH,
    "S": _SIXTIETH,
    **dict.fromkeys("bBaA", "[A-Za-z]{3}"),
    "p": "[APap][Mm]",
    "f": "",
}
"""What a directive finds: only numbers within their bounds, so that nothing is left to compare but the length of the month."""
_NAMES = {
    **dict.fromkeys("bB", "".join(each[:3] for each in MONTHS).upper()),
    **dict.fromkeys("aA", "".join(each[:3] for each in WEEKDAYS).upper()),
}

PAD, PADDED = "(^|[^0-9])([0-9])(?![0-9])", r"\10\2"
"""A digit that stands alone, and the same with a zero in front."""
OFFSET = "([+-][0-9][0-9])(?::?([0-9][0-9]))?$"


@dataclass(frozen=True)
class _Layout:
    """Where each number of a format stands in its one form.

    Args:
        held: what the text in that form is called.
    """

    places: Mapping[str, int]
    pattern: str
    width: int
    held: str = '"@t"'

    def text(self, letter: str) -> str:
        return f"substr({self.held}, {self.places[letter]}, {_WIDTHS[letter]})"

    def number(self, letter: str) -> str:
        return f"CAST({self.text(letter)} AS int)"

    def one_of(self, letters: str) -> str | None:
        return next((each for each in letters if each in self.places), None)


def _layout(form: DateFormat) -> _Layout:
    places: dict[str, int] = {}
    pattern, place = "", 1
    for piece in form.pieces:
        if piece.directive:
            places[piece.text] = place
            pattern += _CLASSES.get(piece.text, "[0-9]" * _WIDTHS[piece.text])
            place += _WIDTHS[piece.text]
        else:
            text = " ".join(piece.text.split(" "))
            pattern += "".join(
                char if char.isalnum() else f"[{char}]" if char not in "\\^]" else f"\\{char}" for char in text
            )
            place += len(text)
    return _Layout(places, f"^{pattern}$", place - 1)


def _refuse(form: DateFormat) -> None:
    """A fraction has no place of its own: no number may come after it. Digits in the text would be taken for numbers."""
    letters = form.directives
    if "f" in letters and set(letters[letters.index("f") + 1 :]) - set("paA"):
        raise CompileError(
            f"postgres cannot read the format {form.source!r}: numbers follow the fraction of the second",
            hint="Split the column first, or run it on DuckDB.",
        )
    if any(char.isdigit() for char in form.literals):
        raise CompileError(
            f"postgres cannot read the format {form.source!r}: its text holds digits", hint="Run it on DuckDB."
        )


def read_moment(constants: Mapping[str, str]) -> Lowering:
    """The text read by a strptime format, or null."""
    form = date_format(constants["format"])
    return _moment(form, ":value")


def read_instant(constants: Mapping[str, str]) -> Lowering:
    """As ``read_moment``, with an offset from UTC at the end."""
    form = date_format(constants["format"])
    if form.pieces[-1].text != "z" or form.directives.count("z") > 1:
        raise CompileError(
            f"postgres cannot read the format {form.source!r}: the offset has to stand at its end",
            hint="Run it on DuckDB.",
        )
    left = form.pieces[:-1]
    if left and not left[-1].directive:
        left = (*left[:-1], *((Piece(left[-1].text.rstrip(" "), False),) if left[-1].text.rstrip(" ") else ()))
    moment = _moment(DateFormat(form.source, left), 'left("@v", length("@v") - length("@z"))')
    offset = 'CAST(concat(left("@o", 3), \':\', substr("@o", 4, 2)) AS interval)'
    first, last = (f"CAST('{each}' AS timestamp)" for each in ("0001-01-01", "9999-12-31 23:59:59.999999"))
    template = given(
        f'CASE WHEN "@u" BETWEEN {first} AND {last} THEN "@u" AT TIME ZONE \'UTC\' END',
        {"@v": ":value", "@z": "regexp_substr(:value, :offset)"},
        {"@v": '"@v"', "@z": '"@z"', "@o": "rpad(replace(\"@z\", ':', ''), 5, '0')"},
        {"@u": f"({moment.template}) - {offset}"},
    )
    return Lowering(template, {**moment.constants, "offset": OFFSET})


def _moment(form: DateFormat, value: str) -> Lowering:
    _refuse(form)
    layout = _layout(form)
    conditions = [*_named(layout), *_day(layout)]
    if "f" in layout.places:
        conditions.append('length("@f") <= 6')
    valid = " AND ".join(conditions) or "TRUE"
    careful = given(
        f'CASE WHEN "@t" ~ :fixed THEN CASE WHEN {valid} THEN {_made(layout)} END END',
        {"@b": f"btrim({value}, ' ')"},
        _in_form(layout),
    )
    constants = {"fixed": layout.pattern, "pad": PAD, "padded": PADDED, **_CONSTANTS}
    if not _is_plain(layout):
        return Lowering(careful, constants)
    quick = replace(layout, held=value)
    template = f"CASE WHEN {value} ~ :surely THEN {_made(quick)} ELSE {careful} END"
    return Lowering(template, {**constants, "surely": layout.pattern.replace(_CLASSES["d"], _EVERY_MONTH)})


_EVERY_MONTH = "(?:0[1-9]|1[0-9]|2[0-8])"
"""Days that every month has: a cell that is in the one form already needs no calendar, and nothing to be held for it."""


def _is_plain(layout: _Layout) -> bool:
    return set(layout.places) == {"Y", "m", "d"}


_CONSTANTS = {"fraction": "[0-9]+([^0-9]*)$", "digits": "([0-9]+)[^0-9]*$", "behind": r"\1"}


def _in_form(layout: _Layout) -> dict[str, str]:
    """``@t``: the text ``@b`` with every number in its place; ``@f`` is the fraction of the second, which has none."""
    if "f" not in layout.places:
        padded = (
            f'CASE WHEN length("@b") = {layout.width} THEN "@b" ELSE regexp_replace("@b", :pad, :padded, \'g\') END'
        )
        return {"@t": f'({padded}) COLLATE "C"'}
    cut = 'regexp_replace("@b", :fraction, :behind)'
    return {
        "@t": f"regexp_replace({cut}, :pad, :padded, 'g') COLLATE \"C\"",
        "@f": 'substring("@b" FROM :digits)',
    }


def _named(layout: _Layout) -> list[str]:
    return [f"{_index(layout, letter)} % 3 = 1" for letter in _NAMES if letter in layout.places]


def _index(layout: _Layout, letter: str) -> str:
    return f"strpos('{_NAMES[letter]}', upper({layout.text(letter)} COLLATE \"C\"))"


def _day(layout: _Layout) -> list[str]:
    if "d" not in layout.places:
        return []
    day, month = layout.text("d"), _month(layout)
    last = f"CASE WHEN {month} IN (4, 6, 9, 11) THEN '30' WHEN {month} <> 2 THEN '31' WHEN {_leap(layout)} THEN '29' ELSE '28' END"
    return [f"({day} <= '28' OR {day} <= {last})"]


def _leap(layout: _Layout) -> str:
    year = _year(layout)
    return f"{year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0)"


def _year(layout: _Layout) -> str:
    if "Y" in layout.places:
        return layout.number("Y")
    if "y" in layout.places:
        return f"({layout.number('y')} + CASE WHEN {layout.text('y')} >= '69' THEN 1900 ELSE 2000 END)"
    return "1900"


def _month(layout: _Layout) -> str:
    named = layout.one_of("bB")
    if named is not None:
        return f"(({_index(layout, named)} + 2) / 3)"
    return layout.number("m") if "m" in layout.places else "1"


def _made(layout: _Layout) -> str:
    day = layout.number("d") if "d" in layout.places else "1"
    date = f"{_year(layout)}, {_month(layout)}, {day}"
    if not layout.one_of("HIMSf"):
        return f"CAST(make_date({date}) AS timestamp)"
    minute = layout.number("M") if "M" in layout.places else "0"
    second = layout.number("S") if "S" in layout.places else "0"
    if "f" in layout.places:
        second = f"({second} + CAST(concat('0.', \"@f\") AS double precision))"
    return f"make_timestamp({date}, {_hour(layout)}, {minute}, {second})"


def _hour(layout: _Layout) -> str:
    if "H" in layout.places:
        return layout.number("H")
    if "I" not in layout.places:
        return "0"
    later = f"CASE WHEN upper({layout.text('p')} COLLATE \"C\") = 'PM' THEN 12 ELSE 0 END"
    return f"({layout.number('I')} % 12 + {later})"


_WRITTEN = {
    "Y": "YYYY", "y": "YY", "m": "MM", "d": "DD", "H": "HH24", "I": "HH12", "M": "MI", "S": "SS", "f": "US", "b": "Mon", "B": "FMMonth",
    "a": "Dy", "A": "FMDay", "p": "AM",
}  # fmt: skip


def moment_text(constants: Mapping[str, str]) -> Lowering:
    """The moment written by a strftime format."""
    parts = []
    for piece in date_format(constants["format"], writing=True).pieces:
        if piece.directive:
            parts.append(("FM" if piece.bare else "") + _WRITTEN[piece.text])
        else:
            escaped = piece.text.replace("\\", "\\\\").replace('"', '\\"')
            parts.append(f'"{escaped}"')
    return Lowering("to_char(:value, :words)", {"words": "".join(parts)})
