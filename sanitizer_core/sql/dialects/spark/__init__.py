"""How Spark 4 says the portable functions: with its ANSI mode on and in UTC, as sessions of this project's engine are."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.spark import (
    arithmetic,
    conditions,
    date_parts,
    dates,
    hashing,
    judging,
    masking,
    numbers,
    text,
    tidying,
)
from sanitizer_core.sql.function import Said

LOWERINGS: Mapping[str, Said] = {
    **text.LOWERINGS,
    **tidying.LOWERINGS,
    **numbers.LOWERINGS,
    **arithmetic.LOWERINGS,
    **dates.LOWERINGS,
    **date_parts.LOWERINGS,
    **conditions.LOWERINGS,
    **hashing.LOWERINGS,
    **masking.LOWERINGS,
    **judging.LOWERINGS,
}
"""By the function's name."""
