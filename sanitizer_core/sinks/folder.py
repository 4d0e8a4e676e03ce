"""Folders of artifacts that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sanitizer_core.errors import SinkError
from sanitizer_core.sinks.beside import beside_name, elsewhere, made_folders, sync_file, sync_folder
from sanitizer_core.sinks.failures import nothing_changed, placing, writing
from sanitizer_core.sinks.sending import put
from sanitizer_core.sources.address import Address, parse_address
from sanitizer_core.sources.stores import filesystem, store_errors

if TYPE_CHECKING:
    import fsspec

LAST = "run.json"
"""What tells a whole folder from others; in an object store it is uploaded last."""


@contextmanager
def artifact_folder(destination: str | os.PathLike[str]) -> Iterator[Path]:
    """A folder to fill; on success it becomes the destination, on failure it is removed.

    An earlier run's folder is replaced: it is renamed aside, the new one renamed in, the old one deleted. A folder that
    holds anything else is never touched. In an object store the files are uploaded, ``run.json`` last.

    Raises:
        SinkError: it cannot be written, or the destination is something else than a run.
    """
    address = parse_address(os.fspath(destination), SinkError)
    match address.place:
        case "local":
            place = _local(Path(address.location).absolute(), address.shown)
        case "store":
            place = _stored(address)
        case _:
            raise nothing_changed(f"{address.shown} is no folder", "Give a folder for the artifacts of the run.")
    with place as staged:
        yield staged


@contextmanager
def _local(final: Path, shown: str) -> Iterator[Path]:
    _refuse_other(final, shown)
    with made_folders(final.parent, shown):
        staged = beside_name(final)
        try:
            with placing(shown):
                staged.mkdir()
            with writing(shown, staged):
                yield staged
            _refuse_other(final, shown)
            with placing(shown):
                _swap(staged, final)
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            raise


def _refuse_other(final: Path, shown: str) -> None:
    if final.is_symlink() or (final.exists() and not final.is_dir()):
        raise nothing_changed(f"{shown} is there already, and is no folder")
    if final.is_dir() and any(final.iterdir()) and not (final / LAST).is_file():
        hint = "Name a new folder, or one that holds an earlier run."
        raise nothing_changed(f"the folder {shown} holds something else than a run", hint)


def _swap(staged: Path, final: Path) -> None:
    for path in staged.rglob("*"):
        if path.is_file():
            sync_file(path)
    sync_folder(staged)
    if not final.exists():
        staged.rename(final)
    else:
        aside = beside_name(final)
        final.rename(aside)
        try:
            staged.rename(final)
        except BaseException:
            aside.rename(final)
            raise
        shutil.rmtree(aside)
    sync_folder(final.parent)


@contextmanager
def _stored(address: Address) -> Iterator[Path]:
    store = filesystem(address, SinkError)
    earlier = _keys(store, address)
    if earlier and LAST not in earlier:
        hint = "Name a new folder, or one that holds an earlier run."
        raise nothing_changed(f"the folder {address.shown} holds something else than a run", hint)
    with elsewhere("artifacts") as staged:
        with writing(address.shown, staged):
            staged.mkdir()
            yield staged
        _upload(store, staged, address, earlier)


def _upload(store: fsspec.AbstractFileSystem, staged: Path, address: Address, earlier: set[str]) -> None:
    """Files by name, what is left of an earlier run deleted, and at last what says that the folder is whole."""
    names = sorted(str(path.relative_to(staged)) for path in staged.rglob("*") if path.is_file())
    if LAST in earlier:
        _delete(store, address, {LAST})
    sent: set[str] = set()
    try:
        for name in sorted(names, key=lambda name: (name == LAST, name)):
            if name == LAST:
                _delete(store, address, earlier - set(names))
            put(store, staged / name, _below(address, name))
            sent.add(name)
    except BaseException:
        _delete(store, address, sent)
        raise


def _keys(store: fsspec.AbstractFileSystem, address: Address) -> set[str]:
    root = store._strip_protocol(address.location).rstrip("/") + "/"
    with store_errors(address, SinkError):
        return {key.removeprefix(root) for key in store.find(root)}


def _below(address: Address, name: str) -> Address:
    return Address("store", f"{address.location.rstrip('/')}/{name}", scheme=address.scheme)


def _delete(store: fsspec.AbstractFileSystem, address: Address, names: set[str]) -> None:
    for name in sorted(names):
        with store_errors(address, SinkError):
            store.rm_file(_below(address, name).location)
