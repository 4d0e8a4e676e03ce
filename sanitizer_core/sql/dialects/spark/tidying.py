"""Functions that tidy text, in the words of Spark."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Said

LOWERINGS: Mapping[str, Said] = {
    "is_ascii": "octet_length(:value) = length(:value)",
    "remove_invisible": "CASE WHEN :value RLIKE :joined THEN regexp_replace(:value, :invisible, '')"
    " ELSE regexp_replace(:value, :with_joiners, '') END",
    "plain_punctuation": "replace(translate(:value, :curly, :plain), '…', '...')",
    "remove_punctuation": "regexp_replace(:value, :punctuation, '')",
}
