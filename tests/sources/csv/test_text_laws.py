"""What holds for every text table: it is read back, the two readers agree, and no line is lost."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb
from hypothesis import example, given
from hypothesis import strategies as st

from sanitizer_core.sources.csv.reader import Reading
from sanitizer_core.sources.options import ReadOptions
from text_tables import Text, loaded, read

CELLS = st.text(
    st.one_of(st.sampled_from("ab1 ,;\t|\"'\n.-€é\\"), st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    max_size=8,
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A table with a header of plain words, whose last column is never empty: a row of less is a remark."""
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6))
    return [[*(f"name {place}" for place in range(width)), "end"], *([*row, "."] for row in rows)]


@given(
    table=tables(),
    delimiter=st.sampled_from(",;\t|"),
    quote=st.sampled_from("\"'"),
    newline=st.sampled_from(["\n", "\r\n"]),
    every=st.booleans(),
)
def test_a_table_that_python_wrote_is_read_back(
    table: list[list[str]], delimiter: str, quote: str, newline: str, every: bool
) -> None:
    out = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, quotechar=quote, lineterminator=newline, quoting=quoting).writerows(table)
    text = read(out.getvalue(), delimiter=delimiter, quote=quote, header=True, skip=0, encoding="utf-8")
    assert text.names == tuple(table[0])
    assert [[cell or "" for cell in row] for row in text.rows] == table[1:]
    assert text.rejected == []


PIECES = st.sampled_from(
    ["a", "1", "é", ",", ",", ",", '"', '"', '""', "\n", "\n", "\r\n", "\r", " ", "\x00", "\udcff"]
)
HEADER = "first,second,third\n"
BEFORE = "12,word,2.5\n"


def read_twice(data: bytes) -> tuple[Text, Text]:
    """The same file as the reader that is chosen and as the careful one read it."""
    options = ReadOptions(delimiter=",", quote='"', escape='"', header=True, skip=0, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "table.csv"
        path.write_bytes(data)
        reading = Reading(path, connection, options, Path(folder) / "scratch", "table.csv")
        return loaded(reading.open(), connection), loaded(reading.carefully(), connection)


@given(pieces=st.lists(PIECES, max_size=30), rows=st.sampled_from([1, 6000]))
@example(pieces=["1", ",", '"', "2", ",", "3", "\n", "4", ",", "5", ",", "6"], rows=6000)
@example(pieces=["1", ",", "2", ",", "3", "\r", "4", ",", "5", ",", "6"], rows=6000)
def test_the_quick_reader_and_the_careful_one_read_the_same(pieces: Sequence[str], rows: int) -> None:
    data = (HEADER + BEFORE * rows + "".join(pieces)).encode("utf-8", "surrogateescape")
    quick, careful = read_twice(data)
    assert quick.rows == careful.rows
    assert quick.rejected == careful.rejected


@given(
    lines=st.lists(st.lists(st.sampled_from(["a", "1", "x y", ""]), min_size=1, max_size=6), min_size=1, max_size=20)
)
def test_every_line_is_a_row_or_rejected(lines: list[list[str]]) -> None:
    written = [",".join(line) for line in lines]
    data = HEADER + BEFORE * 30 + "".join(f"{line}\n" for line in written)
    text = read(data, header=True, delimiter=",", skip=0)
    assert len(text.rows) + len(text.rejected) == 30 + sum(line != "" for line in written)
    for number, words, _ in text.rejected:
        assert words == data.split("\n")[number - 1]
