"""How a cell becomes the type that a contract names, or is found not to.

What may become what is held to what pandas' own conversion takes, with three exceptions that pandas would get
wrong on text: truth values are words (pandas takes any text but the empty one for true), dates and instants are
ISO 8601 (pandas guesses one format from the first cell and holds all others to it), and digits are ASCII.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from sanitizer_core.contract.dtypes import Expected, kind_of
from sanitizer_core.contract.fragments import call, fully, matches, try_cast, when
from sanitizer_core.schema import DataType
from sanitizer_core.sql import literal

_INTEGER = r"\s*[+-]?[0-9]+(_[0-9]+)*\s*"
_DATE = r" *[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
_TIMESTAMP = rf"{_DATE}({_CLOCK})? *"
_INSTANT = rf"{_DATE}({_CLOCK} *(Z|UTC|[+-][0-9]{{2}}(:?[0-9]{{2}})?)?)? *"
_TIME = r" *[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)? *"
_ZONED = r":[0-9]{2}(\.[0-9]{1,9})? *(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?) *$"
_TRUE = ("true", "t", "yes", "y", "1", "1.0")
_FALSE = ("false", "f", "no", "n", "0", "0.0")

Coercion = Callable[[exp.Expr, Expected], exp.Expr]


def coerced(value: exp.Expr, actual: DataType, expected: Expected) -> exp.Expr | None:
    """The cell as the expected type; null where it cannot become that, nothing where no cell of the column can."""
    if expected.accepts(actual):
        return value.copy()
    kind = kind_of(actual)
    make = _COERCIONS.get((kind, expected.kind)) or _COERCIONS.get(("any", expected.kind))
    return make(value.copy(), expected) if make else None


# The engine's own casts take more than Python does: ``1.5`` and ``0x1F`` as integers, ``+-1`` as a float, ``epoch`` as a
# time. What is written as nearly all cells are is seen at a glance; only the others are held to a pattern.
def _integer_of_text(value: exp.Expr, expected: Expected) -> exp.Expr:
    wide = expected.bounds is not None and expected.bounds[1] >= 2**63
    number = try_cast(value, "UBIGINT" if wide else "BIGINT")
    canonical = exp.EQ(this=exp.cast(number.copy(), "VARCHAR"), expression=value.copy())
    other = when(fully(value.copy(), _INTEGER), number.copy())
    return when(canonical, number, other)


def _integer_of_number(value: exp.Expr, expected: Expected) -> exp.Expr:
    cut = call("trunc", value)
    if expected.whole:
        return when(exp.EQ(this=cut, expression=value.copy()), try_cast(value.copy(), "BIGINT"))
    return try_cast(cut, "BIGINT")


def _has_one_sign(value: exp.Expr) -> exp.Expr:
    return exp.not_(call("contains", value.copy(), literal("+-")))


def _float_of_text(value: exp.Expr, _: Expected) -> exp.Expr:
    return when(_has_one_sign(value), try_cast(value, "DOUBLE"))


def _decimal(value: exp.Expr, expected: Expected) -> exp.Expr:
    return try_cast(value, f"DECIMAL({min(expected.precision or 28, 38)},{expected.scale or 0})")


def _decimal_of_text(value: exp.Expr, expected: Expected) -> exp.Expr:
    return when(_has_one_sign(value), _decimal(value, expected))


def _boolean_of_text(value: exp.Expr, _: Expected) -> exp.Expr:
    word = exp.Lower(this=exp.Trim(this=value))
    true = exp.In(this=word, expressions=[literal(each) for each in _TRUE])
    false = exp.In(this=word.copy(), expressions=[literal(each) for each in _FALSE])
    return exp.Case(
        ifs=[exp.If(this=true, true=exp.true()), exp.If(this=false, true=exp.false())],
    )


def _boolean_of_number(value: exp.Expr, expected: Expected) -> exp.Expr:
    true = exp.NEQ(this=value, expression=literal(0))
    if not expected.whole:
        return true
    return when(exp.In(this=value.copy(), expressions=[literal(0), literal(1)]), true)


def _text_of_boolean(value: exp.Expr, _: Expected) -> exp.Expr:
    return when(value, literal("True"), when(exp.Not(this=value.copy()), literal("False")))


def _timestamp_of_text(value: exp.Expr, _: Expected) -> exp.Expr:
    moment = try_cast(value, "TIMESTAMP")
    usual = exp.Like(this=value.copy(), expression=literal("____-__-__ __:__:__"))
    return when(usual, moment, when(fully(value.copy(), _TIMESTAMP), moment.copy()))


def _date_of_text(value: exp.Expr, expected: Expected) -> exp.Expr:
    return try_cast(_timestamp_of_text(value, expected), "DATE")


def _instant_of_text(value: exp.Expr, expected: Expected) -> exp.Expr:
    zoned = try_cast(value.copy(), "TIMESTAMPTZ")
    naive = _at_zone(try_cast(value.copy(), "TIMESTAMP"), expected)
    return when(fully(value, _INSTANT), when(matches(value.copy(), _ZONED), zoned, naive))


def _at_zone(value: exp.Expr, expected: Expected) -> exp.Expr:
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
    ("text", "time"): lambda value, _: when(fully(value, _TIME), try_cast(value.copy(), "TIME")),
}


def resulting(actual: DataType, expected: Expected | None, *, coerce: bool) -> DataType:
    """The type that the cells have when they are judged."""
    if expected is None or not coerce or expected.accepts(actual):
        return DataType("text") if kind_of(actual) == "text" else actual
    if expected.kind == "decimal":
        return DataType("decimal", expected.precision, expected.scale)
    return DataType(expected.kind) if expected.kind not in {"any", "category", "interval"} else actual  # type: ignore[arg-type]
