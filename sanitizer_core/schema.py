"""Tables as the planner sees them: named columns with logical types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Kind = Literal[
    "text", "integer", "decimal", "float", "boolean", "date", "time", "timestamp", "timestamptz", "binary", "other"
]

NUMERIC: frozenset[str] = frozenset({"integer", "decimal", "float"})
TEMPORAL: frozenset[str] = frozenset({"date", "time", "timestamp", "timestamptz"})


@dataclass(frozen=True)
class DataType:
    """A logical type, the same on every engine.

    Args:
        kind: ``integer`` is 64 bits, ``float`` is a double, ``timestamp`` has no zone and microseconds,
            ``timestamptz`` is an instant (UTC), ``other`` is a nested or engine-only type that passes through.
        precision, scale: digits in all and behind the point, of a ``decimal``.
        native: the engine's own name, of an ``other`` (and of an input column whose width must come back).
    """

    kind: Kind
    precision: int | None = None
    scale: int | None = None
    native: str | None = field(default=None, compare=False)

    @property
    def is_text(self) -> bool:
        return self.kind == "text"

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def is_temporal(self) -> bool:
        return self.kind in TEMPORAL

    def __str__(self) -> str:
        """``text``, ``decimal(18,2)``, ..."""
        return f"decimal({self.precision},{self.scale})" if self.kind == "decimal" else self.kind


TEXT = DataType("text")
INTEGER = DataType("integer")
FLOAT = DataType("float")
BOOLEAN = DataType("boolean")
DATE = DataType("date")
TIME = DataType("time")
TIMESTAMP = DataType("timestamp")
TIMESTAMPTZ = DataType("timestamptz")
BINARY = DataType("binary")

_DUCKDB_NAMES: dict[Kind, tuple[str, ...]] = {
    "text": ("VARCHAR",),
    "boolean": ("BOOLEAN",),
    "integer": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"),
    "float": ("FLOAT", "DOUBLE"),
    "date": ("DATE",),
    "time": ("TIME",),
    "timestamp": ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"),
    "timestamptz": ("TIMESTAMP WITH TIME ZONE",),
    "binary": ("BLOB",),
}
_DUCKDB_KINDS: dict[str, Kind] = {name: kind for kind, names in _DUCKDB_NAMES.items() for name in names}


def from_duckdb(native: str) -> DataType:
    """The logical type of a DuckDB type name such as ``DECIMAL(18,2)`` or ``INTEGER[]``."""
    name = native.upper()
    decimal = re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", name)
    if decimal:
        return DataType("decimal", int(decimal[1]), int(decimal[2]), native=native)
    return DataType(_DUCKDB_KINDS.get(name, "other"), native=native)


_POSTGRES_KINDS: dict[str, Kind] = {
    "text": "text", "character varying": "text", "character": "text", "bpchar": "text", "name": "text", "citext": "text",
    "boolean": "boolean", "smallint": "integer", "integer": "integer", "bigint": "integer", "real": "float",
    "double precision": "float", "date": "date", "time without time zone": "time",
    "timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz", "bytea": "binary",
}  # fmt: skip


def from_postgres(native: str) -> DataType:
    """The logical type of a PostgreSQL type name such as ``numeric(18,2)`` or ``character varying(20)``."""
    decimal = re.fullmatch(r"numeric\((\d+),(\d+)\)", native)
    if decimal and int(decimal[2]) <= int(decimal[1]) <= 38:
        return DataType("decimal", int(decimal[1]), int(decimal[2]), native=native)
    name = re.sub(r"\(\d+\)", "", native)
    return DataType(_POSTGRES_KINDS.get(name.rpartition(".")[2], "other"), native=native)


_SPARK_KINDS: dict[str, Kind] = {
    "string": "text", "boolean": "boolean", "tinyint": "integer", "smallint": "integer", "int": "integer", "bigint": "integer",
    "float": "float", "double": "float", "date": "date", "time(6)": "time", "timestamp_ntz": "timestamp",
    "timestamp": "timestamptz", "binary": "binary",
}  # fmt: skip


def from_spark(native: str) -> DataType:
    """The logical type of a Spark type such as ``decimal(18,2)`` or ``array<string>``; its ``timestamp`` is an instant."""
    decimal = re.fullmatch(r"decimal\((\d+),(\d+)\)", native)
    if decimal:
        return DataType("decimal", int(decimal[1]), int(decimal[2]), native=native)
    return DataType(_SPARK_KINDS.get(native, "other"), native=native)


@dataclass(frozen=True)
class Column:
    """A named, typed column."""

    name: str
    type: DataType


@dataclass(frozen=True)
class Schema:
    """The ordered columns of a table; names are unique and case-sensitive."""

    columns: tuple[Column, ...]

    @classmethod
    def of(cls, columns: Iterable[tuple[str, DataType]]) -> Schema:
        """A schema from pairs of name and type."""
        return cls(tuple(Column(name, kind) for name, kind in columns))

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]
