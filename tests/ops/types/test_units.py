"""The table of units: every spelling means one unit, and the factors are those of their definitions."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitizer_core.ops.types.reading_numbers import Marks, NumberReading
from sanitizer_core.ops.types.reading_quantities import QuantityReading
from sanitizer_core.ops.types.units import Unit, Units
from sanitizer_core.schema import FLOAT
from sanitizer_core.sql import column, lower

UNITS = tuple(Units().known())


def test_no_spelling_means_two_units() -> None:
    spellings = Counter(word for unit in UNITS for word in unit.words)
    exact = Counter(word for unit in UNITS for word in unit.exact)
    assert [word for word, times in (spellings + exact).items() if times > 1] == []
    clashes = {word for word in exact if word.lower() in spellings} - {"B"}
    assert clashes == set(), "a spelling that counts in its own case only would be taken in any case"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.symbol)
def test_a_symbol_names_its_unit(unit: Unit) -> None:
    assert Units().named(unit.symbol) == unit


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [
        ("mile", "m", "1609.344"), ("inch", "cm", "2.54"), ("lb", "g", "453.59237"), ("oz", "g", "28.349523125"),
        ("gallon", "l", "3.785411784"), ("pint", "ml", "473.176473"), ("fl oz", "ml", "29.5735295625"),
        ("imp pt", "ml", "568.26125"), ("week", "h", "168"), ("GiB", "MB", "1073.741824"), ("bp", "%", "0.01"),
        ("stone", "lb", "14"), ("cup", "tbsp", "16"), ("nmi", "km", "1.852"),
    ],
)  # fmt: skip
def test_factors_are_exact(one: str, other: str, factor: str) -> None:
    assert Units().named(one).factor / Units().named(other).factor == Fraction(factor)


def test_a_unit_of_ones_own_may_be_defined_by_another() -> None:
    units = Units({"case": "24 can", "pallet": "60 case"})
    assert units.named("pallets").factor == 1440
    assert {unit.symbol for unit in units.of_dimension(units.named("can"))} == {"case", "pallet"}


@given(st.sampled_from(UNITS), st.sampled_from(UNITS), st.decimals(-(10**6), 10**6, places=3))
def test_conversion_is_that_of_fractions(one: Unit, other: Unit, number: object) -> None:
    if one.dimension != other.dimension:
        return
    reading = QuantityReading(
        NumberReading(marks=Marks("."), currency=(), percent="refuse"), other, Units().of_dimension(other), True, False
    )
    tree = lower(reading.number(column("cell"), FLOAT), "duckdb").sql("duckdb")
    got = duckdb.execute(f"SELECT {tree} FROM (SELECT ? AS cell)", [f"{number} {one.symbol}"]).fetchall()[0][0]
    exact = Fraction(str(number)) * one.factor / other.factor
    assert got == pytest.approx(float(exact), rel=1e-15, abs=0)
