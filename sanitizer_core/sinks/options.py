"""What may be said about how to write, and what is known of a table once it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

OutputFormat = Literal["parquet", "csv", "tsv", "jsonl", "json", "excel", "duckdb", "postgres"]


class WriteOptions(BaseModel):
    """How to write an output; what is left out follows from its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    compression: Literal["none", "gzip", "zstd", "snappy"] | None = Field(
        default=None, description="Parquet: zstd (default), snappy, gzip, none. Text: from the name, else none."
    )
    delimiter: str | None = Field(default=None, min_length=1, max_length=1, description="CSV: what parts fields.")
    guard_formulas: bool = Field(
        default=True,
        description="CSV, TSV: put ' before text that a spreadsheet would take for a formula; plain numbers stay.",
    )
    sheet: str = Field(
        default="data", min_length=1, max_length=31, pattern=r"^[^\[\]:*?/\\]+$", description="Excel: the sheet."
    )


@dataclass(frozen=True)
class Written:
    """A table that was written.

    Args:
        address: where it is, without credentials.
        bytes: the size of the file; of a DuckDB file, all of it.
        guarded: text cells and column names that got a ``'`` because a spreadsheet would have run them.
    """

    address: str
    format: OutputFormat
    rows: int
    bytes: int
    guarded: int = 0
