"""Statistics, in the words of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.postgres.holding import given

_DOUBLE = "CAST(:value AS double precision)"
# Aggregates of the rows outside, in a subquery that measures the distances of what they gathered.
_MAD = given(
    'percentile_cont(0.5) WITHIN GROUP (ORDER BY abs("@x" - "@m"))',
    {"@all": f"array_agg({_DOUBLE})", "@m": f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {_DOUBLE})"},
    {"@x": 'unnest("@all")', "@m": '"@m"'},
)

MEASURES: Mapping[str, str] = {
    "rows": "count(*)",
    "count": "count(:value)",
    "min": "min(:value)",
    "max": "max(:value)",
    "mean": "CAST(avg(:value) AS double precision)",
    "float mean": f"ARRAY[avg({_DOUBLE}), avg(abs({_DOUBLE}))]",
    "stddev": f"CASE WHEN min(:value) = max(:value) THEN CAST(0 AS double precision) ELSE stddev_pop({_DOUBLE}) END",
    # Of whole numbers PostgreSQL's own is exact, whatever their size.
    "integer stddev": "CAST(stddev_pop(:value) AS double precision)",
    "quantiles": f"percentile_cont(:argument) WITHIN GROUP (ORDER BY {_DOUBLE})",
    "mad": _MAD,
    "matches": "count(*) FILTER (WHERE :value ~ :argument)",
}
"""By the measure's name."""
