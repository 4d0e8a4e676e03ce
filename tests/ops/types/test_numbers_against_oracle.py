"""Our reading of numbers against Python's decimals, on generated text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.types.number_oracle import Oracle
from sanitizer_core.ops.types.reading_numbers import Marks, NumberReading
from sanitizer_core.schema import FLOAT, INTEGER, DataType
from sanitizer_core.sql import column, lower

CONNECTION = duckdb.connect(config={"threads": 1})


def read(cells: Sequence[str], reading: NumberReading, kind: DataType) -> list[Any]:
    tree = lower(reading.tree(column("cell"), kind), "duckdb").sql("duckdb")
    rows = CONNECTION.execute(f"SELECT {tree} FROM (SELECT unnest(?::VARCHAR[]) AS cell)", [list(cells)]).fetchall()
    return [row[0] for row in rows]


digits = st.text("0123456789", min_size=1, max_size=12)


@st.composite
def formatted(draw: st.DrawFn, decimal: str = ".") -> str:
    """Numbers as people write them, most of them well."""
    whole = draw(st.integers(0, 10**12))
    mark = draw(st.sampled_from([",", ".", " ", "'", "_", "\u00a0", ""]))
    text = f"{whole:,}".replace(",", mark)
    if draw(st.booleans()):
        text += decimal + draw(st.text("0123456789", max_size=6))
    text = draw(st.sampled_from(["{}", "{}", "{} %", "{}%", "${}", "€ {}", "{} EUR", "US${}", "kr {}", "{}kr"])).format(
        text
    )
    text = draw(
        st.sampled_from(["{}", "{}", "-{}", "({})", "{}-", "+{}", "- {}", "\u2212{}", "--{}", "({}", "$-{}", "$({})"])
    ).format(text)
    return draw(st.sampled_from(["{}", "{}", " {}", "{}  ", "\u00a0{}\t", "{}\n"])).format(text)


noise = st.text("0123456789.,-+()$%eE '_", max_size=8)
exponents = st.builds(
    "{}{}.{}e{}".format, st.sampled_from(["", "-"]), digits, st.text("0123456789", max_size=5), st.integers(-12, 12)
)
cells = st.lists(st.one_of(formatted(), formatted(","), noise, exponents, digits), min_size=1, max_size=30)
marks = st.sampled_from([".", ","])
percents = st.sampled_from(["keep", "divide", "refuse"])


def expected(cell: str, decimal: str, percent: str) -> Decimal | None:
    thousands = tuple(mark for mark in (",", ".", " ", "'", "_") if mark != decimal)
    return Oracle(decimal, thousands, percent).read(cell)


def short(cell: str) -> bool:
    """With an exponent or a hundredth, more than 15 characters of digits are refused."""
    return sum(char.isdigit() for char in cell) <= 12


@given(cells, marks, percents)
def test_floats_are_the_nearest_doubles(texts: list[str], decimal: str, percent: Any) -> None:
    reading = NumberReading(decimal, percent=percent, marks=Marks(decimal))
    for cell, got in zip(texts, read(texts, reading, FLOAT), strict=True):
        number = expected(cell, decimal, percent)
        assert got == (None if number is None else float(number)), cell


@given(cells, marks, percents)
def test_integers_are_whole_or_fail(texts: list[str], decimal: str, percent: Any) -> None:
    reading = NumberReading(decimal, percent=percent, marks=Marks(decimal))
    for cell, got in zip(texts, read(texts, reading, INTEGER), strict=True):
        number = expected(cell, decimal, percent)
        if number is None or number != int(number) or abs(number) >= 2**63:
            assert got is None, cell
        elif short(cell) or got is not None:
            assert got == int(number), cell


@given(cells, marks, percents, st.sampled_from([(10, 2), (18, 0), (38, 10), (5, 5)]))
def test_decimals_lose_no_digit(texts: list[str], decimal: str, percent: Any, size: tuple[int, int]) -> None:
    reading = NumberReading(decimal, percent=percent, marks=Marks(decimal))
    kind = DataType("decimal", *size)
    for cell, got in zip(texts, read(texts, reading, kind), strict=True):
        number = expected(cell, decimal, percent)
        fits = (
            number is not None
            and abs(number) < Decimal(10) ** (size[0] - size[1])
            and number == round_half_up(number, size[1])
        )
        if not fits:
            assert got is None, cell
        elif short(cell) or got is not None:
            assert got == number, cell


@given(cells, marks, percents, st.sampled_from([(10, 2), (18, 0), (38, 10)]))
def test_decimals_round_half_up_when_told_to(
    texts: list[str], decimal: str, percent: Any, size: tuple[int, int]
) -> None:
    reading = NumberReading(decimal, percent=percent, rounding="half_up", marks=Marks(decimal))
    for cell, got in zip(texts, read(texts, reading, DataType("decimal", *size)), strict=True):
        number = expected(cell, decimal, percent)
        rounded = None if number is None else round_half_up(number, size[1])
        fits = rounded is not None and abs(rounded) < Decimal(10) ** (size[0] - size[1])
        assert got == (rounded if fits else None), cell


def round_half_up(number: Decimal, scale: int) -> Decimal:
    with localcontext(prec=400):
        return number.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    CONNECTION.close()
