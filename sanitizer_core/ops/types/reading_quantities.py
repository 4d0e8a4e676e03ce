"""Text to quantities: trees that read a number and its unit, and convert the one by the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from sanitizer_core.ops.types.reading_numbers import NumberReading
from sanitizer_core.ops.types.units import Unit
from sanitizer_core.schema import FLOAT, INTEGER, DataType
from sanitizer_core.sql import call, literal
from sanitizer_core.sql.logic import all_of, any_of, choose, is_null, negated, one_of
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

    def number(self, value: exp.Expression, kind: DataType) -> exp.Expression:
        """The number in the unit, or null."""
        if self.unit is None:
            return self._as_written(value, kind) if self.any_unit else self.numbers.tree(value, kind)
        if self.unit.is_currency:
            return self._money(value, self.unit, kind)
        same = choose((self._fits(value, [self.unit], kind), self.numbers.cast(self._digits(value), kind)))
        trees = [self._quick(value, self.unit, kind), same]
        trees += [self.numbers.tree(value, kind)] if self.bare else []
        trees += [choose((self._fits(value, self.others, FLOAT), self._converted(value, self.unit, kind)))] if self.others else []
        return exp.Coalesce(this=trees[0], expressions=trees[1:])

    def _quick(self, value: exp.Expression, unit: Unit, kind: DataType) -> exp.Expression:
        """A plain number, one blank and the unit: parts are much cheaper than patterns."""
        number, word = (call("split_part", value, literal(" "), literal(place)) for place in (1, 2))
        whole = exp.DPipe(this=exp.DPipe(this=number, expression=literal(" ")), expression=word)
        plain = all_of([_is_spelled(word, unit), exp.EQ(this=whole, expression=value.copy())])
        return choose((plain, self.numbers.quick(number, kind)))

    def _money(self, value: exp.Expression, unit: Unit, kind: DataType) -> exp.Expression:
        number = self.numbers.with_currency(unit.spellings).tree(value, kind)
        if self.bare:
            return number
        return choose((any_of(call("contains", value, literal(sign)) for sign in unit.spellings), number))

    def _as_written(self, value: exp.Expression, kind: DataType) -> exp.Expression:
        pattern = f"{self._front(kind)}(?:[^0-9{WHITE_SPACE}](?:.|\\n)*)?"
        fits = call("fits_pattern", value, literal(pattern))
        return choose((fits, self.numbers.cast(self._digits(value), kind)))

    def _converted(self, value: exp.Expression, unit: Unit, kind: DataType) -> exp.Expression:
        """Multiplied and divided by whole numbers, so that 5 g are 0.005 kg and not nearly so."""
        word = self._unit_text(value, self.others)
        ratios = [(_is_spelled(word, each), each.factor / unit.factor) for each in self.others]
        times = choose(*((is_it, literal(float(ratio.numerator))) for is_it, ratio in ratios))
        over = choose(*((is_it, literal(float(ratio.denominator))) for is_it, ratio in ratios))
        number = self.numbers.cast(self._digits(value), FLOAT)
        made = exp.Div(this=exp.Paren(this=exp.Mul(this=number, expression=times)), expression=over)
        if kind == FLOAT:
            return made
        if kind == INTEGER:
            return call("whole_number" if self.numbers.rounding == "half_up" else "whole", exp.Paren(this=made))
        return call("cast_decimal", call("float_text", exp.Paren(this=made)), literal(kind.precision), literal(kind.scale))

    def unit_symbol(self, value: exp.Expression, number: exp.Expression, known: Sequence[Unit]) -> exp.Expression:
        """The unit that the number is in; null where there is no number, or it was written without a unit."""
        there = negated(is_null(number))
        if self.unit is not None:
            return choose((there, literal(self.unit.symbol)))
        word = call("strip", call("without_part", value, literal("^" + self._front(FLOAT))))
        symbols = [(_is_spelled(word, unit), literal(unit.symbol)) for unit in known]
        return choose((there, exp.Nullif(this=choose(*symbols, otherwise=word), expression=literal(""))))

    def _fits(self, value: exp.Expression, units: Iterable[Unit], kind: DataType) -> exp.Expression:
        rest = _REST if self.ignore_rest else ""
        pattern = f"{self._front(kind)}{_spelled(units)}[.]?{_SPACES}{rest}"
        return call("fits_pattern", value, literal(pattern))

    def _front(self, kind: DataType) -> str:
        return f"{_SPACES}{_SIGN}{self.numbers.form.number(self.numbers.digits(kind))}{_SPACES}"

    def _digits(self, value: exp.Expression) -> exp.Expression:
        return self.numbers.plain(call("leading_part", value, literal("^" + self._front(FLOAT))))

    def _unit_text(self, value: exp.Expression, units: Sequence[Unit]) -> exp.Expression:
        behind = call("without_part", value, literal("^" + self._front(FLOAT)))
        return call("leading_part", behind, literal(f"^{_spelled(units)}"))


def _is_spelled(text: exp.Expression, unit: Unit) -> exp.Expression:
    """Whether a text is the unit, with or without a point behind it."""
    groups = ((text, unit.exact), (call("lower", text), unit.words))
    found = [one_of(tree, [literal(word + point) for word in words for point in ("", ".")]) for tree, words in groups if words]
    return any_of(found)


def _spelled(units: Iterable[Unit]) -> str:
    """A pattern of every way to write the units, the longest first."""
    words = [(word, _exactly(word)) for unit in units for word in unit.exact]
    words += [(word, _any_case(word)) for unit in units for word in unit.words]
    return f"(?:{'|'.join(pattern for _, pattern in sorted(words, key=lambda pair: (-len(pair[0]), pair[0])))})"


def _exactly(word: str) -> str:
    return "".join(char if char.isalnum() else f"[{char}]" for char in word)


def _any_case(word: str) -> str:
    return "".join(f"[{char.upper()}{char}]" if len(char.upper()) == 1 and char.upper() != char else _exactly(char) for char in word)
