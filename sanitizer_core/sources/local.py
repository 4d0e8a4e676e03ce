"""Local files, folders and patterns."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path

from sanitizer_core.errors import SourceError, did_you_mean
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.parquet import PARQUET_SUFFIXES, ParquetFiles, parquet_below, unglobbed


def existing_file(address: Address) -> Path:
    """The path of a file that is there and can be read."""
    path = Path(address.location)
    try:
        with path.open("rb"):
            return path
    except FileNotFoundError as error:
        raise SourceError(f"{address.shown} does not exist", hint=_near(path)) from error
    except OSError as error:
        raise SourceError(f"{address.shown} cannot be opened: {error.strerror}") from error
    except ValueError as error:
        raise SourceError(f"{address.shown!r} is no path: {error}") from error


def is_pipe(address: Address) -> bool:
    """Whether a path is that of a named pipe, or a shell's ``<(command)``, which can be read once only."""
    try:
        return Path(address.location).is_fifo()
    except ValueError:
        return False


def is_pattern(address: Address) -> bool:
    """Whether an address is a pattern of names; a file that is called so comes first."""
    return glob.has_magic(address.location) and not os.path.lexists(address.location)


def files_of_pattern(address: Address) -> list[Path]:
    """The files that fit a pattern, in the order of their names."""
    # A pattern may begin at the root, which Path.glob does not take.
    names = sorted(name for name in glob.glob(address.location, recursive=True) if Path(name).is_file())  # noqa: PTH207
    if not names:
        raise SourceError(f"no file fits the pattern {address.shown}")
    return [Path(name) for name in names]


def parquet_of_pattern(address: Address, paths: Iterable[Path], scratch: Path) -> ParquetFiles:
    """Several files as one table."""
    others = [path.name for path in paths if path.suffix.lower() not in PARQUET_SUFFIXES]
    if others:
        hint = "Several files are read together only when all are Parquet."
        raise SourceError(f"{address.shown} also fits {others[0]}", hint=hint)
    root = _fixed_part(address.location).absolute()
    link = unglobbed(root, scratch)
    return _found(address, link, [str(link / path.absolute().relative_to(root)) for path in paths])


def parquet_of_folder(address: Address, scratch: Path) -> ParquetFiles:
    """All Parquet files below a folder as one table."""
    root = unglobbed(Path(address.location), scratch)
    try:
        names = [str(Path(parent, name)) for parent, _, inside in os.walk(root, onerror=_raise) for name in inside]
    except OSError as error:
        raise SourceError(f"the folder {address.shown} cannot be read: {error.strerror}") from error
    return _found(address, root, names)


def _found(address: Address, root: Path, names: list[str]) -> ParquetFiles:
    files, keys = parquet_below(address.shown, str(root), names)
    return ParquetFiles(address.shown, tuple(files), keys, sum(Path(name).stat().st_size for name in files))


def _fixed_part(pattern: str) -> Path:
    """The folders of a pattern in front of its first wildcard."""
    parts = Path(pattern).parts
    fixed = next(place for place, part in enumerate(parts) if glob.has_magic(part))
    return Path(*parts[:fixed])


def _near(path: Path) -> str | None:
    if not path.parent.is_dir():
        return f"The folder {path.parent} does not exist either."
    return did_you_mean(path.name, (beside.name for beside in path.parent.iterdir()))


def _raise(error: OSError) -> None:
    raise error
