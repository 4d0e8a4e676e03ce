"""The work in Polars with a log of every changed cell: step, row, column, old, new.

The steps of a cell are worked out again only where the clean value differs from what was read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise

import polars as pl
from polars import col

from benchmarks.peers.polars_script import FORMATS, TOKENS, clipped

Step = tuple[int, Callable[[pl.Expr], pl.Expr]]


def flat(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.replace_all(r"\s+", " ")


def lowered(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.to_lowercase()


def whole(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.strip_suffix(".0").cast(pl.Int64, strict=False)


def decimal(scale: int) -> Callable[[pl.Expr], pl.Expr]:
    return lambda text: text.str.replace_all("[$,% ]", "").cast(pl.Decimal(18, scale), strict=False)


def dates(text: pl.Expr) -> pl.Expr:
    return pl.coalesce(text.str.to_date(form, strict=False) for form in FORMATS)


NULLIFY: Step = (1, lambda text: pl.when(text.is_in(TOKENS)).then(None).otherwise(text))
CELLS: dict[str, list[Step]] = {
    "id": [(6, whole)],
    "name": [NULLIFY, (2, flat)],
    "email": [NULLIFY, (3, lowered)],
    "gender": [
        NULLIFY,
        (3, lowered),
        (5, lambda text: text.replace({"m": "male", "f": "female", "o": "other"})),
    ],
    "city": [NULLIFY, (4, lambda text: flat(text).str.to_titlecase())],
    "age": [NULLIFY, (6, whole)],
    "salary": [NULLIFY, (6, decimal(2))],
    "date_joined": [NULLIFY, (7, dates)],
    "score": [NULLIFY, (6, decimal(1))],
    "notes": [NULLIFY, (2, flat)],
}
"""What happens to each cell by itself: the number of the recipe's step, and the expression from one value to the next."""
FILLS: dict[str, list[Step]] = {
    "city": [(9, lambda text: text.fill_null("unknown"))],
    "age": [(9, lambda age: age.fill_null((col("age").median() + 0.5).floor().cast(pl.Int64)))],
    "score": [(9, lambda score: score.fill_null(col("score").median().cast(pl.Decimal(18, 1))))],
}
CLIPS: dict[str, list[Step]] = {
    "age": [(10, lambda _: clipped("age", 0).cast(pl.Int64))],
    "salary": [(10, lambda _: clipped("salary", 2).cast(pl.Decimal(18, 2)))],
}


def main(source: str, folder: str) -> None:
    table = pl.scan_csv(source, infer_schema=False, row_index_name="row")
    table = table.with_columns(col(name).alias(f"{name} read") for name in CELLS)
    cells = table.with_columns(chained(name, CELLS[name]) for name in CELLS).unique(
        list(CELLS), keep="first", maintain_order=True
    )
    stages = [cells.collect(engine="streaming")]
    for steps in (FILLS, CLIPS):
        stages.append(stages[-1].with_columns(chained(name, each) for name, each in steps.items()))
    stages[-1].lazy().select(list(CELLS)).sink_parquet(f"{folder}/clean.parquet", compression="snappy")
    changes = [change for name in CELLS for change in cell_changes(stages[0], name)]
    changes += [
        difference(beside(before, after, name), step, name)
        for (before, after), steps in zip(pairwise(stages), (FILLS, CLIPS), strict=True)
        for name, ((step, _),) in steps.items()
    ]
    pl.concat(changes).sink_parquet(f"{folder}/changes.parquet", compression="snappy")


def chained(name: str, steps: list[Step]) -> pl.Expr:
    value = col(name)
    for _, step in steps:
        value = step(value)
    return value.alias(name)


def cell_changes(table: pl.DataFrame, name: str) -> list[pl.LazyFrame]:
    """What each step made of the cells that were not clean as they were read."""
    read = f"{name} read"
    dirty = table.lazy().select("row", read, name).filter(col(read).ne_missing(col(name).cast(pl.String)))
    changes = []
    for step, change in CELLS[name]:
        dirty = dirty.with_columns(old=col(read)).with_columns(change(col("old")).alias("new"))
        changes.append(difference(dirty, step, name))
        dirty = dirty.with_columns(col("new").alias(read))
    return changes


def beside(before: pl.DataFrame, after: pl.DataFrame, name: str) -> pl.LazyFrame:
    return pl.LazyFrame({"row": before["row"], "old": before[name], "new": after[name]})


def difference(pairs: pl.LazyFrame, step: int, name: str) -> pl.LazyFrame:
    """The entries for the pairs whose texts differ."""
    texts = pairs.select("row", col("old").cast(pl.String), col("new").cast(pl.String)).filter(
        col("old").ne_missing(col("new"))
    )
    return texts.select(pl.lit(step).alias("step"), "row", pl.lit(name).alias("column"), "old", "new")


if __name__ == "__main__":
    main(*sys.argv[1:])
