"""Excel and OpenDocument sheets: types of cells kept, mixed columns as faithful text, nothing left out."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from sanitizer_core.errors import SourceError
from sanitizer_core.sources import Opened, ReadOptions, load, open_source

DATA = Path(__file__).parents[1] / "data" / "excel"
Read = Callable[..., tuple[Opened, list[Any]]]


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Read]:
    connection = duckdb.connect()

    def read(source: Path, **options: Any) -> tuple[Opened, list[Any]]:
        opened = open_source(source, connection, ReadOptions(**options), scratch=tmp_path / "scratch")
        opened, rows = load(opened, lambda view: connection.table(view).fetchall())
        opened.close()
        return opened, rows

    yield read
    connection.close()


def sheet(path: Path, rows: list[list[Any]], *, top: int = 0, left: int = 0, name: str = "one") -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss", "remove_timezone": False})
    page = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    clock = book.add_format({"num_format": "hh:mm:ss"})
    spell = book.add_format({"num_format": "[h]:mm:ss"})
    formats = {dt.date: day, dt.time: clock, dt.timedelta: spell}
    for row, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            if isinstance(cell, str) and not cell.startswith("="):
                page.write_string(top + row, left + place, cell)
            elif cell is not None:
                page.write(top + row, left + place, cell, formats.get(type(cell)))
    book.add_worksheet("empty")
    book.close()
    return path


def column(read: Read, tmp_path: Path, *cells: Any) -> tuple[str, list[Any]]:
    # The second column keeps rows whose first cell is empty.
    opened, rows = read(sheet(tmp_path / "a.xlsx", [["a", "row"], *([cell, 1] for cell in cells)]))
    return str(opened.schema["a"].type), [row[0] for row in rows]


DAY, MOMENT = dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 12, 30)


@pytest.mark.parametrize(
    ("cells", "kind", "found"),
    [
        ((1, None, 3), "integer", [1, None, 3]),
        ((1, 2.5), "float", [1.0, 2.5]),
        ((2.0**53, 1e300), "float", [2.0**53, 1e300]),
        ((True, False), "boolean", [True, False]),
        (("007", " x "), "text", ["007", " x "]),
        ((DAY, None), "date", [DAY, None]),
        ((MOMENT, DAY), "timestamp", [MOMENT, dt.datetime(2024, 2, 29)]),
        ((dt.time(5, 6, 7),), "time", [dt.time(5, 6, 7)]),
        ((dt.timedelta(hours=30, seconds=5),), "text", ["30:00:05"]),
        ((None, None), "text", [None, None]),
        (
            (1, 2.5, "x", True, DAY, MOMENT, dt.time(5, 6, 7), None, 1e20),
            "text",
            ["1", "2.5", "x", "true", "2024-02-29", "2024-02-29 12:30:00", "05:06:07", None, "1e+20"],
        ),
        ((1, "1", True), "text", ["1", "1", "true"]),
        ((dt.date(1900, 1, 1), dt.date(9999, 12, 31)), "date", [dt.date(1900, 1, 1), dt.date(9999, 12, 31)]),
    ],
)
def test_cells(read: Read, tmp_path: Path, cells: tuple[Any, ...], kind: str, found: list[Any]) -> None:
    assert column(read, tmp_path, *cells) == (kind, found)


def test_mixed_columns_are_noted(read: Read, tmp_path: Path) -> None:
    opened, _ = read(sheet(tmp_path / "a.xlsx", [["a"], [1], ["x"]]))
    assert opened.notes == ("column 'a' holds several kinds of cells (integer, text); it is read as text",)
    assert not opened.is_text


def test_errors_in_cells_are_not_lost(read: Read, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet()
    page.write_row("B3", ["n", "row"])
    page.write_row("B4", [1, 1])
    page.write_formula("B5", "=NA()", None, "#N/A")
    page.write_formula("B6", "=1/0", None, "#DIV/0!")
    page.write_formula("B7", "=1+1", None, 2)
    page.write_column("C5", [2, 3, 4])
    book.close()
    assert read(tmp_path / "a.xlsx")[1] == [("1", 1), ("#N/A", 2), ("#DIV/0!", 3), ("2", 4)]


def test_a_table_that_begins_elsewhere(read: Read, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["id", "name"], [1, "a"], [2, "b"], [3, "c"]], top=4, left=2)
    opened, rows = read(path)
    assert (opened.schema.names, rows) == (("id", "name"), [(1, "a"), (2, "b"), (3, "c")])
    assert read(path, range="C5:D6")[1] == [(1, "a")]
    assert read(path, range="D:D")[1] == [("a",), ("b",), ("c",)]
    assert read(path, range="$C$6:$D$7", header=False)[1] == [(1, "a"), (2, "b")]
    assert read(path, range="6:99", header=False)[0].schema.names == ("column_1", "column_2")
    assert read(path, range="B5:D6")[0].schema.names == ("column_1", "id", "name")


def test_header_options(read: Read, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["Report"], [], ["size", "size", None], ["cm", "kg", None], [1, 2, "x"]])
    opened, rows = read(path, skip=2, header=2)
    assert (opened.schema.names, rows) == (("size cm", "size kg", "column_3"), [(1, 2, "x")])
    assert (opened.facts["skipped"], opened.facts["header"]) == (2, 2)


def test_empty_rows_inside_are_rows(read: Read, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["a", "b"], [1, 2], [], [3, 4]])
    assert read(path)[1] == [(1, 2), (None, None), (3, 4)]


def test_header_alone(read: Read, tmp_path: Path) -> None:
    opened, rows = read(sheet(tmp_path / "a.xlsx", [["a", "b"]]))
    assert (opened.schema.names, rows) == (("a", "b"), [])


def test_more_rows_than_a_batch_keep_order_and_type(read: Read, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["n", "late"], *([number, None] for number in range(70_000)), [70_000, 0.5]])
    opened, rows = read(path)
    assert [row[0] for row in rows] == list(range(70_001))
    assert (str(opened.schema["late"].type), rows[-1][1]) == ("float", 0.5)


def test_sheets(read: Read, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["a"], [1]], name="Übersicht")
    assert read(path, sheet="Übersicht")[1] == read(path, sheet=1)[1] == [(1,)]
    for wanted, said in (("Ubersicht", "Did you mean 'Übersicht'"), (3, "no sheet number 3"), ("empty", "is empty")):
        with pytest.raises(SourceError, match=said):
            read(path, sheet=wanted)


@pytest.mark.parametrize("cells", ["B3", "3", "B5:A1", "A9:A2", "nonsense"])
def test_ranges_that_are_none(read: Read, tmp_path: Path, cells: str) -> None:
    with pytest.raises(SourceError, match="range"):
        read(sheet(tmp_path / "a.xlsx", [["a"], [1]]), range=cells)


def test_range_outside_the_sheet(read: Read, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"the range X50:Z60 of the sheet 'one' .* is empty"):
        read(sheet(tmp_path / "a.xlsx", [["a"], [1]]), range="X50:Z60")


def test_old_excel(read: Read) -> None:
    assert read(DATA / "old.xls")[1] == [(7, DAY, "007")]


def test_password(read: Read) -> None:
    with pytest.raises(SourceError, match="protected by a password"):
        read(DATA / "locked.xlsx")


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="one">
<table:table-row><table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>day</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2024-02-29"><text:p>29.2.</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def test_open_document(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", ODS.replace("\n", ""))
    _, rows = read(path)
    assert str(rows[0][0]) == "7"
    assert str(rows[0][1]).startswith("2024-02-29")


def test_damaged_workbook(read: Read, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["a"], [1]])
    broken = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(broken, "w") as part:
        for name in whole.namelist():
            content = whole.read(name)
            part.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    with pytest.raises(SourceError, match=r"b\.xlsx"):
        read(broken)
