"""Separated values: every kind of text table, read into rows of text."""

from sanitizer_core.sources.csv.reader import open_text

__all__ = ["open_text"]
