"""Looking through a file for bytes, piece by piece."""

from __future__ import annotations

from pathlib import Path

import pytest

import sanitizer_core.sources.csv.plain as plain


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1 << 20])
def test_bytes_are_found_wherever_the_pieces_end(piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_LOOK", piece)
    path = tmp_path / "text"
    path.write_bytes("aab§|bc\0".encode())
    for needle, there in (("§", True), ("ab§|", True), ("\0", True), ("aabb", False), ("|§", False), ("ç", False)):
        assert plain.holds(path, needle.encode()) is there, needle
    assert not plain.holds(path, b"\0", within=8)
    assert plain.holds(path, b"\0", within=9)
    path.write_bytes(b"")
    assert not plain.holds(path, b"a")
