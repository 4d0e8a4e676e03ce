"""How PostgreSQL says the portable functions."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.dialects.postgres import judging, text
from sanitizer_core.sql.function import Said

LOWERINGS: Mapping[str, Said] = {**text.LOWERINGS, **judging.LOWERINGS}
"""By the function's name."""
