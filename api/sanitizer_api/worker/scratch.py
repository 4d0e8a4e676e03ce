"""A worker's folder for what it does not keep."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "sanitizer-worker-"
_LOCK = "lock"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for this worker alone, gone at the end; what workers left here that were killed goes first.

    Below ``SANITIZER_SCRATCH``, else where the machine keeps temporary files. A lock on a file in it tells that its
    worker lives: the lock ends with the process, however that ends.
    """
    root = Path(os.environ.get("SANITIZER_SCRATCH") or tempfile.gettempdir())
    _sweep(root)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
    with (folder / f".{_LOCK}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / f".{_LOCK}").rename(folder / _LOCK)  # Seen by others only once it is held.
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(root: Path) -> None:
    for lock in root.glob(f"{_PREFIX}*/{_LOCK}"):
        if _is_free(lock):
            shutil.rmtree(lock.parent, ignore_errors=True)


def _is_free(lock: Path) -> bool:
    try:
        with lock.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except OSError:
        return False
