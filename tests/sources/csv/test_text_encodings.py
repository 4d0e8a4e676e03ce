"""Encodings: found, said, and what cannot be decoded."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from text_tables import read, read_path

NAMES = ("name", "town")


def table(*rows: tuple[str, str], times: int = 20) -> str:
    return "name,town\r\n" + "".join(f"{name},{town}\r\n" for name, town in rows) * times


WESTERN = (("José Muñoz", "Málaga"), ("Zoë", "København"), ("Bob", "Oslo – west"))
CYRILLIC = (("Иван Петров", "Москва"), ("Пётр Сидоров", "Киев"))
JAPANESE = (("山田太郎", "東京"), ("鈴木花子", "大阪"))


@pytest.mark.parametrize(
    ("encoding", "rows"),
    [
        ("utf-8", WESTERN + CYRILLIC + JAPANESE),
        ("utf-8-sig", WESTERN + JAPANESE),
        ("utf-16", WESTERN + CYRILLIC + JAPANESE),
        ("utf-16-le", WESTERN),
        ("utf-16-be", WESTERN),
        ("utf-32", WESTERN + JAPANESE),
        ("cp1252", WESTERN),
        ("cp1251", CYRILLIC),
        ("shift_jis", JAPANESE),
    ],
)
def test_an_encoding_is_found(encoding: str, rows: tuple[tuple[str, str], ...]) -> None:
    text = read(table(*rows).encode(encoding))
    assert (text.names, text.rows, text.rejected) == (NAMES, list(rows) * 20, [])


def test_the_encoding_that_is_said_is_taken() -> None:
    text = read(table(*CYRILLIC).encode("koi8-r"), encoding="koi8-r")
    assert text.rows[:2] == list(CYRILLIC)
    assert text.facts["encoding"] == "koi8-r"


def test_one_accent_in_a_file_of_ascii_is_western() -> None:
    text = read("name,town\nBob,Oslo\nRené,Paris\n".encode("cp1252"))
    assert text.rows == [("Bob", "Oslo"), ("René", "Paris")]
    assert any("Windows-1252" in note for note in text.notes)


def test_an_encoding_that_only_later_lines_show_is_taken_for_all() -> None:
    ascii_rows = "Bob,Oslo\n" * 200_000
    text = read(f"name,town\n{ascii_rows}René,Besançon\n".encode("cp1252"))
    assert (text.rows[-1], text.rejected, text.facts["encoding"]) == (("René", "Besançon"), [], "cp1252")


def test_undecodable_bytes_reject_their_line_in_any_encoding() -> None:
    lone = b"\x00\xd8"  # the first half of a pair, with no second
    text = read("\ufeffname,town\nBob,Oslo\nEve,".encode("utf-16-le") + lone + "\nAnn,Rome\n".encode("utf-16-le"))
    assert text.rows == [("Bob", "Oslo"), ("Ann", "Rome")]
    assert [(line, reason) for line, _, reason in text.rejected] == [(3, "it holds bytes that are not UTF-16-LE")]
    western = read(b"name,town\nBob,\x81\nRen\xe9,Paris\n", encoding="cp1252")
    assert western.rows == [("René", "Paris")]
    assert western.rejected == [(2, "Bob,\\x81", "it holds bytes that are not CP1252")]


def test_a_stray_byte_in_utf8_rejects_its_line_and_no_other() -> None:
    text = read("name,town\nZoë,Málaga\n".encode() + b"Bob,\xe9\xff\n" + "José,Århus\n".encode())
    assert text.rows == [("Zoë", "Málaga"), ("José", "Århus")]
    assert text.rejected == [(3, "Bob,\\xe9\\xff", "it holds bytes that are not UTF-8")]


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_compressed_file_is_unpacked(compression: str, tmp_path: Path) -> None:
    data = table(*WESTERN).encode() + b"broken\r\n"
    path = tmp_path / "table.csv.packed"
    packed = gzip.compress(data) if compression == "gzip" else pa.compress(data, codec="zstd", asbytes=True)
    path.write_bytes(packed)
    text = read_path(path)
    assert text.rows == list(WESTERN) * 20
    assert text.rejected == [(62, "broken", "it has 1 field instead of 2")]
    assert text.facts["compression"] == compression
