"""The strict readers of text against Python's own, on generated text: what the types of a text file are found with."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanitizer_core.sql import call, column, literal, lower

CONNECTION = duckdb.connect(config={"threads": 1})
CONNECTION.execute("SET TimeZone = 'UTC'")

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
OFFSET = r"(?:Z|[-+][0-9]{2}(?::?[0-9]{2})?)"

few = settings(max_examples=30)


def read(function: str, cells: Sequence[Any], *arguments: int, kind: str = "VARCHAR") -> list[Any]:
    tree = lower(call(function, column("cell"), *map(literal, arguments)), "duckdb").sql("duckdb")
    rows = CONNECTION.execute(f"SELECT {tree} FROM (SELECT unnest(?::{kind}[]) AS cell)", [list(cells)]).fetchall()
    return [row[0] for row in rows]


def texts(*plain: st.SearchStrategy[Any], signs: str) -> st.SearchStrategy[list[str]]:
    """Values as text, some with a character more or less, and noise of the same signs."""
    written = st.one_of(*plain).map(str)
    disturbed = st.builds(lambda text, place, sign: text[: place % (len(text) + 1)] + sign + text[place % (len(text) + 1) :],
                          written, st.integers(0, 40), st.sampled_from([*signs, " ", "\t", "\n", "0", "_"]))  # fmt: skip
    shortened = st.builds(
        lambda text, place: text[: place % len(text)] + text[place % len(text) + 1 :], written, st.integers(0, 40)
    )
    return st.lists(
        st.one_of(written, disturbed, shortened, st.text(signs + "0123456789", max_size=8)), min_size=1, max_size=60
    )


@few
@given(texts(st.integers(), st.integers(-(2**63) - 2, -(2**63) + 2), st.integers(2**63 - 2, 2**63 + 2), signs="+-._ex"))
def test_integers(cells: list[str]) -> None:
    for cell, got in zip(cells, read("try_integer", cells), strict=True):
        whole = int(cell) if re.fullmatch(r"[-+]?[0-9]+", cell) else None
        assert got == (whole if whole is not None and -(2**63) <= whole < 2**63 else None), repr(cell)


@few
@given(texts(st.floats(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), signs="+-._eEinfa"))
def test_floats(cells: list[str]) -> None:
    for cell, got in zip(cells, read("try_float", cells), strict=True):
        number = (
            float(cell) if re.fullmatch(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", cell) else math.inf
        )
        assert got == (number if math.isfinite(number) else None), repr(cell)


@few
@given(
    texts(st.decimals(-(10**9), 10**9, places=3), st.integers(), signs="+-._e"),
    st.sampled_from([(10, 2), (12, 0), (38, 38), (18, 3)]),
)
def test_decimals(cells: list[str], size: tuple[int, int]) -> None:
    for cell, got in zip(cells, read("try_decimal", cells, *size), strict=True):
        number = Decimal(cell) if re.fullmatch(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", cell) else None
        if number is None or abs(number) >= Decimal(10) ** (size[0] - size[1]) or number != round_down(number, size[1]):
            assert got is None, repr(cell)
        else:
            assert got == number, repr(cell)
            assert got.as_tuple().exponent == -size[1]


def round_down(number: Decimal, scale: int) -> Decimal:
    with localcontext(prec=200):
        return number.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_DOWN)


@few
@given(texts(st.dates(), st.datetimes(), signs="-: T/"))
def test_dates(cells: list[str]) -> None:
    for cell, got in zip(cells, read("try_date", cells), strict=True):
        assert got == _date(cell), repr(cell)


def _date(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell) if re.fullmatch(DAY, cell) else None
    except ValueError:
        return None


@few
@given(texts(st.times(), st.times().map(lambda time: time.strftime("%H:%M")), signs=":. "))
def test_times(cells: list[str]) -> None:
    for cell, got in zip(cells, read("try_time", cells), strict=True):
        assert got == _time(cell), repr(cell)


def _time(cell: str) -> dt.time | None:
    try:
        return dt.time.fromisoformat(_six_digits(cell)) if re.fullmatch(CLOCK, cell) else None
    except ValueError:
        return None


def _six_digits(cell: str) -> str:
    return re.sub(r"(\.[0-9]+)", lambda found: found[1].ljust(7, "0"), cell)


moments = (st.datetimes(), st.datetimes().map(lambda moment: moment.isoformat()), st.dates())


@few
@given(texts(*moments, signs="-: T.Z+"))
def test_moments(cells: list[str]) -> None:
    for cell, got in zip(cells, read("try_timestamp", cells), strict=True):
        assert got == _moment(cell), repr(cell)


def _moment(cell: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(_six_digits(cell)) if re.fullmatch(f"{DAY}(?:[T ]{CLOCK})?", cell) else None
    except ValueError:
        return None


zones = st.sampled_from([dt.timezone(dt.timedelta(minutes=each)) for each in (0, 90, -300, 845)])
instants = st.datetimes(dt.datetime(1, 1, 3), dt.datetime(9999, 12, 29), timezones=zones)


@few
@given(texts(instants, *moments, signs="-: T.Z+"))
def test_instants(cells: list[str]) -> None:
    for cell, got in zip(cells, read("try_timestamptz", cells), strict=True):
        assert (None if got is None else got.astimezone(dt.UTC)) == _instant(cell), repr(cell)


def _instant(cell: str) -> dt.datetime | None:
    plain = _moment(cell)
    if plain is not None:
        return plain.replace(tzinfo=dt.UTC)
    if not re.fullmatch(f"{DAY}[T ]{CLOCK}{OFFSET}", cell):
        return None
    try:
        read = dt.datetime.fromisoformat(_six_digits(cell).replace(" ", "T", 1))
        assert read.utcoffset() is not None
        return read.astimezone(dt.UTC) if abs(read.utcoffset() or dt.timedelta()) < dt.timedelta(hours=16) else None
    except (ValueError, OverflowError):
        return None


@few
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=60))
def test_the_text_of_a_float_is_the_shortest_that_reads_back(numbers: list[float]) -> None:
    for number, got in zip(numbers, read("float_text", numbers, kind="DOUBLE"), strict=True):
        assert got == repr(number).removesuffix(".0"), number
        assert float(got) == number


@few
@given(texts(st.booleans(), st.sampled_from(["TRUE", "False", "yes", "1", "t"]), signs="truefals"))
def test_booleans(cells: list[str]) -> None:
    for cell, got in zip(cells, read("try_boolean", cells), strict=True):
        assert got == {"true": True, "false": False}.get(cell.lower()), repr(cell)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    CONNECTION.close()
