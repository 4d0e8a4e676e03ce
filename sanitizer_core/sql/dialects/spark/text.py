"""Functions on text, in the words of Spark."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Said

LOWERINGS: Mapping[str, Said] = {"lower": "lower(:value)", "upper": "upper(:value)"}
