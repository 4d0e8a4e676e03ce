"""How each portable function is called in the tests of parity, and what an engine has no words for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from sqlglot import exp

from awkward import KINDS
from parity import Row
from sanitizer_core.ops.types.reading_dates import DateReading
from sanitizer_core.schema import TIMESTAMP, TIMESTAMPTZ, DataType
from sanitizer_core.sql import FUNCTIONS, call, column, literal
from sanitizer_core.sql.date_formats import date_format
from sanitizer_core.sql.number_formats import NumberFormat, money
from sanitizer_core.sql.pattern import pattern, replacement
from sanitizer_core.sql.tree import cast_to

LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    "postgres": {
        "float_remainder": "there is no remainder of doubles, and that of decimals is another one",
        "log2": "there is no logarithm of doubles to the base 2, and a quotient of two is not always the nearest double",
    },
    "spark": dict.fromkeys(("exp", "ln", "log2", "log10", "power"), "the last of 16 digits is Java's own"),
}
"""Per engine the functions that it cannot say, with the reason."""


@dataclass(frozen=True)
class Probe:
    """A call of a function: each argument is the name of a kind, whose values are gone through, or a constant.

    Args:
        cast: whether callers cast the result to the type of the first argument, since engines give another one.
        constants: about how many rows are tried as constants besides.
    """

    function: str
    arguments: tuple[str | exp.Expr, ...]
    note: str = ""
    cast: bool = False
    constants: int = 24

    def __str__(self) -> str:
        return f"{self.function} {self.note}".strip()

    @property
    def kinds(self) -> dict[str, DataType]:
        """The columns of the rows, and their types."""
        named = [each for each in self.arguments if isinstance(each, str)]
        return {f"c{index}": KINDS[name][0] for index, name in enumerate(named)}

    def rows(self) -> list[Row]:
        """Every combination of the values."""
        return list(product(*(KINDS[each][1] for each in self.arguments if isinstance(each, str))))

    def tree(self, row: Row | None = None) -> exp.Expr:
        """The call over the columns, or over the values of one row."""
        kinds = list(self.kinds.items())
        cells = [
            column(name) if row is None else cast_to(literal(row[place]), kind)
            for place, (name, kind) in enumerate(kinds)
        ]
        given = iter(cells)
        made = call(self.function, *(next(given) if isinstance(each, str) else each for each in self.arguments))
        return cast_to(made, kinds[0][1]) if self.cast else made


@dataclass(frozen=True)
class Reading(Probe):
    """A format is read behind its pattern, by which a cell is held first: so ``parse_dates`` does it."""

    format: str = ""

    def tree(self, row: Row | None = None) -> exp.Expr:
        value = column("c0") if row is None else cast_to(literal(row[0]), KINDS["text"][0])
        kind = TIMESTAMPTZ if self.function == "read_instant" else TIMESTAMP
        return DateReading((self.format,)).tree(value, kind)


def _made(function: str, *arguments: str | exp.Expr, note: str = "", cast: bool = False) -> Probe:
    return Probe(function, arguments, note, cast)


_TAKEN = {
    "text": "text",
    "integer": "integer",
    "number": "float",
    "float": "float",
    "boolean": "boolean",
    "date": "date",
}


def _public() -> list[Probe]:
    """What portable expressions may call, but for what has to be said by hand."""
    return [
        _made(name, *(_TAKEN[each] for each in function.takes))
        for name, function in FUNCTIONS.items()
        if function.callable and len(function.takes) == 1 and function.takes[0] in _TAKEN
    ]


_TEXT = [
    *(_made(name, "few text", "few text") for name in ("contains", "starts_with", "ends_with", "strpos")),
    _made("contains", "text", literal("a"), note="a constant"),
    _made("substring", "few text", "position", "position"),
    _made("substring", "text", literal(2), note="without a length"),
    _made("left", "text", "width"), _made("right", "text", "width"), _made("left", "few text", "position", note="far"),
    _made("right", "few text", "position", note="far"),
    _made("replace", "few text", "few text", "few text"),
    _made("split_part", "few text", "few text", "part"), _made("split_part", "few text", literal(","), literal(10_000), note="far"),
    _made("part_of", "few text", "few text", literal(2)), _made("part_of", "few text", literal(","), literal(5), note="far"),
    _made("parts_from", "few text", literal(", "), literal(2)), _made("parts_from", "few text", literal(","), literal(3), note="third"),
    _made("lpad", "few text", "width", "few text"), _made("rpad", "few text", "width", "few text"),
    _made("compose", "text"), _made("like", "few text", "few text"), _made("like", "text", literal("%é_a%"), note="a constant"),
    *(_made("matches", "text", pattern(each), note=repr(each)) for each in (
        "a", r"^\s*$", r"\d+", r"\bword\b", r"[^a-z]", "^.$", r"\W\w", "é", r"[\s\-]", r"\\", "(a|b)c", r"a\Bb", r"^[A-Z]{2,3}", r"\u00a0", r"\.", r"[\]^-]", "(?:x{2}){3}",
    )),
    *(_made("matches", "text", pattern(each, ignore_case=True), note=f"{each!r} whatever the case") for each in ("abc", "straße", "é", "[a-k]+s", "σ", "ǆ")),
    *(_made("matches", "text", pattern(each, whole=True), note=f"{each!r} whole") for each in ("[a-z ]+", r"\d+|\w+", "a|abc", r"[^\n]*")),
    _made("replace_pattern", "text", pattern("([a-z])([0-9])?"), replacement(r"<\1|\2\\$1&\0>")),
    _made("replace_pattern", "text", pattern(r"\s+"), replacement(" "), note="white space"),
    _made("replace_pattern", "text", pattern("^"), replacement("x"), note="the beginning"),
    _made("replace_first_pattern", "text", pattern("[^a-z]+"), replacement("_")),
    _made("extract_pattern", "text", pattern(r"(\d+)[.,](\d*)"), literal(0)),
    _made("extract_pattern", "text", pattern(r"(\d+)[.,](\d*)"), literal(2), note="a group"),
    _made("extract_pattern", "text", pattern("(a)?b"), literal(1), note="a group that is not there"),
]  # fmt: skip

_FORMS = {"point": NumberFormat(), "comma": NumberFormat(",", (".", " "))}

_NUMBERS = [
    _made("try_decimal", "text", literal(10), literal(2)), _made("try_decimal", "text", literal(38), literal(10), note="wide"),
    _made("try_decimal", "text", literal(18), literal(0), note="whole"),
    _made("float_text", "float"),
    *(_made(name, "text", literal(form.others), literal(form.decimal), note=mark) for name in ("plain_number",) for mark, form in _FORMS.items()),
    *(
        _made(name, "text", literal(form.run), literal(form.thousands[0]), literal(form.decimal), note=mark)
        for name in ("first_number", "leading_number") for mark, form in _FORMS.items()
    ),
    *(_made(name, "text") for name in ("before_blank", "after_blank", "exponent_of", "without_exponent", "loose_float")), _made("cast_integer", "digits"),
    *(_made("cast_float", kind, note=kind) for kind in ("digits", "exponents")),
    _made("money_marked", "text", literal(money())),
    _made("parts_joined", "few text", "few text"),
    _made("leading_part", "text", literal("^[0-9]+(?:[.][0-9]+)?")), _made("without_part", "text", literal("^[0-9]+(?:[.][0-9]+)?")),
    *(_made("cast_decimal", kind, literal(p), literal(q), note=f"{kind} {p},{q}") for kind in ("digits", "exponents") for p, q in ((10, 2), (38, 0), (38, 10))),
    _made("same_number", "float", "well formed"), _made("same_number", "decimal", "well formed", note="a decimal"),
    *(_made("below", kind, literal(limit), note=f"{kind} {limit}") for kind in ("float", "decimal", "integer") for limit in (100.0, 1e18)),
    *(_made("whole", kind, note=kind) for kind in ("float", "decimal", "integer")),
    *(_made("exact_float", kind, note=kind) for kind in ("decimal", "integer")),
    *(_made("truth", kind, note=kind) for kind in ("float", "decimal", "integer")),
]  # fmt: skip

_ARITHMETIC = [
    *(_made(name, kind, kind, note=kind) for name, kind in (*((name, "integer") for name in ("add", "subtract", "multiply", "remainder")), ("remainder", "decimal"))),
    *(_made(f"{name}_decimals", kind, kind, note=kind) for name in ("add", "subtract", "multiply") for kind in ("wide decimal",)),
    *(_made(f"{name}_decimals", "decimal", "decimal") for name in ("add", "subtract")),
    _made("float_remainder", "float", "float"), _made("divide", "float", "float"),
    *(_made(name, kind, note=kind) for name in ("abs", "sign") for kind in ("integer", "decimal", "float")),
    *(_made(name, kind, note=kind) for name in ("ceil", "floor", "trunc", "whole_number") for kind in ("decimal", "float")),
    *(_made("round_number", kind, literal(digits), note=f"{kind} {digits}", cast=kind == "integer") for kind in ("integer", "decimal") for digits in (-2, 0, 1)),
    *(_made("round_float", "float", literal(digits), note=str(digits)) for digits in (-2, 0, 1, 2, 10)),
    *(_made("to_decimal", kind, literal(p), literal(q), note=f"{kind} {p},{q}") for kind in ("integer", "decimal") for p, q in ((10, 2), (4, 1), (38, 0))),
    *(_made("float_to_decimal", "float", literal(p), literal(q), note=f"{p},{q}") for p, q in ((4, 1), (9, 2), (18, 3), (38, 10), (38, 0))),
    _made("power", "float", "float"),
    *(_made(name, kind, kind, note=kind) for name in ("larger", "smaller") for kind in ("integer", "decimal", "float", "few text", "date")),
]  # fmt: skip

_STRPTIME = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d %b %Y", "%d-%b-%y", "%d/%m/%y", "%Y%m", "%Y", "%m/%d/%Y %I:%M %p", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f",
    "%A, %d %B %Y", "%b %d, %Y", "%H:%M", "%Y-%m",
)  # fmt: skip

_DATES = [
    *(Reading("read_moment", ("text",), note=each, constants=8, format=each) for each in _STRPTIME),
    *(Reading("read_instant", ("text",), note=each, constants=8, format=each) for each in ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z", "%d %b %Y %H:%M%z")),
    *(_made("fits_pattern", "text", literal(date_format(each).pattern()), note=each) for each in _STRPTIME),
    *(_made(name, "text") for name in ("has_offset", "cut_words", "offset_in_digits", "excel_moment", "digit_shape")),
    *(_made(name, "timestamp") for name in ("plain_year", "in_calendar")),
    *(_made("add_century", "middle timestamp", literal(months), note=str(months)) for months in (1200, -1200)),
    *(_made("unix_moment", "count", literal(each), note=str(each)) for each in (1_000_000, 1_000)),
    *(_made("at_zone", "middle timestamp", literal(zone), note=zone) for zone in ("UTC", "Europe/Berlin", "America/New_York")),
    *(_made("clock_in", "middle timestamptz", literal(zone), note=zone) for zone in ("UTC", "Europe/Berlin", "America/New_York")),
    _made("instant_text", "timestamptz"),
    _made("midnight_date", "timestamp"),
    *(_made("moment_text", kind, literal(each), note=f"{kind} {each}") for kind in ("date", "timestamp") for each in (*_STRPTIME[:10], "%-d.%-m.%Y", "%B %-d %%", "%I%p \"Y\"")),
    *(_made("moment_text", "timestamp", literal(each), note=each) for each in (*_STRPTIME[10:], "%-H:%-M:%-S")),
    *(_made("fits_mask", "text", literal(mask), note=mask) for mask in ("____-__-__", "__/__/____", "__ ___ ____")),
    _made("first_over_12", "text", "shape"), _made("second_over_12", "text", "shape"),
    *(_made(name, kind, note=kind) for name in ("year", "quarter", "month", "week", "day", "dayofyear", "isodow", "epoch") for kind in ("date", "timestamp", "timestamptz")),
    *(_made(name, kind, note=kind) for name in ("hour", "minute", "second") for kind in ("time", "timestamp", "timestamptz")),
    *(_made(name, kind, note=kind, cast=True) for name in FUNCTIONS if name.startswith("cut_to_") for kind in ("date", "timestamp", "timestamptz")),
    _made("make_date", "integer", "month", "month"), _made("add_days", "date", "integer"), _made("add_months", "date", "integer"),
    _made("days_between", "date", "date"), _made("seconds_between", "timestamp", "timestamp"),
    _made("add_seconds", "timestamp", "float"), _made("add_seconds", "timestamptz", "float", note="an instant"),
    *(_made("start_of", kind, literal(part), note=f"{kind} {part}", cast=True) for kind in ("late date", "timestamp", "timestamptz") for part in ("year", "quarter", "month")),
    _made("start_of", "late date", literal("decade"), note="decade", cast=True),
]  # fmt: skip

_IT = exp.to_identifier("@it", quoted=True)

_OTHERS = [
    _made("let", "few text", call("upper", exp.DPipe(this=_IT, expression=_IT))),
    _made("among", "text", literal("a\nabc\n5\nÉ")),
    Probe("may_be_padded", ("text",), constants=0), _made("first_code_point", "text"), _made("finite", "float"),
    _made("keyed_hash", "text", literal("PARITY_KEY")), *(_made("keep_last", "text", literal(keep), literal("*"), note=str(keep)) for keep in (0, 4)),
]  # fmt: skip

PROBES: tuple[Probe, ...] = (*_public(), *_TEXT, *_NUMBERS, *_ARITHMETIC, *_DATES, *_OTHERS)
