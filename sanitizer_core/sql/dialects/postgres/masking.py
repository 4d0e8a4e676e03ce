"""Functions that hide values, in the words of PostgreSQL. The key is a setting of the session, ``sanitizer.<key>``."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Said

_KEY = "current_setting('sanitizer.' || :key)"
_INNER = f"encode(sha256(convert_to(concat({_KEY}, :value), 'UTF8')), 'hex')"

LOWERINGS: Mapping[str, Said] = {
    "keyed_hash": f"encode(sha256(convert_to(concat({_KEY}, {_INNER}), 'UTF8')), 'hex')",
    "keep_last": "concat(repeat(:mark, greatest(0, length(:value) - CAST(:count AS int))),"
    " right(:value, least(CAST(:count AS int), length(:value))))",
    "start_of": "date_trunc(:part, :value)",
}
"""By the function's name."""
