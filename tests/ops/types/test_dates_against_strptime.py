"""Our reading of dates against ``datetime.strptime``, on generated text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanitizer_core.ops.types.reading_dates import DateReading
from sanitizer_core.schema import TIMESTAMP
from sanitizer_core.sql import column, lower

FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%d.%m.%Y %H:%M", "%Y%m%d", "%Y%m%d%H%M%S", "%d %b %Y", "%B %d, %Y", "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S%z", "%m/%d/%Y %I:%M %p", "%a %d %b %Y", "%Y-%m", "%d-%b-%y", "%Y",
)  # fmt: skip

CONNECTION = duckdb.connect(config={"threads": 1})

few = settings(max_examples=15)

moments = st.one_of(
    st.datetimes(dt.datetime(1, 1, 3), dt.datetime(9999, 12, 29)),
    st.datetimes(dt.datetime(1960, 1, 1), dt.datetime(2030, 1, 1)),
)
zones = st.sampled_from([dt.timezone(dt.timedelta(minutes=each)) for each in (0, 60, -210, 345, 840)])


@st.composite
def cells(draw: st.DrawFn) -> str:
    """A moment written by one of the formats, as it is or with a few characters changed."""
    text = draw(moments).replace(tzinfo=draw(zones)).strftime(draw(st.sampled_from(FORMATS)))
    change = draw(st.sampled_from(["none", "none", "zeros", "digit", "drop", "double", "case", "blanks"]))
    place = draw(st.integers(0, len(text) - 1))
    match change:
        case "zeros":
            text = re.sub(r"(?<![0-9])0([0-9])(?![0-9])", r"\1", text)
        case "digit":
            text = text[:place] + draw(st.sampled_from("0123456789")) + text[place + 1 :]
        case "drop":
            text = text[:place] + text[place + 1 :]
        case "double":
            text = text[:place] + text[place] + text[place:]
        case "case":
            text = text.swapcase()
        case "blanks":
            text = draw(st.sampled_from([" ", "\t", "\n "])) + text + draw(st.sampled_from(["", " ", "\r\n"]))
    return text


def ours(texts: Sequence[str], formats: tuple[str, ...]) -> list[dt.datetime | None]:
    tree = lower(DateReading(formats).tree(column("cell"), TIMESTAMP), "duckdb").sql("duckdb")
    rows = CONNECTION.execute(f"SELECT {tree} FROM (SELECT unnest(?::VARCHAR[]) AS cell)", [list(texts)]).fetchall()
    return [row[0] for row in rows]


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    CONNECTION.close()


def pythons(text: str, name: str) -> dt.datetime | None:
    """As Python reads it, where our pages say the same: touching digits come in twos, a blank is white space."""
    digits = {"%Y%m%d": 8, "%Y%m%d%H%M%S": 14}.get(name)
    if digits is not None and len(text.strip()) != digits:
        return None
    if "%z" in name and re.search(
        r"[-+][0-9:]{6,}$|[zZ]$|[-+][0-9]{2}:?[6-9][0-9]$|[-+](1[6-9]|[2-9][0-9])", text.strip()[-6:]
    ):
        return None
    try:
        read = dt.datetime.strptime(" ".join(text.split()) if " " in name else text.strip(), name)  # noqa: DTZ007 (its zone is looked at below)
    except (ValueError, OverflowError):
        return None
    return read.astimezone(dt.UTC).replace(tzinfo=None) if read.tzinfo else read


@pytest.mark.parametrize("name", FORMATS)
@few
@given(texts=st.lists(cells(), min_size=1, max_size=40))
def test_a_format_reads_what_strptime_reads(name: str, texts: list[str]) -> None:
    for text, read in zip(texts, ours(texts, (name,)), strict=True):
        if _read_otherwise(text, name):
            continue
        assert read == pythons(text, name), (text, name)


def _read_otherwise(text: str, name: str) -> bool:
    """Names are read in every length, and offsets as ``+02``, which Python's directives refuse."""
    names = any(each in name for each in ("%b", "%B", "%a"))
    return (names and pythons(text, name) is None) or (
        "%z" in name and re.search(r"[-+][0-9]{2}$", text.strip()) is not None
    )


@few
@given(
    texts=st.lists(cells(), min_size=1, max_size=40), formats=st.permutations(FORMATS).map(lambda each: tuple(each[:4]))
)
def test_of_several_formats_the_first_that_reads_a_cell_wins(texts: list[str], formats: tuple[str, ...]) -> None:
    alone = [ours(texts, (each,)) for each in formats]
    first = [next((read for read in reads if read is not None), None) for reads in zip(*alone, strict=True)]
    assert ours(texts, formats) == first
