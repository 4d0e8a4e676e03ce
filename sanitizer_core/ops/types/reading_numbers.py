"""Text to numbers: the parameters that say how numbers are written, and trees that read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator
from sqlglot import exp

from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.schema import FLOAT, INTEGER, DataType
from sanitizer_core.sql import call, literal
from sanitizer_core.sql.logic import all_of, choose, let
from sanitizer_core.sql.number_formats import THOUSANDS, NumberFormat, compiled, money

MOST_SHAPES = 500
"""How many shapes of a column are looked at to find its decimal mark."""

Percent = Literal["keep", "divide", "refuse"]
Rounding = Literal["fail", "half_up"]
DecimalMark = Literal[".", ",", "auto"]

_WORDS = {"comma": ",", "point": ".", "dot": ".", "space": " ", "blank": " ", "apostrophe": "'", "underscore": "_"}


def _marks(value: Any) -> Any:
    """One mark or several; ``any`` and ``none`` are words, and a mark may be said as a word."""
    words = [value] if isinstance(value, str) else value
    if words in (["any"], ["none"]) or not isinstance(words, (list, tuple)):
        return {"any": None, "none": ()}.get(value, value) if isinstance(value, str) else value
    return tuple(_WORDS.get(str(word).lower(), word) for word in words)


def _known_marks(marks: tuple[str, ...] | None) -> tuple[str, ...] | None:
    wrong = [mark for mark in marks or () if mark not in THOUSANDS]
    if wrong:
        raise ValueError(
            f"{wrong[0]!r} is no mark between thousands. Allowed: {', '.join(map(repr, THOUSANDS))}, any, none"
        )
    return marks


ThousandsMarks = Annotated[tuple[str, ...] | None, BeforeValidator(_marks), AfterValidator(_known_marks)]
"""The type of a parameter that names the marks between thousands; ``None`` is any mark but the decimal one."""


@dataclass(frozen=True)
class Marks:
    """The decimal mark of a column, and how it was found.

    Args:
        note: words for the log.
        sure: whether the cells leave no other reading.
    """

    decimal: str
    note: str = ""
    sure: bool = True


@dataclass(frozen=True)
class NumberReading:
    """How cells are read as numbers.

    Args:
        decimal: the decimal mark, or ``auto``.
        thousands: the marks between thousands; any but the decimal one when ``None``.
        currency: which currencies may stand beside the number; any when ``None``.
        percent: whether a percent sign is taken off, divides by 100, or is refused.
        rounding: what is done with more digits than the type holds.
    """

    decimal: str = "."
    thousands: tuple[str, ...] | None = None
    currency: tuple[str, ...] | None = None
    percent: Percent = "keep"
    rounding: Rounding = "fail"
    marks: Marks = field(default=Marks("."))

    def stat(self, column: str) -> Stat | None:
        """What must be measured of a column of text."""
        return Stat(column, "shapes", MOST_SHAPES) if self.decimal == "auto" else None

    def decided(self, column: str, fitted: Fitted) -> NumberReading:
        """The same with the column's decimal mark known."""
        if self.decimal != "auto":
            return self._with(Marks(self.decimal))
        shapes = fitted.values.get(Stat(column, "shapes", MOST_SHAPES).key)
        return self.by_shapes(shapes or [])

    def by_shapes(self, shapes: Sequence[Sequence[Any]]) -> NumberReading:
        """The same with the decimal mark by which most of these are numbers."""
        return self._with(self._decide(shapes) if self.decimal == "auto" else Marks(self.decimal))

    def _with(self, marks: Marks) -> NumberReading:
        return replace(self, marks=marks)

    def with_currency(self, signs: tuple[str, ...]) -> NumberReading:
        """The same for numbers that these may stand beside."""
        return replace(self, currency=signs)

    def _decide(self, shapes: Sequence[Sequence[Any]]) -> Marks:
        """The mark by which more cells are numbers; the point when both read as many."""
        point, comma = (self._readable(mark, shapes) for mark in ".,")
        if point == comma:
            marked = any("." in shape[0] or "," in shape[0] for shape in shapes)
            undecided = (
                f"decimal point, though a comma would read the same {point} cells" if marked else "no decimal mark"
            )
            return Marks(".", undecided, sure=not marked)
        mark, name, more, less = (".", "point", point, comma) if point > comma else (",", "comma", comma, point)
        return Marks(mark, f"decimal {name}, by which {more} cells are numbers (by the other mark {less})")

    def _readable(self, mark: str, shapes: Sequence[Sequence[Any]]) -> int:
        form = self._form(mark)
        patterns = [form.pattern(percent="?"), form.exponent_pattern()]
        return sum(int(shape[1]) for shape in shapes if any(compiled(each).fullmatch(shape[0]) for each in patterns))

    def _form(self, mark: str) -> NumberFormat:
        allowed = self.thousands if self.thousands is not None else tuple(THOUSANDS)
        return NumberFormat(mark, tuple(each for each in allowed if each != mark), self.currency)

    @property
    def form(self) -> NumberFormat:
        """What numbers look like."""
        return self._form(self.marks.decimal)

    def tree(self, value: exp.Expr, kind: DataType) -> exp.Expr:
        """The number that the cell says as an integer, float or decimal, or null.

        What is written plainly is tried first, which is quick; then what has marks, signs or currencies; then what
        has an exponent or is divided by 100, where it has to be made sure that no digit is lost.
        """
        fits = self._is_number(value, self.digits(kind), "?" if self.percent == "keep" else "")
        marked = choose((fits, self.digits_of(value, kind)), *self._shifted(value, kind))
        return exp.Coalesce(this=self.quick(value, kind), expressions=[marked])

    def digits_of(self, value: exp.Expr, kind: DataType) -> exp.Expr:
        """The number in a cell that is known to be one."""
        careful = let(self.plain(value), lambda text: self.cast(text, kind))
        return exp.Coalesce(this=self.first_of(value, kind, "first_number"), expressions=[careful])

    def first_of(self, value: exp.Expr, kind: DataType, function: str) -> exp.Expr:
        """The number in a cell that is known to hold one, null where its thousands are marked in a rarer way."""
        form = self.form
        between = "," if form.decimal == "." else "."
        first = call(function, value, literal(form.run), literal(between), literal(form.decimal))
        return let(first, lambda text: self.cast(text, kind))

    def digits(self, kind: DataType) -> int | None:
        """How many digits may stand behind the mark; any number when ``None``."""
        return None if kind == FLOAT or self.rounding == "half_up" else kind.scale or 0

    def quick(self, value: exp.Expr, kind: DataType) -> exp.Expr:
        """The number where it is written plainly. Under a decimal comma a point may stand between thousands: only what has neither is plain."""
        if kind == INTEGER or self.marks.decimal != ".":
            whole = call("try_integer", value)
            return whole if kind == INTEGER else self.cast(whole, kind)
        if kind == FLOAT:
            return call("loose_float", value)
        return call("try_decimal", value, literal(kind.precision), literal(kind.scale))

    def _shifted(self, text: exp.Expr, kind: DataType) -> list[tuple[exp.Expr, exp.Expr]]:
        mantissa = let(call("without_exponent", text), self.plain)
        fits = call("fits_pattern", text, literal(self.form.exponent_pattern()))
        branches = [(fits, call("parts_joined", mantissa, call("exponent_of", text)))]
        if self.percent == "divide":
            hundredths = call("parts_joined", self.plain(text), literal("-2"))
            branches.append((self._is_number(text, None, "!"), hundredths))
        return [(fits, let(number, lambda written: self._exactly(written, kind))) for fits, number in branches]

    def _exactly(self, written: exp.Expr, kind: DataType) -> exp.Expr:
        """The number of a mantissa and an exponent."""
        if kind == FLOAT:
            return call("cast_float", written)
        wide = call(
            "cast_decimal", written, literal(38), literal(kind.scale or 0)
        )  # a mantissa may be longer than the number
        number = call("cast_decimal", wide, literal(kind.precision or 38), literal(kind.scale or 0))
        conditions = [call("below", number, literal(10.0 ** ((kind.precision or 38) - (kind.scale or 0))))]
        if self.rounding == "fail":
            conditions.append(call("same_number", number, written))
        return choose((all_of(conditions), call("whole", number) if kind == INTEGER else number))

    def cast(self, text: exp.Expr, kind: DataType) -> exp.Expr:
        """The number of plain digits, which its pattern has been held against."""
        if kind.kind == "decimal":
            return call("cast_decimal", text, literal(kind.precision), literal(kind.scale))
        return call("cast_integer" if kind == INTEGER else "cast_float", text)

    def _is_number(self, value: exp.Expr, digits: int | None, percent: str) -> exp.Expr:
        """Whether the cell is a number.

        Where any currency may stand beside it, a mark is put in its place first: so the long list of currencies stands
        in the statement once, and not wherever one may stand.
        """
        if self.currency is not None:
            return call("fits_pattern", value, literal(self.form.pattern(digits, percent=percent)))
        marked = call("money_marked", value, literal(money()))
        return call("fits_pattern", marked, literal(self.form.marked_pattern(digits, percent=percent)))

    def plain(self, value: exp.Expr) -> exp.Expr:
        """The digits of what is known to be a number, with a point and a minus sign."""
        return call("plain_number", value, literal(self.form.others), literal(self.form.decimal))
