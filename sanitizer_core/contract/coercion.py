"""How a cell becomes the type that a contract names, or is found not to.

What may become what is held to what pandas' own conversion takes, with three exceptions that pandas would get
wrong on text: truth values are words (pandas takes any text but the empty one for true), dates and instants are
ISO 8601 (pandas guesses one format from the first cell and holds all others to it), and digits are ASCII.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from sanitizer_core.contract.dtypes import Expected, kind_of
from sanitizer_core.schema import DataType
from sanitizer_core.sql import literal

_INTEGER = r"\s*[+-]?[0-9]+(_[0-9]+)*\s*"
_DIGITS = r"[0-9]+(_[0-9]+)*"
_FLOAT = rf"(?i)\s*[+-]?(({_DIGITS}(\.({_DIGITS})?)?|\.{_DIGITS})(e[+-]?{_DIGITS})?|inf|infinity|nan)\s*"
_DATE = r" *[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
_TIMESTAMP = rf"{_DATE}({_CLOCK})? *"
_INSTANT = rf"{_DATE}({_CLOCK} *(Z|UTC|[+-][0-9]{{2}}(:?[0-9]{{2}})?)?)? *"
_TIME = r" *[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)? *"
_ZONED = r":[0-9]{2}(\.[0-9]{1,9})? *(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?) *$"
_TRUE = ("true", "t", "yes", "y", "1", "1.0")
_FALSE = ("false", "f", "no", "n", "0", "0.0")

Coercion = Callable[[exp.Expression, Expected], exp.Expression]


def coerced(value: exp.Expression, actual: DataType, expected: Expected) -> exp.Expression | None:
    """The cell as the expected type; null where it cannot become that, nothing where no cell of the column can."""
    if expected.accepts(actual):
        return value.copy()
    kind = kind_of(actual)
    make = _COERCIONS.get((kind, expected.kind)) or _COERCIONS.get(("any", expected.kind))
    return make(value.copy(), expected) if make else None


def try_cast(value: exp.Expression, to: str) -> exp.Expression:
    """The value as a type, null where it does not fit."""
    return exp.TryCast(this=value, to=exp.DataType.build(to, dialect="duckdb"))


def matches(value: exp.Expression, pattern: str) -> exp.Expression:
    """Whether a pattern of RE2 is found in the value."""
    return exp.Anonymous(this="regexp_matches", expressions=[value, exp.Literal.string(pattern)])


def fully(value: exp.Expression, pattern: str) -> exp.Expression:
    """Whether a pattern of RE2 is the whole value."""
    return exp.Anonymous(this="regexp_full_match", expressions=[value, exp.Literal.string(pattern)])


def call(name: str, *arguments: exp.Expression) -> exp.Expression:
    """A call of a DuckDB function."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def when(condition: exp.Expression, then: exp.Expression, otherwise: exp.Expression | None = None) -> exp.Expression:
    """``CASE WHEN condition THEN then ELSE otherwise END``."""
    return exp.Case(ifs=[exp.If(this=condition, true=then)], default=otherwise)


def _guarded(value: exp.Expression, pattern: str, to: str) -> exp.Expression:
    """A cast held to a pattern, for the engine's own cast takes more (``1.5`` and ``0x1F`` as integers, ``epoch``)."""
    return when(fully(value, pattern), try_cast(value.copy(), to))


def _integer_of_text(value: exp.Expression, expected: Expected) -> exp.Expression:
    wide = expected.bounds is not None and expected.bounds[1] >= 2**63
    return _guarded(value, _INTEGER, "UBIGINT" if wide else "BIGINT")


def _integer_of_number(value: exp.Expression, expected: Expected) -> exp.Expression:
    cut = call("trunc", value)
    if expected.whole:
        return when(exp.EQ(this=cut, expression=value.copy()), try_cast(value.copy(), "BIGINT"))
    return try_cast(cut, "BIGINT")


def _float_of_text(value: exp.Expression, _: Expected) -> exp.Expression:
    return _guarded(value, _FLOAT, "DOUBLE")


def _decimal(value: exp.Expression, expected: Expected) -> exp.Expression:
    return try_cast(value, f"DECIMAL({min(expected.precision or 28, 38)},{expected.scale or 0})")


def _decimal_of_text(value: exp.Expression, expected: Expected) -> exp.Expression:
    return when(fully(value, _FLOAT), _decimal(value.copy(), expected))


def _boolean_of_text(value: exp.Expression, _: Expected) -> exp.Expression:
    word = exp.Lower(this=exp.Trim(this=value))
    true = exp.In(this=word, expressions=[literal(each) for each in _TRUE])
    false = exp.In(this=word.copy(), expressions=[literal(each) for each in _FALSE])
    return exp.Case(
        ifs=[exp.If(this=true, true=exp.true()), exp.If(this=false, true=exp.false())],
    )


def _boolean_of_number(value: exp.Expression, _: Expected) -> exp.Expression:
    return exp.NEQ(this=value, expression=literal(0))


def _text_of_boolean(value: exp.Expression, _: Expected) -> exp.Expression:
    return when(value, literal("True"), when(exp.Not(this=value.copy()), literal("False")))


def _timestamp_of_text(value: exp.Expression, _: Expected) -> exp.Expression:
    return when(fully(value, _TIMESTAMP), try_cast(value.copy(), "TIMESTAMP"))


def _date_of_text(value: exp.Expression, expected: Expected) -> exp.Expression:
    return try_cast(_timestamp_of_text(value, expected), "DATE")


def _instant_of_text(value: exp.Expression, expected: Expected) -> exp.Expression:
    zoned = try_cast(value.copy(), "TIMESTAMPTZ")
    naive = _at_zone(try_cast(value.copy(), "TIMESTAMP"), expected)
    return when(fully(value, _INSTANT), when(matches(value.copy(), _ZONED), zoned, naive))


def _at_zone(value: exp.Expression, expected: Expected) -> exp.Expression:
    return call("timezone", literal(expected.zone or "UTC"), value)


def _cast(to: str) -> Coercion:
    return lambda value, _: try_cast(value, to)


_COERCIONS: dict[tuple[str, str], Coercion] = {
    ("text", "integer"): _integer_of_text,
    ("float", "integer"): _integer_of_number,
    ("decimal", "integer"): _integer_of_number,
    ("boolean", "integer"): _cast("BIGINT"),
    ("text", "float"): _float_of_text,
    ("integer", "float"): _cast("DOUBLE"),
    ("boolean", "float"): _cast("DOUBLE"),
    ("text", "decimal"): _decimal_of_text,
    ("integer", "decimal"): _decimal,
    ("float", "decimal"): _decimal,
    ("decimal", "decimal"): _decimal,
    ("boolean", "text"): _text_of_boolean,
    ("any", "text"): _cast("VARCHAR"),
    ("text", "boolean"): _boolean_of_text,
    ("integer", "boolean"): _boolean_of_number,
    ("float", "boolean"): _boolean_of_number,
    ("decimal", "boolean"): _boolean_of_number,
    ("text", "timestamp"): _timestamp_of_text,
    ("date", "timestamp"): _cast("TIMESTAMP"),
    ("timestamptz", "timestamp"): lambda value, _: call("timezone", literal("UTC"), value),
    ("text", "timestamptz"): _instant_of_text,
    ("timestamp", "timestamptz"): _at_zone,
    ("date", "timestamptz"): lambda value, expected: _at_zone(try_cast(value, "TIMESTAMP"), expected),
    ("text", "date"): _date_of_text,
    ("timestamp", "date"): _cast("DATE"),
    ("timestamptz", "date"): lambda value, _: try_cast(call("timezone", literal("UTC"), value), "DATE"),
    ("text", "time"): lambda value, _: when(
        fully(value, _TIME), try_cast(value.copy(), "TIME")
    ),
}


def resulting(actual: DataType, expected: Expected | None, *, coerce: bool) -> DataType:
    """The type that the cells have when they are judged."""
    if expected is None or not coerce or expected.accepts(actual):
        return DataType("text") if kind_of(actual) == "text" else actual
    if expected.kind == "decimal":
        return DataType("decimal", expected.precision, expected.scale)
    return DataType(expected.kind) if expected.kind not in {"any", "category", "interval"} else actual  # type: ignore[arg-type]
