"""Where a table begins and ends in its file, and what its columns are called."""

from __future__ import annotations

import pytest

from text_tables import read

BODY = "2024-01-01,Bob,3.5\n2024-01-02,Eve,4\n2024-01-03,Ann,1.25\n"
ROWS = [("2024-01-01", "Bob", "3.5"), ("2024-01-02", "Eve", "4"), ("2024-01-03", "Ann", "1.25")]


@pytest.mark.parametrize(
    ("before", "skipped"),
    [
        ("", 0),
        ("Report of January\n\n", 2),
        ("Report,,\n,,\n", 2),
        ("# made by x, for y\n", 1),
        ('A "title", perhaps\n', 1),
    ],
)
def test_lines_in_front_of_the_table_are_passed_over_and_reported(before: str, skipped: int) -> None:
    text = read(f"{before}day,name,amount\n{BODY}")
    assert (text.names, text.rows, text.rejected) == (("day", "name", "amount"), ROWS, [])
    assert text.facts["skipped_lines"] == skipped
    assert text.facts["skipped_text"] == before.split("\n")[:skipped]
    assert any("passed over" in note for note in text.notes) == bool(skipped)


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("day,name,amount\n", ("day", "name", "amount")),
        ("day,name,amount\nday,name,amount\n", ("day day", "name name", "amount amount")),
        ("when,who,how much\n(date),(text),(EUR)\n", ("when (date)", "who (text)", "how much (EUR)")),
        ('day,"the\nname",amount\n', ("day", "the\nname", "amount")),
        ("a,A,\n", ("a", "A_2", "column_3")),
        ('rowid,select,"a ""b"""\n', ("rowid", "select", 'a "b"')),
        (",day,name,amount\n", ("day", "name", "amount")),
        ("day,name\n", ("day", "name", "column_3")),
        ("", ("column_1", "column_2", "column_3")),
    ],
)
def test_columns_are_named_by_the_header(header: str, names: tuple[str, ...]) -> None:
    text = read(header + BODY)
    assert (text.names, text.rows) == (names, ROWS)


def test_what_became_of_odd_names_is_told() -> None:
    notes = " ".join(read(f"a,A,\n{BODY}").notes)
    assert "'A_2'" in notes
    assert "'column_3'" in notes


def test_a_row_of_words_over_words_is_a_header_unless_it_comes_again() -> None:
    assert read("name,town\nBob,Oslo\nEve,Rome\n").names == ("name", "town")
    assert read("Bob,Oslo\nEve,Oslo\nAnn,Rome\n").names == ("column_1", "column_2")


def test_years_may_name_columns() -> None:
    assert read("country,2019,2020,2021\nPeru,4,7,2\nMali,1,0,9\n").names == ("country", "2019", "2020", "2021")


def test_a_dirty_first_row_is_no_second_header() -> None:
    assert read("id,name\nx,Bob\n2,Al\n3,Cy\n").rows == [("x", "Bob"), ("2", "Al"), ("3", "Cy")]


def test_a_header_alone_is_a_table_without_rows() -> None:
    text = read("day,name,amount\n")
    assert (text.names, text.rows, text.rejected) == (("day", "name", "amount"), [], [])


def test_remarks_below_the_table_are_rejected() -> None:
    text = read(f"day,name,amount\n{BODY}Total,,\nSource: the shop\n")
    assert text.rows == ROWS
    assert [(line, words) for line, words, _ in text.rejected] == [(5, "Total,,"), (6, "Source: the shop")]


def test_a_row_with_one_cell_is_a_row_where_others_stand_within_the_table() -> None:
    text = read("day,name,amount\n2024-01-01,,\n2024-01-02,Eve,4\n2024-01-03,,\n")
    assert len(text.rows) == 3


def test_the_header_of_an_appended_file_is_rejected_and_its_rows_are_read() -> None:
    text = read(f"day,name,amount\n{BODY}day,name,amount\n{BODY}")
    assert text.rows == ROWS * 2
    assert text.rejected == [(5, "day,name,amount", "it repeats the header")]


@pytest.mark.parametrize("other", ['"day","name","amount"\n', "day,name\n", "day,name,amount,more\n"])
def test_the_rows_of_another_table_are_rejected(other: str) -> None:
    columns = other.count(",") + 1
    body = "".join(",".join(["x"] * columns) + "\n" for _ in range(3))
    text = read(f"day,name,amount\n{BODY}{other}{body}")
    assert text.rows == ROWS
    assert [line for line, _, _ in text.rejected] == [5, 6, 7, 8]


def test_a_row_in_front_of_the_header_is_rejected_and_not_passed_over() -> None:
    text = read(f"1,2,3,4\nx,y\nday,name,amount\n{BODY}")
    assert text.rows == ROWS
    assert (1, "1,2,3,4", "it stands in front of the header") in text.rejected
