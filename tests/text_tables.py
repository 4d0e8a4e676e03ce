"""Reads text tables as the tests look at them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from sanitizer_core.sources.csv import open_text
from sanitizer_core.sources.opened import Opened, load
from sanitizer_core.sources.options import ReadOptions

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Text:
    """A text table as it was read."""

    names: tuple[str, ...]
    rows: list[Row]
    rejected: list[tuple[int, str, str]]
    facts: Mapping[str, Any]
    notes: tuple[str, ...]

    @property
    def dicts(self) -> list[dict[str, str | None]]:
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


def loaded(opened: Opened, connection: duckdb.DuckDBPyConnection) -> Text:
    """Everything of an opened input, which is then closed."""
    opened, rows = load(opened, lambda view: connection.table(view).fetchall())
    assert opened.rejected_view is not None
    rejected = connection.table(opened.rejected_view).order("line").fetchall()
    opened.close()
    return Text(opened.schema.names, rows, rejected, opened.facts, opened.notes)


def read_path(path: Path, **options: Any) -> Text:
    """A file, read with some options."""
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        text = loaded(open_text(path, connection, ReadOptions(**options), Path(scratch)), connection)
        assert not list(Path(scratch).iterdir()), "closing leaves nothing in the scratch folder"
        return text


def read(data: bytes | str, **options: Any) -> Text:
    """Bytes (or text, as UTF-8), read from a file with some options."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read_path(path, **options)
