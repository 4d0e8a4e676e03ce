"""Functions that tidy text, in the words of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Lowering, Said
from sanitizer_core.sql.tidying import INVISIBLE, JOINERS

# A class may not begin with NUL there, which no text has.
_UNSEEN = INVISIBLE.replace(r"\x00", r"\x01", 1)

LOWERINGS: Mapping[str, Said] = {
    "is_ascii": "octet_length(:value) = length(:value)",
    "remove_invisible": Lowering(
        "CASE WHEN :value !~ :with_joiners THEN :value"
        " WHEN :value ~ :joined THEN regexp_replace(:value, :invisible, '', 'g')"
        " ELSE regexp_replace(:value, :with_joiners, '', 'g') END",
        {"invisible": f"[{_UNSEEN}]+", "with_joiners": f"[{_UNSEEN}{JOINERS}]+"},
    ),
    "plain_punctuation": "CASE WHEN octet_length(:value) = length(:value) THEN :value"
    " ELSE replace(translate(:value, :curly, :plain), '…', '...') END",
    "remove_punctuation": "regexp_replace(:value, :punctuation, '', 'g')",
}
"""By the function's name."""
