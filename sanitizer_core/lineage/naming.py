"""What datasets are called, as OpenLineage's naming rules have it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import Address, parse_address
from sanitizer_core.sources.postgres.names import name_parts

MEMORY = "memory"
"""The namespace of tables that came from Python, and of standard input and output."""
POSTGRES_PORT = 5432


@dataclass(frozen=True)
class DatasetName:
    """A dataset as every tool of a pipeline calls it, so that their events meet in one graph."""

    namespace: str
    name: str


def dataset_name(shown: str, *, here: bool = True) -> DatasetName:
    """The name of the dataset at an address, as records show it.

    Args:
        here: whether relative paths are those of this process; else they stay as they are.

    Source: https://openlineage.io/docs/spec/naming
    """
    try:
        address = parse_address(shown, SourceError)
    except SourceError:
        return DatasetName(MEMORY, shown)
    match address.place:
        case "store":
            return _of_store(address)
        case "postgres":
            return _of_postgres(address)
        case "duckdb":
            return _of_duckdb(address, here)
        case "standard":
            return DatasetName(MEMORY, shown)
        case _:
            return DatasetName("file", _path(address.location, here))


def _of_store(address: Address) -> DatasetName:
    parts = urlsplit(address.location)
    return DatasetName(f"{parts.scheme}://{parts.netloc}", unquote(parts.path).strip("/") or "/")


def _of_postgres(address: Address) -> DatasetName:
    parts = urlsplit(address.location)
    host = f"{parts.hostname or 'localhost'}:{parts.port or POSTGRES_PORT}"
    table = name_parts(address.table or "") or [address.table or ""]
    qualified = table if len(table) == 2 else ["public", *table]
    return DatasetName(f"postgres://{host}", ".".join([unquote(parts.path).strip("/"), *qualified]))


def _of_duckdb(address: Address, here: bool) -> DatasetName:
    """As dbt's emitter calls it; the catalogue is called after the file."""
    table = address.table or ""
    qualified = table if "." in table else f"main.{table}"
    return DatasetName(f"duckdb://{_path(address.location, here)}", f"{Path(address.location).stem}.{qualified}")


def _path(path: str, here: bool) -> str:
    return str(Path(path).absolute()) if here else path
