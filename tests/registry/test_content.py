"""What an uploaded file is, its content tells; and nothing is taken that explodes."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sanitizer_api.datasets.content import Content, inspected
from sanitizer_api.datasets.refusing import RefusedContentError

MIB = 1 << 20
LIMIT = 400 * MIB
CSV = b"id,name\n1,Ada\n2,Alan\n"
WORKBOOK = "<workbook/>"


def parquet(rows: int = 3) -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table({"id": list(range(rows))}), made)
    return made.getvalue()


def constant_parquet(rows: int) -> bytes:
    """So many rows in next to no bytes."""
    made = io.BytesIO()
    batch = pa.table({"id": pa.array([None] * MIB, pa.null())})
    with pq.ParquetWriter(made, batch.schema) as writer:
        for _ in range(rows // MIB):
            writer.write_table(batch)
    return made.getvalue()


def workbook(sheet: str, **more: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more.items():
            archive.writestr(name, content)
    return made.getvalue()


def of_a_newer_kind(archive: bytes) -> bytes:
    """An archive that asks for a later version of the format than there is."""
    place = archive.index(b"PK\x01\x02") + 6
    return archive[:place] + b"\x63" + archive[place + 1 :]


def zstd(content: bytes) -> bytes:
    made = pa.BufferOutputStream()
    with pa.CompressedOutputStream(made, "zstd") as stream:
        stream.write(content)
    return bytes(made.getvalue())


@pytest.mark.parametrize(
    ("content", "form", "compression", "name"),
    [
        (CSV, "csv", "none", "data.csv"),
        (b"\xff\xfe" + "a,b\n1,2\n".encode("utf-16-le"), "csv", "none", "data.csv"),
        (b'{"a": 1}\n{"a": 2}\n', "jsonl", "none", "data.jsonl"),
        (b' [ {"a": 1} ]', "json", "none", "data.json"),
        (parquet(), "parquet", "none", "data.parquet"),
        (gzip.compress(CSV, mtime=0), "csv", "gzip", "data.csv.gz"),
        (zstd(b'{"a": 1}\n'), "jsonl", "zstd", "data.jsonl.zst"),
        (workbook('<row r="1"><c r="A1"/></row>'), "excel", "none", "data.xlsx"),
    ],
)
def test_the_type_is_what_the_content_says(content: bytes, form: str, compression: str, name: str) -> None:
    found = inspected(io.BytesIO(content), LIMIT)
    assert (found.format, found.compression, found.name) == (form, compression, name)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\x00" * MIB, "zero bytes"),
        (b"%PDF-1.7", "holds PDF"),
        (b"\x7fELF\x02\x01\x01\x00", "zero bytes"),
        (b"<!DOCTYPE html><html>", "page"),
        (b'<?xml version="1.0"?>', "XML"),
        (b"ARROW1\x00\x00", "holds arrow"),
        (b"\x00" * 8 + b"DUCK" + b"\x00" * 100, "holds duckdb"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "no workbook"),
        (b"PAR1 and no more", "cannot be read as Parquet"),
        (gzip.compress(CSV, mtime=0)[:-6], "cannot be unpacked"),
        (gzip.compress(gzip.compress(CSV, mtime=0), mtime=0), "is no text"),
        (zstd(parquet()), "is no text"),
        (gzip.compress(b"\x00" * 1000, mtime=0), "zero bytes"),
        (workbook("<c/>")[:-30], "a broken zip"),
        (of_a_newer_kind(workbook("<c/>")), "a broken zip"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(RefusedContentError, match=why):
        inspected(io.BytesIO(content), LIMIT)


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_archives_that_explode_are_refused_before_they_have(pack: Any) -> None:
    bomb = io.BytesIO(pack(b"a,b\n" + b"1,1\n" * (30 * MIB)))
    with pytest.raises(RefusedContentError, match="times its size"):
        inspected(bomb, LIMIT)
    plain = pack(b"a,b\n" + b"1,1\n" * MIB)
    with pytest.raises(RefusedContentError, match="larger than 1000000"):
        inspected(io.BytesIO(plain), 1_000_000)
    assert inspected(io.BytesIO(plain), LIMIT).format == "csv"


def test_parquet_that_explodes_is_refused() -> None:
    with pytest.raises(RefusedContentError, match="larger than"):
        inspected(io.BytesIO(constant_parquet(16 * MIB)), 10 * MIB)


FAR = '<row r="1"><c r="A1"/></row>'


@pytest.mark.parametrize(
    "sheet",
    [
        FAR + '<row r="1048576"><c r="XFD1048576"/></row>',
        FAR + '<row r="1048576"><c t="a>b" r = \'XFD1048576\'/></row>',
        FAR + f'<row r="1048576"><c r={" " * 400_000}"XFD1048576"/></row>',
        FAR + '<x:c r="XFD1048576"/>',
        FAR + '<row r="1048576">' + "<c/>" * 200 + "</row>",
        "<row>" + "<c/>" * 16_384 + "</row>" + "<row><c/></row>" * 5_000,
    ],
)
def test_workbooks_whose_cells_lie_far_apart_are_refused(sheet: str) -> None:
    with pytest.raises(RefusedContentError, match="spans"):
        inspected(io.BytesIO(workbook(sheet)), LIMIT)
    with pytest.raises(RefusedContentError, match="spans"):
        inspected(io.BytesIO(workbook("<c/>", **{"xl/elsewhere.xml": sheet})), LIMIT)


def test_workbooks_that_explode_are_refused_whatever_they_say_of_their_size() -> None:
    bomb = workbook("<sheet>" + " " * (20 * MIB) + "</sheet>")
    with pytest.raises(RefusedContentError, match="larger than it may be"):
        inspected(io.BytesIO(bomb), 10 * MIB)
    name, size = b"xl/worksheets/sheet1.xml", (20 * MIB + 15).to_bytes(4, "little")
    assert bomb.count(size) == 2, "in front of the part and in the list of parts"
    with pytest.raises(RefusedContentError, match="not as large as it says"):
        inspected(io.BytesIO(bomb.replace(size, (1000).to_bytes(4, "little"))), LIMIT)
    assert name in bomb


def test_an_ordinary_workbook_of_many_rows_passes(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(20_000):
            sheet.write_row(row, 0, [row, "somebody", row / 7])
    with path.open("rb") as file:
        assert inspected(file, LIMIT) == Content("excel", "none")


def test_what_is_refused_is_told_and_taken_away(join: Any) -> None:
    ada = join()
    bomb = gzip.compress(b"a,b\n" + b"1,1\n" * (30 * MIB))
    upload = ada.http.post("/uploads", json={"name": "bomb", "file": "a.csv", "size": len(bomb)}).json()
    assert ada.http.put(f"/uploads/{upload['id']}/parts/1", content=bomb).status_code == 200
    refused = ada.http.post(f"/uploads/{upload['id']}/complete", json={})
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:sanitizer:problem:content-refused"
    assert ada.http.get(f"/uploads/{upload['id']}").status_code == 404
    assert ada.http.get("/datasets").json()["items"] == []
    assert ada.http.get("/quotas").json()["items"][0]["used"] == 0


def test_json_and_zlib_are_no_gzip() -> None:
    assert inspected(io.BytesIO(json.dumps({"a": 1}).encode()), LIMIT).format == "jsonl"
    with pytest.raises(RefusedContentError):
        inspected(io.BytesIO(zlib.compress(b"\x00" * MIB)), LIMIT)
