"""Digests, in the words of PostgreSQL; the database is in UTF-8."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Said

LOWERINGS: Mapping[str, Said] = {
    "md5": "md5(:value)",
    "sha256": "encode(sha256(convert_to(:value, 'UTF8')), 'hex')",
}
"""By the function's name."""
