"""The work as a Polars user writes it: one lazy query, streamed from the CSV into the Parquet file, without a log."""

from __future__ import annotations

import sys

import polars as pl
from polars import col

TOKENS = ["N/A", "-", "?", "null"]
FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%b %d, %Y", "%Y%m%d")


def main(source: str, folder: str) -> None:
    table = pl.scan_csv(source, infer_schema=False, null_values=TOKENS)
    table = cleaned(table).unique(maintain_order=True)
    filled(table).sink_parquet(f"{folder}/clean.parquet", compression="snappy")


def cleaned(table: pl.LazyFrame) -> pl.LazyFrame:
    """Every cell by itself."""
    return table.with_columns(
        whole("id"),
        flat("name"),
        flat("notes"),
        col("email").str.strip_chars().str.to_lowercase(),
        col("gender").str.strip_chars().str.to_lowercase().replace({"m": "male", "f": "female", "o": "other"}),
        flat("city").str.to_titlecase(),
        whole("age"),
        decimal("salary", 2),
        pl.coalesce(col("date_joined").str.to_date(form, strict=False) for form in FORMATS),
        decimal("score", 1),
    )


def filled(table: pl.LazyFrame) -> pl.LazyFrame:
    """What is missing, and what lies outside the fences."""
    return table.with_columns(
        col("city").fill_null("unknown"),
        col("age").fill_null((col("age").median() + 0.5).floor().cast(pl.Int64)),
        col("score").fill_null(col("score").median().cast(pl.Decimal(18, 1))),
    ).with_columns(clipped("age", 0).cast(pl.Int64), clipped("salary", 2).cast(pl.Decimal(18, 2)))


def flat(name: str) -> pl.Expr:
    return col(name).str.strip_chars().str.replace_all(r"\s+", " ")


def whole(name: str) -> pl.Expr:
    return col(name).str.strip_chars().str.strip_suffix(".0").cast(pl.Int64, strict=False)


def decimal(name: str, scale: int) -> pl.Expr:
    return col(name).str.replace_all("[$,% ]", "").cast(pl.Decimal(18, scale), strict=False)


def clipped(name: str, digits: int) -> pl.Expr:
    """The value, brought to the nearer fence; fences are the values of its type between those of Tukey."""
    low, high = col(name).quantile(0.25, "linear"), col(name).quantile(0.75, "linear")
    least = ((low - 1.5 * (high - low)) * 10**digits).round(4).ceil() / 10**digits
    most = ((high + 1.5 * (high - low)) * 10**digits).round(4).floor() / 10**digits
    return col(name).cast(pl.Float64).clip(least, most)


if __name__ == "__main__":
    main(*sys.argv[1:])
