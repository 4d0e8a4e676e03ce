"""Units of measure and what they are in one another.

The factors are exact: those of the International System (BIPM, SI Brochure, 9th edition), of the international yard and
pound (1959), and of NIST Handbook 44, Appendix C, for what is measured in pints and gallons of the United States.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sanitizer_core.errors import did_you_mean
from sanitizer_core.sql.number_formats import CURRENCY_CODES, currency_signs


@dataclass(frozen=True)
class Unit:
    """A unit.

    Args:
        symbol: how it is written in a column of units.
        dimension: what it measures; only units of one dimension are converted into one another.
        factor: how many of the dimension's base unit it is.
        exact: spellings that are this unit only in their own case.
        words: spellings that are this unit in any case, in small letters.
    """

    symbol: str
    dimension: str
    factor: Fraction
    exact: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def is_currency(self) -> bool:
        """Whether it stands before or behind a number, and is never converted."""
        return self.dimension == "currency " + (self.exact or ("",))[0]

    @property
    def spellings(self) -> tuple[str, ...]:
        return (*self.exact, *self.words)

    def is_spelled(self, text: str) -> bool:
        """Whether the text means this unit; a point at its end counts for nothing."""
        bare = text.removesuffix(".")
        return bare in self.exact or bare.lower() in self.words


_POUND, _FOOT, _GALLON = "0.45359237", "0.3048", "3.785411784"


def _unit(dimension: str, symbol: str, factor: str, words: str, exact: str = "") -> Unit:
    spelled = tuple(word.replace("_", " ") for word in words.split())
    return Unit(symbol, dimension, Fraction(factor), tuple(exact.split()), spelled)


def _times(count: int | str, factor: str) -> str:
    return str(Fraction(str(count)) * Fraction(factor))


_TABLE = (
    _unit("mass", "kg", "1", "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes"),
    _unit("mass", "g", "1/1000", "g gr gram grams gramme grammes"),
    _unit("mass", "mg", "1/1000000", "mg milligram milligrams"),
    _unit("mass", "µg", "1/1000000000", "µg μg ug mcg microgram micrograms"),
    _unit("mass", "t", "1000", "t tonne tonnes metric_ton metric_tons"),
    _unit("mass", "lb", _POUND, "lb lbs pound pounds"),
    _unit("mass", "oz", _times("1/16", _POUND), "oz ozs ounce ounces"),
    _unit("mass", "st", _times(14, _POUND), "st stone stones"),
    _unit("mass", "short ton", _times(2000, _POUND), "short_ton short_tons us_ton us_tons"),
    _unit("mass", "long ton", _times(2240, _POUND), "long_ton long_tons"),
    _unit("length", "m", "1", "m metre metres meter meters"),
    _unit("length", "km", "1000", "km kms kilometre kilometres kilometer kilometers"),
    _unit("length", "dm", "1/10", "dm decimetre decimetres decimeter decimeters"),
    _unit("length", "cm", "1/100", "cm cms centimetre centimetres centimeter centimeters"),
    _unit("length", "mm", "1/1000", "mm millimetre millimetres millimeter millimeters"),
    _unit("length", "µm", "1/1000000", "µm μm um micron microns micrometre micrometres micrometer micrometers"),
    _unit("length", "nm", "1/1000000000", "nm nanometre nanometres nanometer nanometers"),
    _unit("length", "in", _times("1/12", _FOOT), "in inch inches \" ″"),
    _unit("length", "ft", _FOOT, "ft foot feet ' ′"),
    _unit("length", "yd", _times(3, _FOOT), "yd yds yard yards"),
    _unit("length", "mi", _times(5280, _FOOT), "mi mile miles"),
    _unit("length", "nmi", "1852", "nmi nautical_mile nautical_miles"),
    _unit("volume", "l", "1", "l ltr liter liters litre litres dm3 dm³"),
    _unit("volume", "hl", "100", "hl hectolitre hectolitres hectoliter hectoliters"),
    _unit("volume", "dl", "1/10", "dl decilitre decilitres deciliter deciliters"),
    _unit("volume", "cl", "1/100", "cl centilitre centilitres centiliter centiliters"),
    _unit("volume", "ml", "1/1000", "ml millilitre millilitres milliliter milliliters cc cm3 cm³"),
    _unit("volume", "µl", "1/1000000", "µl μl ul microlitre microlitres microliter microliters"),
    _unit("volume", "m³", "1000", "m3 m³ cubic_metre cubic_metres cubic_meter cubic_meters"),
    _unit("volume", "gal", _GALLON, "gal gals gallon gallons us_gal us_gallon us_gallons"),
    _unit("volume", "qt", _times("1/4", _GALLON), "qt qts quart quarts"),
    _unit("volume", "pt", _times("1/8", _GALLON), "pt pts pint pints"),
    _unit("volume", "cup", _times("1/16", _GALLON), "cup cups"),
    _unit("volume", "fl oz", _times("1/128", _GALLON), "fl_oz fl._oz floz fluid_ounce fluid_ounces"),
    _unit("volume", "tbsp", _times("1/256", _GALLON), "tbsp tbsps tablespoon tablespoons"),
    _unit("volume", "tsp", _times("1/768", _GALLON), "tsp tsps teaspoon teaspoons"),
    _unit("volume", "imp gal", "4.54609", "imp_gal imperial_gallon imperial_gallons uk_gallon uk_gallons"),
    _unit("volume", "imp pt", _times("1/8", "4.54609"), "imp_pt imperial_pint imperial_pints uk_pint uk_pints"),
    _unit("time", "s", "1", "s sec secs second seconds"),
    _unit("time", "ms", "1/1000", "ms msec msecs millisecond milliseconds"),
    _unit("time", "µs", "1/1000000", "µs μs us usec microsecond microseconds"),
    _unit("time", "ns", "1/1000000000", "ns nsec nanosecond nanoseconds"),
    _unit("time", "min", "60", "min mins minute minutes"),
    _unit("time", "h", "3600", "h hr hrs hour hours"),
    _unit("time", "d", "86400", "d day days"),
    _unit("time", "week", "604800", "wk wks week weeks"),
    _unit("data", "bit", "1/8", "bit bits", "b"),
    _unit("data", "kbit", "125", "kbit kbits kilobit kilobits", "kb Kb"),
    _unit("data", "Mbit", "125000", "mbit mbits megabit megabits", "Mb"),
    _unit("data", "Gbit", "125000000", "gbit gbits gigabit gigabits", "Gb"),
    _unit("data", "B", "1", "byte bytes", "B"),
    _unit("data", "kB", "1000", "kilobyte kilobytes", "kB KB"),
    _unit("data", "MB", "1000000", "megabyte megabytes", "MB"),
    _unit("data", "GB", "1000000000", "gigabyte gigabytes", "GB"),
    _unit("data", "TB", "1000000000000", "terabyte terabytes", "TB"),
    _unit("data", "PB", "1000000000000000", "petabyte petabytes", "PB"),
    _unit("data", "KiB", "1024", "kib kibibyte kibibytes"),
    _unit("data", "MiB", "1048576", "mib mebibyte mebibytes"),
    _unit("data", "GiB", "1073741824", "gib gibibyte gibibytes"),
    _unit("data", "TiB", "1099511627776", "tib tebibyte tebibytes"),
    _unit("share", "%", "1/100", "% percent pct per_cent"),
    _unit("share", "‰", "1/1000", "‰ permille per_mille"),
    _unit("share", "bp", "1/10000", "bp bps basis_point basis_points"),
    _unit("share", "ratio", "1", "ratio"),
)  # fmt: skip

_SIGNS = {
    "USD": "$ US$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥ JP¥",
    "CNY": "CN¥ RMB",
    "INR": "₹",
    "KRW": "₩",
    "CHF": "Fr SFr",
}


class Units:
    """The units that a step knows: those of the table, its own, and currencies, which are never converted."""

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        self._own: dict[str, Unit] = {}
        for name, definition in (own or {}).items():
            self._own[name] = self._defined(name, definition)

    def known(self) -> Iterator[Unit]:
        """Every unit that can be converted: the step's own ones first."""
        yield from self._own.values()
        yield from (unit for unit in _TABLE if unit.symbol not in self._own)

    def named(self, text: str) -> Unit:
        """The unit that a text means.

        Raises:
            ValueError: it means none, with the nearest one.
        """
        found = self.find(text)
        if found is None:
            known = [spelling for unit in self.known() for spelling in (unit.symbol, *unit.spellings)]
            raise ValueError(
                f"unknown unit {text!r}. {did_you_mean(text, known) or 'Define it under units: {name: 24 can}.'}"
            )
        return found

    def find(self, text: str) -> Unit | None:
        """The unit that a text means, or ``None``."""
        for unit in self.known():
            if text == unit.symbol or unit.is_spelled(text):
                return unit
        return _currency(text)

    def of_dimension(self, unit: Unit) -> tuple[Unit, ...]:
        """The other units that can be converted to this one."""
        return tuple(each for each in self.known() if each.dimension == unit.dimension and each.symbol != unit.symbol)

    def _defined(self, name: str, definition: str) -> Unit:
        """``24 can``: so many of another unit, which is a new one of its own when it is not known."""
        number, _, other = definition.strip().partition(" ")
        try:
            factor = Fraction(number)
        except ValueError:
            raise ValueError(
                f"the unit {name!r} is defined as {definition!r}; write a number and a unit, such as '24 can'"
            ) from None
        if factor <= 0 or not other.strip():
            raise ValueError(
                f"the unit {name!r} is defined as {definition!r}; write a number above 0 and a unit, such as '24 can'"
            )
        base = self._own.get(other.strip()) or self.find(other.strip()) or self._base(other.strip())
        return Unit(name, base.dimension, factor * base.factor, words=(name.lower(), name.lower() + "s"))

    def _base(self, name: str) -> Unit:
        self._own[name] = Unit(name, name, Fraction(1), words=(name.lower(), name.lower() + "s"))
        return self._own[name]


def _currency(text: str) -> Unit | None:
    for code, signs in _SIGNS.items():
        if text in (code, *signs.split()):
            return Unit(code if text == code else text, f"currency {code}", Fraction(1), (code, *signs.split()))
    if text in CURRENCY_CODES or (len(text) == 1 and text in currency_signs()):
        return Unit(text, f"currency {text}", Fraction(1), (text,))
    return None
