"""Sealed values of a run inside a database: the one thing that passes through this machine, to be sealed by the key."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from sanitizer_core.audit.sealing import seal, secret_of, unseal
from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.engines.postgres_rows import batches, load
from sanitizer_core.errors import RestoreError
from sanitizer_core.pipeline.session import Session
from sanitizer_core.pipeline.writing import to_seal

ROWS = 20_000
"""Values in a frame of the sealed file."""

PART = 4 << 20
"""Bytes of a part of a sealed file that is kept in a table."""

COLUMNS = {"row": "BIGINT", "line": "BIGINT", "column": "TEXT", "value": "TEXT"}


def seal_into(session: Session, engine: PostgresEngine, path: Path) -> bool:
    """Seals what masking hid into a file; says whether anything was hidden."""
    query, secret = to_seal(session)
    if query is None:
        return False
    import pyarrow as pa

    kinds = {"BIGINT": pa.int64(), "TEXT": pa.string()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    seal(batches(engine, query, schema, ROWS), path, secret)
    return True


def sealed_parts(path: Path) -> Iterator[tuple[int, bytes]]:
    """A file as numbered parts."""
    with path.open("rb") as file:
        yield from enumerate(iter(lambda: file.read(PART), b""))


def open_sealed(engine: PostgresEngine, parts: Iterable[bytes], key: str) -> str:
    """Makes sealed values a relation again; gives its name.

    Raises:
        RestoreError: the key is another one, or a part is missing.
    """
    with tempfile.TemporaryDirectory(prefix="sanitizer-") as folder:
        path = Path(folder) / "sealed.bin"
        with path.open("wb") as file:
            file.writelines(parts)
        with path.open("rb") as sealed:
            opened = unseal(sealed, secret_of(key, RestoreError), "the sealed values")
            rows = chain.from_iterable(batch.to_pylist() for batch in opened)
            load(engine, "sealed", COLUMNS, (tuple(row[name] for name in COLUMNS) for row in rows))
    return "sealed"
