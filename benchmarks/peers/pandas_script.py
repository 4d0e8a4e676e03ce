"""The work as a pandas user writes it, without a log."""

from __future__ import annotations

import sys
from math import ceil, floor

import pandas as pd

TOKENS = ["", "N/A", "-", "?", "null"]
FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%b %d, %Y", "%Y%m%d")


def main(source: str, folder: str) -> None:
    table = pd.read_csv(source, dtype=str, keep_default_na=False, na_values=TOKENS)
    for name in ("name", "notes", "city"):
        table[name] = table[name].str.strip().str.replace(r"\s+", " ", regex=True)
    table["city"] = table["city"].str.title()
    for name in ("email", "gender"):
        table[name] = table[name].str.strip().str.lower()
    table["gender"] = table["gender"].replace({"m": "male", "f": "female", "o": "other"})
    for name in ("id", "age", "salary", "score"):
        table[name] = pd.to_numeric(table[name].str.replace(r"[$,% ]", "", regex=True), errors="coerce")
    table["id"] = table["id"].astype("Int64")
    table["age"] = table["age"].astype("Int64")
    table["date_joined"] = dates(table["date_joined"])
    table = table.drop_duplicates()
    table["city"] = table["city"].fillna("unknown")
    table["score"] = table["score"].fillna(table["score"].median())
    table["age"] = clipped(table["age"].fillna(floor(table["age"].median() + 0.5)), 0).astype("Int64")
    table["salary"] = clipped(table["salary"], 2)
    table.to_parquet(f"{folder}/clean.parquet", index=False)


def dates(texts: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """The first format that fits; each is tried only where those before it failed."""
    parsed = pd.to_datetime(texts, format=FORMATS[0], errors="coerce")
    for form in FORMATS[1:]:
        left = parsed.isna() & texts.notna()
        parsed[left] = pd.to_datetime(texts[left], format=form, errors="coerce")
    return parsed


def clipped(numbers: pd.Series[float], digits: int) -> pd.Series[float]:
    """The numbers, brought to the nearer fence; fences are the values of the column's type between those of Tukey."""
    low, high = numbers.quantile(0.25), numbers.quantile(0.75)
    least = ceil(round((low - 1.5 * (high - low)) * 10**digits, 4)) / 10**digits
    most = floor(round((high + 1.5 * (high - low)) * 10**digits, 4)) / 10**digits
    return numbers.astype("Float64").clip(least, most)


if __name__ == "__main__":
    main(*sys.argv[1:])
