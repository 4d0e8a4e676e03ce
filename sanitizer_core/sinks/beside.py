"""Files that appear under their name whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sanitizer_core.sinks.failures import nothing_changed, placing, writing


def beside_name(final: Path) -> Path:
    """A free name in the same folder, hidden, that tells whose unfinished part it is."""
    return final.with_name(f".{final.name[:200]}.{uuid.uuid4().hex[:8]}.partial")


@contextmanager
def beside(path: Path, shown: str) -> Iterator[Path]:
    """A path to write to, in the same folder; it takes the final name at the end, and is removed on any failure.

    Folders that are missing are made, and taken away again when the writing fails.

    Raises:
        SinkError: it cannot be written there; what was there before is as it was.
    """
    final = path.resolve() if path.is_symlink() else path.absolute()
    if final.is_dir():
        raise nothing_changed(f"{shown} is a folder", "Give the name of a file in it.")
    with made_folders(final.parent, shown):
        staged = beside_name(final)
        try:
            with writing(shown, staged):
                yield staged
            with placing(shown):
                _settle(staged, final)
        except BaseException:
            for left in (staged, staged.with_name(f"{staged.name}.wal")):
                left.unlink(missing_ok=True)
            raise


@contextmanager
def made_folders(folder: Path, shown: str) -> Iterator[None]:
    """A folder that is there, with all above it; those that were made go again on failure, if they are empty."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    try:
        with placing(shown):
            folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for part in missing:
            _remove_empty(part)
        raise


@contextmanager
def elsewhere(name: str) -> Iterator[Path]:
    """A path in the system's folder for temporary files, for what is then sent on; removed at the end."""
    with tempfile.TemporaryDirectory(prefix="sanitizer-") as folder:
        yield Path(folder) / name


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the bytes of a file last through a loss of power."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _settle(staged: Path, final: Path) -> None:
    if final.exists():
        shutil.copymode(final, staged)
    sync_file(staged)
    staged.replace(final)
    sync_folder(final.parent)


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        # It was never made, or another program has put something into it meanwhile.
        return
