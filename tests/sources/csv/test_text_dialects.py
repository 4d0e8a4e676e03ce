"""Whether the dialect of a file is found, and what the options make of it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from text_tables import Row, read

NAMES = ("day", "time", "count", "price", "product", "remark")
ROWS: list[Row] = [
    (f"2024-02-{day:02}", f"{day % 24:02}:15", str(day * 7 % 11), f"${day}.{day:02}", product, remark)
    for day, product, remark in [
        (1, "Rod, fly", "It's 9 feet, and won't break; take two"),
        (2, "Boots", "Warm | dry"),
        (3, "Lamp", None),
        (4, 'Table, 48"', "Round: seats six\tor eight"),
        (5, "Kids' hat", "Two lines:\nthis is the second"),
        (6, "Socks", 'Called "the best" by many, many people'),
        (7, "Camp light, two-pack", None),
    ]
]


def written(delimiter: str, quote: str = '"', escape: str = "doubled", newline: str = "\n", every: bool = False) -> str:
    """The table in some dialect; written by hand, since Python's own writer knows one-character delimiters alone."""

    def cell(value: str | None) -> str:
        text = value or ""
        special = any(mark in text for mark in (delimiter, delimiter[0], quote, "\n"))
        if not (special or every):
            return text
        inner = {"doubled": text.replace(quote, quote * 2), "\\": text.replace(quote, f"\\{quote}"), "bare": text}[
            escape
        ]
        return f"{quote}{inner}{quote}"

    return "".join(delimiter.join(cell(value) for value in row) + newline for row in [NAMES, *ROWS])


@pytest.mark.parametrize("every", [False, True], ids=["where needed", "everywhere"])
@pytest.mark.parametrize(
    "delimiter", [",", ";", "\t", "|", " ", ", ", "; ", " | ", "||", "::", "~|~", "^", "~", "\x01", ":"]
)
def test_a_delimiter_is_found(delimiter: str, every: bool) -> None:
    text = read(written(delimiter, every=every))
    # Spaces around quoted fields are no part of them, so that where all are quoted they part nothing.
    assert text.facts["delimiter"] in {delimiter, delimiter.strip(" ") if every else delimiter}
    assert (text.names, text.rows, text.rejected) == (NAMES, ROWS, [])


def test_a_space_that_the_header_lacks_belongs_to_the_values() -> None:
    text = read("id,name\n" + "".join(f"{n}, Ann {n}\n" for n in range(9)))
    assert (text.facts["delimiter"], text.names, text.rows[0]) == (",", ("id", "name"), ("0", " Ann 0"))


@pytest.mark.parametrize("escape", ["doubled", "\\"])
@pytest.mark.parametrize("quote", ['"', "'", "`"])
def test_a_quote_and_its_escape_are_found(quote: str, escape: str) -> None:
    text = read(written(";", quote, escape))
    assert (text.names, text.rows, text.rejected) == (NAMES, ROWS, [])


def test_quotes_that_nothing_escapes_are_read_as_they_stand() -> None:
    text = read("size,name,price\n" + "".join(f'{n},"{n}" pipe, {n}" long",{n}.5\n' for n in range(1, 9)))
    assert text.facts["escape"] == ""
    assert text.rows[0] == ("1", '1" pipe, 1" long', "1.5")
    assert any("not escaped" in note for note in text.notes)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_end_of_lines_is_found(newline: str) -> None:
    text = read(written(",", newline=newline))
    assert (text.facts["newline"], text.rows, text.rejected) == (newline, ROWS, [])


def test_text_that_holds_the_delimiter_without_quotes_is_kept_whole_where_one_column_can_take_it() -> None:
    lines = [f"2024-01-{day:02} 12:{day:02} {level} {text} {day}" for day, level, text in LOG]
    text = read("day time level message code\n" + "\n".join(lines) + "\n")
    assert text.facts["text_column"] == "message"
    assert [row[3] for row in text.rows] == [message for _, _, message in LOG]


LOG = [
    (1, "INFO", "started"),
    (2, "INFO", "stopped"),
    (3, "WARN", "disk is nearly full"),
    (4, "WARN", "unplugged"),
    (5, "ERROR", "no such file"),
    (6, "INFO", "started"),
    (7, "WARN", "slow answer from upstream"),
    (8, "ERROR", "halted"),
]


@pytest.mark.parametrize(
    ("data", "names", "rows"),
    [
        ("name\nBob\nAlice\n", ("name",), [("Bob",), ("Alice",)]),
        ("full name\nBob Smith\nAlice Jones\n", ("full name",), [("Bob Smith",), ("Alice Jones",)]),
        ("at\n2024-01-01 12:00\n2024-01-02 13:30\n", ("at",), [("2024-01-01 12:00",), ("2024-01-02 13:30",)]),
        ("n\n1\n\n3\n", ("n",), [("1",), (None,), ("3",)]),
    ],
)
def test_one_column_stays_one(data: str, names: tuple[str, ...], rows: list[Row]) -> None:
    text = read(data)
    assert (text.names, text.rows) == (names, rows)


@pytest.mark.parametrize(
    ("options", "names", "rows"),
    [
        ({"delimiter": ";"}, ("a", "b,c"), [("1", "2,'x'")]),
        ({"delimiter": ","}, ("a;b", "c"), [("1;2", "x")]),
        ({"delimiter": ",", "quote": '"'}, ("a;b", "c"), [("1;2", "'x'")]),
        ({"delimiter": ",", "quote": ""}, ("a;b", "c"), [("1;2", "'x'")]),
        ({"delimiter": ",", "header": False}, ("column_1", "column_2"), [("a;b", "c"), ("1;2", "x")]),
        ({"delimiter": ",", "header": 2}, ("a;b 1;2", "c x"), []),
        ({"delimiter": ",", "skip": 1, "header": False}, ("column_1", "column_2"), [("1;2", "x")]),
    ],
)
def test_what_is_said_is_not_guessed(options: dict[str, Any], names: tuple[str, ...], rows: list[Row]) -> None:
    text = read("a;b,c\n1;2,'x'\n", **options)
    assert (text.names, text.rows) == (names, rows)


def test_pythons_own_dialects_are_read_back() -> None:
    for dialect in (csv.excel, csv.excel_tab, csv.unix_dialect):
        out = io.StringIO(newline="")
        csv.writer(out, dialect).writerows([NAMES, *ROWS])
        assert read(out.getvalue()).rows == ROWS
