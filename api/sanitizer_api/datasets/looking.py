"""Looking at a dataset, wherever it lies: no more of it is fetched than is looked at."""

from __future__ import annotations

import tempfile
from pathlib import Path

from psycopg import sql

from sanitizer_api.datasets.content import Content, kind_of
from sanitizer_api.datasets.fetching import fetched, first_bytes, is_web
from sanitizer_api.datasets.guard import Guard
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.datasets.places import Place, opened, place_of
from sanitizer_api.datasets.preview import HEAD, SAMPLE, WHOLE, ColumnSeen, Part, Preview, part_of, plain, previewed
from sanitizer_api.settings import Settings
from sanitizer_api.stores.store import Store
from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import Address, in_postgres, parse_address
from sanitizer_core.sources.postgres.connection import connect
from sanitizer_core.sources.postgres.names import table_name

_PARQUET = Content("parquet", "none")
_WHOLE_ONLY = (b"PAR1", b"PK\x03\x04")
"""Files that are read from their end: of these the beginning alone says nothing."""
_SECONDS = 10


def look(dataset: Dataset, store: Store, settings: Settings, rows: int) -> Preview:
    """The first rows of a dataset, and what its columns look like.

    Raises:
        RefusedAddressError: the registry does not read from there.
        RefusedContentError: it is no table that is read.
        SourceError: it cannot be reached.
    """
    place = place_of(dataset, store, settings)
    with tempfile.TemporaryDirectory(prefix="sanitizer-") as folder:
        scratch = Path(folder)
        if in_postgres(place.address):
            return _of_database(parse_address(place.address, SourceError), rows)
        if is_web(place.address):
            first = _first(place, Guard.of(settings, store.root), scratch)
            return _of_file(first, place.shown, rows, scratch)
        return _of_file(place.address, place.shown, rows, scratch)


def _first(place: Place, guard: Guard, scratch: Path) -> str:
    """So much of a file on the web as is looked at."""
    head, target = first_bytes(place.address, guard, 2 * HEAD), scratch / "first"
    if head.startswith(_WHOLE_ONLY):
        fetched(place.address, guard, target, WHOLE)
    else:
        target.write_bytes(head)
    return str(target)


def _of_file(address: str, shown: str, rows: int, scratch: Path) -> Preview:
    try:
        part = _looked_at(address, scratch)
    except OSError as error:
        raise SourceError(f"{shown} cannot be read: {error.strerror or error}") from error
    return previewed(part.source, part.content, shown, rows=rows, whole=part.whole, scratch=scratch)


def _looked_at(address: str, scratch: Path) -> Part:
    """Parquet where it lies, for it is read by ranges; the beginning of what else there is."""
    file = opened(parse_address(address, SourceError))
    if file is None:
        return Part(address, _PARQUET, True)
    with file:
        return Part(address, _PARQUET, True) if kind_of(file) == _PARQUET else part_of(file, scratch)


def _of_database(address: Address, rows: int) -> Preview:
    with connect(address, SourceError) as connection:
        connection.execute(sql.SQL("SET statement_timeout = {}").format(sql.Literal(f"{_SECONDS}s")))
        name = table_name(connection, address, SourceError)
        chosen = sql.SQL("SELECT * FROM {} LIMIT {}").format(sql.Identifier(name.schema, name.name), SAMPLE)
        cursor = connection.execute(chosen)
        found, columns = cursor.fetchall(), cursor.description or []
    seen = [
        ColumnSeen(each.name, each.type_display, _nulls([row[place] for row in found]))
        for place, each in enumerate(columns)
    ]
    whole = len(found) < SAMPLE
    first = [[plain(cell) for cell in row] for row in found[:rows]]
    return Preview(seen, first, len(found), whole, len(found) if whole else None, None, [])


def _nulls(cells: list[object]) -> float:
    return round(cells.count(None) / len(cells), 6) if cells else 0.0
