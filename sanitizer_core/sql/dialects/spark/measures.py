"""Statistics in the words of Spark: exact, also where an estimate would be faster."""

from __future__ import annotations

from collections.abc import Mapping

_FLOAT = "CAST(:value AS DOUBLE)"
_WIDE = "CAST(:value AS DECIMAL(38, 0))"


def _mean(value: str) -> str:
    """The mean of doubles, summed as decimals where these hold enough of their digits: exact sums know no order."""
    digits = f"CAST(try_sum(TRY_CAST({value} AS DECIMAL(38, 18))) AS DOUBLE) / nullif(count({value}), 0)"
    return f"coalesce(CASE WHEN max(abs({value})) BETWEEN 1e-3 AND 1e18 THEN {digits} END, avg({value}))"


def _middle(numbers: str) -> str:
    """The median of a sorted array; null of an empty one."""
    return f"(get({numbers}, (size({numbers}) - 1) DIV 2) + get({numbers}, size({numbers}) DIV 2)) / 2"


_SORTED = f"sort_array(collect_list({_FLOAT}))"
_DISTANCES = f"transform(array({_SORTED}), a -> sort_array(transform(a, v -> abs(v - {_middle('a')}))))"
_DEVIATION = f"stddev_pop({_FLOAT})"
_SQUARES = f"sum(CASE WHEN :value BETWEEN -1000000000 AND 1000000000 THEN {_WIDE} * :value END)"

MEASURES: Mapping[str, str] = {
    "rows": "count(*)",
    "count": "count(:value)",
    "min": "min(:value)",
    "max": "max(:value)",
    "mean": "CAST(sum(:value * CAST(1 AS DECIMAL(1, 0))) AS DOUBLE) / nullif(count(:value), 0)",
    "float mean": f"array({_mean(_FLOAT)}, {_mean(f'abs({_FLOAT})')})",
    "stddev": f"CASE WHEN min(:value) = max(:value) THEN CAST(0 AS DOUBLE) ELSE {_DEVIATION} END",
    "integer stddev": "CASE WHEN min(:value) = max(:value) THEN CAST(0 AS DOUBLE)"
    " WHEN min(:value) > -1000000000 AND max(:value) < 1000000000 THEN coalesce(sqrt(CAST(try_subtract(try_multiply("
    f"CAST(count(:value) AS DECIMAL(38, 0)), {_SQUARES}), try_multiply(sum({_WIDE}), sum({_WIDE}))) AS DOUBLE)) / count(:value),"
    f" {_DEVIATION}) ELSE {_DEVIATION} END",
    "quantiles": f"percentile({_FLOAT}, :argument)",
    "mad": f"transform({_DISTANCES}, d -> {_middle('d')})[0]",
    "matches": "count_if(:value RLIKE :argument)",
}
"""By the measure's name."""
