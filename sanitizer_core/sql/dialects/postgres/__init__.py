"""How PostgreSQL says the portable functions, from version 15 on, in a database in UTF-8 and a session in UTC."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.postgres import (
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
from sanitizer_core.sql.dialects.postgres.operators import NODES
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

__all__ = ["LOWERINGS", "NODES"]
