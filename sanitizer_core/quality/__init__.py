"""Quality scores: how complete, unique, consistent and sound a table is, from 0 to 100.

* completeness = cells that are not null / cells
* uniqueness = rows that are not repeats of an earlier row / rows
* consistency = mean over the columns of the share of filled cells that are of the column's commonest shape
* integrity = 1 - (outliers + cells that break the contract) / cells

The overall score is their weighted mean (40, 30, 20 and 10 per cent unless the recipe says otherwise). A table
without rows or without filled cells has nothing against it: it scores 100.

Completeness and uniqueness are counted on every row. In a run, shapes and outliers are counted on every row of a table of
at most ``SAMPLE_ROWS`` rows, and on about that many rows, in blocks at even distances, of a larger one. ``score_query``
says the score of a table as one statement, and counts every row.
"""

from sanitizer_core.quality.scores import ColumnScore, Score, Subject
from sanitizer_core.quality.scoring import COLUMNS_A_SCAN, SAMPLE_ROWS, sample_of, score
from sanitizer_core.quality.statement import score_query

__all__ = [
    "COLUMNS_A_SCAN",
    "SAMPLE_ROWS",
    "ColumnScore",
    "Score",
    "Subject",
    "sample_of",
    "score",
    "score_query",
]
