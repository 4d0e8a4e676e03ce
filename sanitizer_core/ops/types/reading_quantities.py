"""Text to quantities: trees that read a number and its unit, and convert the one by the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.ops.types.reading_numbers import NumberReading
from sanitizer_core.ops.types.units import Unit
from sanitizer_core.schema import FLOAT, INTEGER, DataType
from sanitizer_core.sql import call, literal
from sanitizer_core.sql.logic import among, any_of, choose, is_null, let, negated
from sanitizer_core.sql.white_space import WHITE_SPACE

_SPACES = f"[{WHITE_SPACE}]*"
_SIGN = f"(?:[-+\u2212]{_SPACES})?"
_REST = "(?:[^A-Za-z0-9](?:.|\\n)*)?"


@dataclass(frozen=True)
class QuantityReading:
    """How cells are read.

    Args:
        numbers: how the numbers are written.
        unit: the unit of the result; ``None`` when numbers stay as they are.
        others: units that are converted.
        bare: whether a number without a unit is in the unit.
        ignore_rest: whether words behind the unit are passed over.
        any_unit: whether numbers that stay as they are may have a unit at all.
    """

    numbers: NumberReading
    unit: Unit | None
    others: tuple[Unit, ...]
    bare: bool
    ignore_rest: bool
    any_unit: bool = False

    def number(self, value: exp.Expr, kind: DataType) -> exp.Expr:
        """The number in the unit, or null."""
        if self.unit is None:
            return self._as_written(value, kind) if self.any_unit else self.numbers.tree(value, kind)
        if self.unit.is_currency:
            return self._money(value, self.unit, kind)
        unit = self.unit
        return exp.Coalesce(this=self._quick(value, unit, kind), expressions=[self._careful(value, unit, kind)])

    def _careful(self, text: exp.Expr, unit: Unit, kind: DataType) -> exp.Expr:
        branches = [(self._fits(text, [unit], kind), self._digits(text, kind))]
        branches += [(self._fits(text, self.others, FLOAT), self._converted(text, unit, kind))] if self.others else []
        return choose(*branches, otherwise=self.numbers.tree(text, kind) if self.bare else None)

    def _quick(self, value: exp.Expr, unit: Unit, kind: DataType) -> exp.Expr:
        """A plain number, one blank and the unit: parts are much cheaper than patterns."""
        number = let(call("before_blank", value), lambda text: self.numbers.quick(text, kind))
        return choose((_is_spelled(call("after_blank", value), unit), number))

    def _money(self, value: exp.Expr, unit: Unit, kind: DataType) -> exp.Expr:
        number = self.numbers.with_currency(unit.spellings).tree(value, kind)
        if self.bare:
            return number
        return choose((any_of(call("contains", value, literal(sign)) for sign in unit.spellings), number))

    def _as_written(self, value: exp.Expr, kind: DataType) -> exp.Expr:
        pattern = f"{self._front(kind)}(?:[^0-9{WHITE_SPACE}](?:.|\\n)*)?"
        fits = call("fits_pattern", value, literal(pattern))
        return choose((fits, self._digits(value, kind)))

    def _converted(self, value: exp.Expr, unit: Unit, kind: DataType) -> exp.Expr:
        """Multiplied and divided by whole numbers, so that 5 g are 0.005 kg and not nearly so."""
        ratios = [(each, each.factor / unit.factor) for each in self.others]

        def factor(word: exp.Expr, parts: list[int]) -> exp.Expr:
            return choose(
                *(
                    (_is_spelled(word, each), literal(float(part)))
                    for (each, _), part in zip(ratios, parts, strict=True)
                )
            )

        times = let(self._unit_text(value), lambda word: factor(word, [ratio.numerator for _, ratio in ratios]))
        over = let(self._unit_text(value), lambda word: factor(word, [ratio.denominator for _, ratio in ratios]))
        number = self._digits(value, FLOAT)
        made = exp.Div(this=exp.Paren(this=exp.Mul(this=number, expression=times)), expression=over)
        return made if kind == FLOAT else let(exp.Paren(this=made), lambda found: self._fitted(found, kind))

    def _fitted(self, number: exp.Expr, kind: DataType) -> exp.Expr:
        """A converted number as an integer where it is whole, or rounded to a decimal."""
        if kind == INTEGER:
            return call("whole_number" if self.numbers.rounding == "half_up" else "whole", number)
        return call("cast_decimal", call("float_text", number), literal(kind.precision), literal(kind.scale))

    def unit_symbol(self, value: exp.Expr, number: exp.Expr, known: Sequence[Unit]) -> exp.Expr:
        """The unit that the number is in; null where there is no number, or it was written without a unit."""
        there = negated(is_null(number))
        if self.unit is not None:
            return choose((there, literal(self.unit.symbol)))
        behind = call("strip", call("without_part", value, literal("^" + self._front(FLOAT))))

        def symbol(word: exp.Expr) -> exp.Expr:
            symbols = [(_is_spelled(word, unit), literal(unit.symbol)) for unit in known]
            return exp.Nullif(this=choose(*symbols, otherwise=word), expression=literal(""))

        return choose((there, let(behind, symbol)))

    def _fits(self, value: exp.Expr, units: Iterable[Unit], kind: DataType) -> exp.Expr:
        rest = _REST if self.ignore_rest else ""
        pattern = f"{self._front(kind)}{_spelled(units)}[.]?{_SPACES}{rest}"
        return call("fits_pattern", value, literal(pattern))

    def _front(self, kind: DataType) -> str:
        return f"{_SPACES}{_SIGN}{self.numbers.form.number(self.numbers.digits(kind))}{_SPACES}"

    def _digits(self, value: exp.Expr, kind: DataType) -> exp.Expr:
        """The number in front; the long way, where it has other marks, is that of the number alone."""
        front = call("leading_part", value, literal("^" + self._front(FLOAT)))
        careful = let(front, lambda text: self.numbers.cast(self.numbers.plain(text), kind))
        return exp.Coalesce(this=self.numbers.first_of(value, kind, "leading_number"), expressions=[careful])

    def _unit_text(self, value: exp.Expr) -> exp.Expr:
        behind = call("without_part", value, literal("^" + self._front(FLOAT)))
        return call("leading_part", behind, literal(f"^{_spelled(self.others)}"))


def _is_spelled(text: exp.Expr, unit: Unit) -> exp.Expr:
    """Whether a text is the unit, with or without a point behind it."""
    groups = ((text, unit.exact), (call("lower", text), unit.words))
    found = [among(tree, [word + point for word in words for point in ("", ".")]) for tree, words in groups if words]
    return any_of(found)


def _spelled(units: Iterable[Unit]) -> str:
    """A pattern of every way to write the units, the longest first."""
    words = [(word, _exactly(word)) for unit in units for word in unit.exact]
    words += [(word, _any_case(word)) for unit in units for word in unit.words]
    return f"(?:{'|'.join(pattern for _, pattern in sorted(words, key=lambda pair: (-len(pair[0]), pair[0])))})"


def _exactly(word: str) -> str:
    return "".join(char if char.isalnum() else f"[{char}]" for char in word)


def _any_case(word: str) -> str:
    return "".join(
        f"[{char.upper()}{char}]" if len(char.upper()) == 1 and char.upper() != char else _exactly(char)
        for char in word
    )
