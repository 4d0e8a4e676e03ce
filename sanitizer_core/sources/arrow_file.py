"""Arrow files and streams (Feather), read batch by batch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.tables import open_arrow

if TYPE_CHECKING:
    import pyarrow as pa


def open_arrow_file(path: Path, connection: duckdb.DuckDBPyConnection, shown: str) -> Opened:
    """Open an Arrow IPC file or stream; its rows can be read once."""
    import pyarrow as pa

    try:
        reader = _reader(path)
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{shown} is no Arrow file: {error}", hint="It may be damaged or cut short.") from error
    return open_arrow(reader, [], connection, shown, {"format": "arrow"}, path.stat().st_size)


def _reader(path: Path) -> pa.RecordBatchReader:
    import pyarrow as pa

    source = pa.memory_map(str(path))
    try:
        file = pa.ipc.open_file(source)
    except pa.ArrowInvalid:
        return pa.ipc.open_stream(pa.memory_map(str(path)))
    batches = (file.get_batch(number) for number in range(file.num_record_batches))
    return pa.RecordBatchReader.from_batches(file.schema, batches)
