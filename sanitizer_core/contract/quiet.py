"""Pandera without the words of others."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_words_of_spark() -> Iterator[None]:
    """Pandera imports ``pyspark.pandas`` where there is one, which warns of a pandas that is newer than it knows."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support", category=FutureWarning)
        yield
