"""How PostgreSQL says the portable functions."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.postgres import text
from sanitizer_core.sql.function import Said

LOWERINGS: Mapping[str, Said] = {**text.LOWERINGS}
"""By the function's name."""
