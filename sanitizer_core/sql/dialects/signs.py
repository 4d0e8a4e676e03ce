"""The sets of characters that the portable functions are made of, for dialects to say in their own patterns."""

from __future__ import annotations

from sanitizer_core.sql import text, tidying

_CONSTANTS = {function.name: function.constants for function in (*text.FUNCTIONS, *tidying.FUNCTIONS)}

WORDS = _CONSTANTS["title_case"]["words"]
JOINED = _CONSTANTS["remove_invisible"]["joined"]
INVISIBLE = _CONSTANTS["remove_invisible"]["invisible"]
WITH_JOINERS = _CONSTANTS["remove_invisible"]["with_joiners"]
CURLY = _CONSTANTS["plain_punctuation"]["curly"]
PLAIN = _CONSTANTS["plain_punctuation"]["plain"]
PUNCTUATION = _CONSTANTS["remove_punctuation"]["punctuation"]
