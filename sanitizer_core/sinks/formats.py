"""Which format and compression an output has: what the user said, then its name."""

from __future__ import annotations

from typing import Literal

from sanitizer_core.errors import SinkError, did_you_mean
from sanitizer_core.sinks.options import OutputFormat, WriteOptions
from sanitizer_core.sources.address import Address

Compression = Literal["none", "gzip", "zstd", "snappy"]

BY_SUFFIX: dict[str, OutputFormat] = {
    "parquet": "parquet", "pq": "parquet",
    "csv": "csv", "txt": "csv", "tsv": "tsv", "tab": "tsv",
    "jsonl": "jsonl", "ndjson": "jsonl", "json": "json",
    "xlsx": "excel",
    "duckdb": "duckdb", "ddb": "duckdb",
}  # fmt: skip
_PACKED: dict[str, Compression] = {"gz": "gzip", "zst": "zstd"}
_ALLOWED: dict[str, tuple[Compression, ...]] = {
    "parquet": ("zstd", "snappy", "gzip", "none"),
    "csv": ("none", "gzip", "zstd"),
    "tsv": ("none", "gzip", "zstd"),
    "jsonl": ("none", "gzip", "zstd"),
    "json": ("none", "gzip", "zstd"),
    "excel": ("none",),
    "duckdb": ("none",),
}


def format_of(address: Address, said: OutputFormat | None) -> OutputFormat:
    """The format to write.

    Raises:
        SinkError: neither was it said, nor does the name tell.
    """
    if address.place == "duckdb":
        return _agreed(said, "duckdb", address)
    if said is not None or address.place == "standard":
        return said or "csv"
    parts = address.name.lower().split(".")[1:]
    inner = [part for part in parts if part not in _PACKED]
    found = BY_SUFFIX.get(inner[-1]) if inner else None
    if found is None:
        ending = f"the ending {parts[-1]!r}" if parts else "no ending"
        hint = did_you_mean(parts[-1] if parts else "", BY_SUFFIX)
        raise SinkError(f"the format of {address.shown} is not known: it has {ending}; nothing was written", hint=hint)
    return found


def compression_of(address: Address, form: OutputFormat, options: WriteOptions) -> Compression:
    """The compression to write with.

    Raises:
        SinkError: the format does not have it.
    """
    allowed = _ALLOWED[form]
    ending = _PACKED.get(address.name.lower().rpartition(".")[2])
    wanted = options.compression or ending or allowed[0]
    if wanted not in allowed:
        raise SinkError(
            f"{form} is not written with {wanted}; nothing was written", hint=f"Allowed: {', '.join(allowed)}."
        )
    if ending is not None and wanted != ending:
        raise SinkError(f"{address.shown} is named like {ending}, but {wanted} was asked for; nothing was written")
    return wanted


def _agreed(said: OutputFormat | None, found: OutputFormat, address: Address) -> OutputFormat:
    if said not in {None, found}:
        raise SinkError(f"{address.shown} is a DuckDB file, but {said} was asked for; nothing was written")
    return found
