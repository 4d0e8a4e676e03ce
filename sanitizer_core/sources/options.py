"""What a recipe's ``input:`` may say about how to read, besides the types of columns."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

Format = Literal["csv", "json", "jsonl", "parquet", "excel", "arrow", "duckdb"]
Compression = Literal["none", "gzip", "zstd"]


class ReadOptions(BaseModel):
    """How to read an input. All that is left out is found from the input itself, and reported.

    The words for text files override what would be detected, one by one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Format | None = Field(default=None, description="The format; else from the name and the first bytes.")
    compression: Compression | None = Field(default=None, description="The compression; else from the first bytes.")
    strict: bool = Field(
        default=False, description="Fail at the first row that cannot be read, instead of rejecting it."
    )

    encoding: str | None = Field(default=None, description="Text: the character encoding, such as utf-8 or cp1252.")
    delimiter: str | None = Field(
        default=None, min_length=1, description="Text: what parts fields; may be several characters."
    )
    quote: str | None = Field(
        default=None, max_length=1, description="Text: the quote character; '' when there is none."
    )
    escape: str | None = Field(
        default=None, max_length=1, description="Text: what escapes a quote; '' when nothing does."
    )
    header: bool | NonNegativeInt | None = Field(
        default=None, description="Text, Excel: whether there is a header, or its lines."
    )
    skip: int | None = Field(default=None, ge=0, description="Text, Excel: lines in front of the header to pass over.")

    sheet: str | int | None = Field(default=None, description="Excel: the sheet, by name or by number from 1.")
    range: str | None = Field(default=None, description="Excel: the cells to read, such as B3:F200.")
