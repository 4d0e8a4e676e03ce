"""The files of a run, in a folder or below an address of an object store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sqlglot import exp

from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import RestoreError, Where
from sanitizer_core.record import RunRecord
from sanitizer_core.sources.address import Address, parse_address
from sanitizer_core.sources.stores import filesystem, store_errors

if TYPE_CHECKING:
    import fsspec


NAMES = (
    "changes.parquet", "removed.parquet", "rejected.parquet", "dropped.parquet", "order.parquet", "clean.parquet",
    "sealed.bin", "fitted.json", "report.html", "run.json",
)  # fmt: skip
"""The files that a run may keep; the last tells a whole folder from others."""


@dataclass(frozen=True)
class RunFiles:
    """Where the files of a run are. Parquet is read in place, by ranges, wherever that is.

    Args:
        address: of the folder.
        store: the object store it is in; ``None`` for a folder of this machine.
    """

    address: Address
    store: fsspec.AbstractFileSystem | None = None

    @classmethod
    def at(cls, folder: str | os.PathLike[str]) -> RunFiles:
        """The files of the run in a folder.

        Raises:
            RestoreError: it is no folder that files of a run can be in.
        """
        address = parse_address(os.fspath(folder), RestoreError)
        if address.place not in ("local", "store"):
            raise RestoreError(f"{address.shown} is not the folder of a run")
        return cls(address, filesystem(address, RestoreError) if address.place == "store" else None)

    @property
    def shown(self) -> str:
        """The folder for people: never with a credential in it."""
        return self.address.shown

    @cached_property
    def names(self) -> frozenset[str]:
        """The files that are there."""
        if self.store is None:
            folder = Path(self.address.location)
            return frozenset(each.name for each in folder.iterdir()) if folder.is_dir() else frozenset()
        with store_errors(self.address, RestoreError):
            root = self.address.location.rstrip("/") + "/"
            return frozenset(key.rsplit("/", 1)[-1] for key in self.store.find(root, maxdepth=1))

    def place(self, name: str) -> str:
        """A file's path or address."""
        return f"{self.address.location.rstrip('/')}/{name}"

    def table(self, name: str, *, numbered: bool = False) -> exp.Table:
        """A Parquet file as a relation.

        Args:
            numbered: with the number of each row in the file, as ``file_row_number``.

        Raises:
            RestoreError: it is not there.
        """
        file = f"{name}.parquet"
        if file not in self.names:
            raise RestoreError(
                f"{file} is missing", where=Where(file=self.shown), hint="The run's folder is not whole."
            )
        arguments: list[exp.Expr] = [exp.Literal.string(self.place(file))]
        if numbered:
            arguments.append(exp.EQ(this=exp.column("file_row_number"), expression=exp.true()))
        return exp.Table(this=exp.Anonymous(this="read_parquet", expressions=arguments))

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file's bytes, which can be sought in.

        Raises:
            RestoreError: it is not there, or cannot be read.
        """
        if name not in self.names:
            raise RestoreError(
                f"{name} is missing", where=Where(file=self.shown), hint="The run's folder is not whole."
            )
        if self.store is None:
            with Path(self.place(name)).open("rb") as file:
                yield file
        else:
            with store_errors(self.address, RestoreError), self.store.open(self.place(name), "rb") as file:
                yield file

    def record(self) -> RunRecord:
        """What the run wrote down.

        Raises:
            RestoreError: this is not the folder of a run.
        """
        if self.store is None:
            return RunRecord.load(self.address.location)
        if "run.json" not in self.names:
            raise RestoreError("this is not the folder of a run: it holds no run.json", where=Where(file=self.shown))
        with self.open("run.json") as file:
            return RunRecord.read(file.read().decode(), self.place("run.json"))

    @contextmanager
    def engine(self, *, memory_limit: str | None = None, threads: int | None = None) -> Iterator[DuckDBEngine]:
        """An engine that can read the files."""
        with DuckDBEngine.open(memory_limit=memory_limit, threads=threads) as engine:
            if self.store is not None:
                engine.connection.register_filesystem(self.store)
            yield engine
