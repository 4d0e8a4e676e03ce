"""How text is parted into records, and what a broken one costs."""

from __future__ import annotations

import pytest

from sanitizer_core.sources.csv.dialect import Dialect
from sanitizer_core.sources.csv.records import Records, pieces

BACKSLASH = Dialect(escape="escaped", escape_character="\\")
BARE = Dialect(escape="bare")


def parted(text: str, dialect: Dialect = Dialect(), width: int | None = None) -> list[list[str]]:  # noqa: B008
    return [record.fields for record in Records(pieces(text), dialect, width) if record.fault is None]


@pytest.mark.parametrize(
    ("text", "dialect", "fields"),
    [
        ('a,"b,""c""",\n', Dialect(), ["a", 'b,"c"', ""]),
        ('a,"x\ny",b\r\n', Dialect(), ["a", "x\ny", "b"]),
        ('a, "b, c" ,d', Dialect(), ["a", "b, c", "d"]),
        ('a,5" pipe,b', Dialect(), ["a", '5" pipe', "b"]),
        ('"a";b,c', Dialect(";"), ["a", "b,c"]),
        ('a, b, "c, d"', Dialect(", "), ["a", "b", "c, d"]),
        ('a b "c d"', Dialect(" "), ["a", "b", "c d"]),
        ("a~|~b|~c", Dialect("~|~"), ["a", "b|~c"]),
        ("a,'it''s',b", Dialect(quote="'"), ["a", "it's", "b"]),
        ('a,"b",c', Dialect(quote=None), ["a", '"b"', "c"]),
        ('"8\\" by 9\\\\",b\\,c', BACKSLASH, ['8" by 9\\', "b,c"]),
        ('"C:\\new","a""b"', BACKSLASH, ["C:\\new", 'a"b']),
        ('"48"","5" pipe",x', BARE, ['48"', '5" pipe', "x"]),
        ("a\nb\rc", Dialect(newline="\r"), ["a\nb"]),
    ],
)
def test_a_line_is_parted_by_its_dialect(text: str, dialect: Dialect, fields: list[str]) -> None:
    assert parted(text, dialect)[0] == fields


def test_a_record_knows_its_line_and_its_place() -> None:
    records = list(Records(pieces('a,b\n"x\ny",1\n\nc,d\n'), Dialect(), 2))
    assert [(record.line, record.start, record.text) for record in records] == [
        (1, 0, "a,b"),
        (2, 4, '"x\ny",1'),
        (5, 13, "c,d"),
    ]


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ('1,"open', "the quote that opens field 2 is never closed"),
        ('1,"a"b', "text follows the quote that closes field 2"),
    ],
)
def test_a_broken_record_costs_its_own_line_alone(broken: str, fault: str) -> None:
    records = list(Records(pieces(f"0,0\n{broken}\n3,4\n5,6\n"), Dialect(), 2))
    assert [(record.line, record.fields) for record in records if not record.fault] == [
        (1, ["0", "0"]),
        (3, ["3", "4"]),
        (4, ["5", "6"]),
    ]
    assert [(record.line, record.text, record.fault) for record in records if record.fault] == [(2, broken, fault)]


def test_a_quote_that_is_closed_by_chance_lines_later_swallows_no_row() -> None:
    assert parted('1,2,"3\n4,5,6\n7,8",9\n', width=3) == [["4", "5", "6"], ["7", '8"', "9"]]


def test_a_cell_of_several_lines_in_a_short_row_stays_one_record() -> None:
    records = list(Records(pieces('1,"x\ny\nz"\n4,5,6\n'), Dialect(), 3))
    assert [(record.line, len(record.fields)) for record in records] == [(1, 2), (4, 3)]


def test_lone_carriage_returns_end_lines_where_that_makes_rows() -> None:
    assert parted("1,2\r3,4\n5,6\ra\n", width=2) == [["1", "2"], ["3", "4"], ["5", "6\ra"]]


def test_the_text_column_takes_the_surplus_that_stands_without_quotes() -> None:
    dialect = Dialect(" ", text_column=1)
    assert parted('1 red hot pepper 3\n2 "a b" 4\n', dialect, 3) == [["1", "red hot pepper", "3"], ["2", "a b", "4"]]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_the_size_of_the_pieces_makes_no_difference(size: int) -> None:
    text = 'a,"b\r\n""c""",d\r\n1,2,3\r\n4,"5,6\r\n7,8,9\r\n"x","y","z"'
    parts = [text[place : place + size] for place in range(0, len(text), size)][::-1]
    got = list(Records(lambda: parts.pop() if parts else "", Dialect(), 3))
    assert got == list(Records(pieces(text), Dialect(), 3))
