"""The portable functions: one row each, with its lowering per dialect side by side.

A lowering is a template in the dialect's own SQL, in which ``:name`` stands for a parameter or a constant.
What engines do differently is seen by reading along the row.
"""

from __future__ import annotations

from sanitizer_core.sql import arithmetic, conditions, date_parts, dates, hashing, masking, numbers, text, tidying
from sanitizer_core.sql.function import Function

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for family in (
        text.FUNCTIONS,
        tidying.FUNCTIONS,
        numbers.FUNCTIONS,
        arithmetic.FUNCTIONS,
        dates.FUNCTIONS,
        date_parts.FUNCTIONS,
        conditions.FUNCTIONS,
        hashing.FUNCTIONS,
        masking.FUNCTIONS,
    )
    for function in family
}
"""Every portable function by its name."""

__all__ = ["FUNCTIONS", "Function"]
