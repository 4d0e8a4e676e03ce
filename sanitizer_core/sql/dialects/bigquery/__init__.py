"""How BigQuery says the portable functions."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.bigquery import dates, judging, numbers, text
from sanitizer_core.sql.function import Said

LOWERINGS: Mapping[str, Said] = {**text.LOWERINGS, **numbers.LOWERINGS, **dates.LOWERINGS, **judging.LOWERINGS}
"""By the function's name."""
