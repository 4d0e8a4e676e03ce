"""Finished files, sent on: to an object store under their final key, or into a stream."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sanitizer_core.errors import SinkError
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.stores import filesystem, store_errors

if TYPE_CHECKING:
    import fsspec

_CHUNK = 1 << 20


def upload(path: Path, address: Address) -> None:
    """Send a file to a store; its key appears when all of it is there.

    Raises:
        SinkError: it cannot be sent; ``retryable`` when trying again later may help.
    """
    put(filesystem(address, SinkError), path, address)


def put(store: fsspec.AbstractFileSystem, path: Path, address: Address) -> None:
    """Send a file to a store that is open."""
    if address.location.endswith("/"):
        raise SinkError(f"{address.shown} is a folder; nothing was written", hint="Give the name of an object in it.")
    with store_errors(address, SinkError):
        store.put_file(os.fspath(path), address.location)


def send_to_stream(path: Path, address: Address) -> None:
    """Send a file to standard output, a pipe or a device."""
    try:
        if address.place == "standard":
            sys.stdout.flush()
            _copy(path, sys.stdout.buffer)
        else:
            with Path(address.location).open("wb", buffering=0) as target:
                _copy(path, target)
    except BrokenPipeError as error:
        raise SinkError("the program that reads the output ended before all was written") from error
    except OSError as error:
        shown = "standard output" if address.place == "standard" else address.shown
        raise SinkError(f"{shown} cannot be written: {error.strerror}") from error


def _copy(path: Path, target: BinaryIO) -> None:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            target.write(chunk)
    target.flush()
