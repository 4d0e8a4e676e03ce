"""What a disk, DuckDB or a store says while an output is written, as a SinkError."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from sanitizer_core.errors import SinkError
from sanitizer_core.sources.address import masked

_INNER = re.compile(r'"exception_message":"(.*)","errno"')
_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
_HINTS = {
    "No space left": "Free space there, or write to another disk.",
    "File too large": "The system allows no larger file (ulimit, or the file system).",
    "Permission denied": "Look at the rights of the folder.",
    "Read-only": "Write to another folder.",
    "Not a directory": "A part of the path is a file.",
    "File exists": "A part of the path is a file.",
}


def nothing_changed(message: str, hint: str | None = None) -> SinkError:
    """An error that says that all is as it was."""
    return SinkError(f"{message}; nothing was changed", hint=hint)


@contextmanager
def writing(shown: str, staged: Path) -> Iterator[None]:
    """Turn what the disk or DuckDB says about the staged file or folder into a SinkError; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno not in _OF_THE_DISK and staged.name not in str(error.filename):
            raise
        raise failed(shown, error.strerror or str(error)) from error
    except duckdb.Error as error:
        if staged.name not in str(error):
            raise
        raise failed(shown, _reason(str(error))) from error


@contextmanager
def placing(shown: str) -> Iterator[None]:
    """Turn what the disk says about folders and names into a SinkError."""
    try:
        yield
    except OSError as error:
        raise failed(shown, error.strerror or str(error)) from error


def failed(shown: str, reason: str) -> SinkError:
    """The error for an output that could not be written, with what to do about it."""
    hint = next((hint for word, hint in _HINTS.items() if word in reason), None)
    return nothing_changed(f"{shown} cannot be written: {masked(reason)}", hint)


def _reason(text: str) -> str:
    inner = _INNER.search(text)
    return (inner[1] if inner else text).rpartition('": ')[2].rstrip(".")
