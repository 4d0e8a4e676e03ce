"""The one table between the type names of a Pandera schema and our logical types.

======================================================  =============  ===========================================
Pandera, pandas, Polars or Arrow name                   accepts        notes
======================================================  =============  ===========================================
``int64 int32 uint8 Int64 UInt8 int64[pyarrow] int``    integer        integers are 64 bits here; a narrower name is
                                                                       a range that each cell must lie in
``float64 float32 Float64 double float``                float,         pandas shows a decimal column as ``float64``
                                                        decimal
``str string string[pyarrow] large_string String``      text           an ``ENUM`` is text
``bool boolean Boolean``                                boolean
``datetime64[ns] datetime timestamp[us][pyarrow]``      timestamp      every unit is microseconds here
``datetime64[ns, UTC]``, ``Datetime(…time_zone='UTC')``  timestamptz    the zone matters for naive values only
``date Date date32[day][pyarrow]``                      date
``Time time64[us][pyarrow]``                            time           Pandera's own ``time`` means ``datetime``
``Decimal(10, 2) decimal``                              decimal        at most so many digits
``category Categorical Enum``                           anything       cells are held to the categories, where given
``timedelta64[ns] Duration``                            interval
``binary[pyarrow] Binary``                              binary
``object Object``                                       anything       pandas' word for "whatever"
======================================================  =============  ===========================================

A null never breaks a type: whether it may be there is the question of ``nullable`` alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sanitizer_core.errors import did_you_mean
from sanitizer_core.schema import DataType

ExpectedKind = Literal[
    "integer", "float", "text", "boolean", "timestamp", "timestamptz", "date", "time", "decimal", "category",
    "interval", "binary", "any",
]  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What a type name asks of a column.

    Args:
        bounds: smallest and largest integer that it holds.
        whole: whether a number that is not quite of the type cannot become it: pandas' nullable types refuse a
            fraction as an integer and a 2 as a truth value, the others cut the one and take the other for true.
        zone: the time zone of instants.
    """

    kind: ExpectedKind
    bounds: tuple[int, int] | None = None
    whole: bool = False
    precision: int | None = None
    scale: int | None = None
    zone: str | None = None

    def accepts(self, actual: DataType) -> bool:
        """Whether a column of this type is of the expected type as it stands."""
        kind = kind_of(actual)
        match self.kind:
            case "any" | "category":
                return True
            case "float":
                return kind in {"float", "decimal"}
            case "interval":
                return actual.native == "INTERVAL"
            case "decimal":
                return kind == "decimal" and self._holds(actual)
            case _:
                return kind == self.kind

    def _holds(self, actual: DataType) -> bool:
        whole, scale = (actual.precision or 0) - (actual.scale or 0), actual.scale or 0
        return scale <= (self.scale or 0) and whole <= (self.precision or 38) - (self.scale or 0)


def kind_of(actual: DataType) -> str:
    """The logical kind, with the engine's wide integers and enumerations counted as what they hold."""
    native = (actual.native or "").upper()
    if native in {"UBIGINT", "HUGEINT", "UHUGEINT"}:
        return "integer"
    return "text" if native.startswith("ENUM") else actual.kind


_OFTEN = (
    "int64 int32 int16 int8 uint64 uint32 uint16 uint8 Int64 Int32 float64 float32 Float64 str string bool boolean "
    "datetime64[ns] date category object int float datetime decimal timedelta64[ns]"
).split()


def _integer(match: re.Match[str]) -> Expected:
    bits, unsigned = int(match["bits"] or 64), match["u"] != ""
    bounds = (0, 2**bits - 1) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return Expected("integer", bounds=bounds, whole=match[0][0].isupper())


def _instant(match: re.Match[str]) -> Expected:
    zone = next((part for part in match.groupdict().values() if part), None)
    return Expected("timestamptz", zone=zone) if zone else Expected("timestamp")


def _decimal(match: re.Match[str]) -> Expected:
    return Expected("decimal", precision=int(match["precision"] or 28), scale=int(match["scale"] or 0))


def _boolean(match: re.Match[str]) -> Expected:
    return Expected("boolean", whole=match[0].startswith("boolean"))


def _always(kind: ExpectedKind) -> Callable[[re.Match[str]], Expected]:
    return lambda _: Expected(kind)


_ARROW = r"(?:\[pyarrow\])?"
_NAMES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Expected]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"(?P<u>[uU]?)[iI]nt(?P<bits>8|16|32|64)?(?:eger)?{_ARROW}", _integer),
        (rf"[fF]loat(?:16|32|64|128)?{_ARROW}|floating|double{_ARROW}", _always("float")),
        (r"str|[sS]tring(?:\[\w+\])?|large_string\[pyarrow\]|[uU]tf8", _always("text")),
        (rf"bool{_ARROW}|[bB]oolean", _boolean),
        (r"datetime(?:64)?(?:\[\w+(?:, *(?P<zone>[^\]]+))?\])?|time|timestamp", _instant),
        (r"timestamp\[\w+(?:, *tz=(?P<zone>[^\]]+))?\]\[pyarrow\]", _instant),
        (r"Datetime(?:\(time_unit='\w+', time_zone=(?:None|'(?P<zone>[^']+)')\))?", _instant),
        (r"[dD]ate|date(?:32|64)\[\w+\]\[pyarrow\]", _always("date")),
        (r"Time|time(?:32|64)\[\w+\]\[pyarrow\]", _always("time")),
        (
            r"(?:[dD]ecimal(?:128)?)(?:\((?:precision=)?(?P<precision>\d+), *(?:scale=)?(?P<scale>\d+)\))?(?:\[pyarrow\])?",
            _decimal,
        ),
        (r"[cC]ategor(?:y|ical)(?:\(.*\))?|Enum(?:\(.*\))?", _always("category")),
        (r"timedelta(?:64)?(?:\[\w+\])?|Duration(?:\(.*\))?|duration\[\w+\]\[pyarrow\]", _always("interval")),
        (r"(?:large_)?binary\[pyarrow\]|Binary", _always("binary")),
        (r"[oO]bject|O|bytes", _always("any")),
    )
)


def expected_of(name: str) -> Expected | None:
    """What a type name asks for; nothing when there is no such name here."""
    for pattern, make in _NAMES:
        match = pattern.fullmatch(name.strip())
        if match:
            return make(match)
    return None


def dtype_hint(name: str) -> str:
    """What may have been meant by a type name that is none."""
    return (
        did_you_mean(name, _OFTEN) or "For example: int64, Int64, float64, str, bool, datetime64[ns], date, category."
    )
