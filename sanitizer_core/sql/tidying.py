"""Portable functions that take out of text what is not meant to be seen, or is written in more than one way."""

from __future__ import annotations

from sanitizer_core.schema import BOOLEAN, TEXT
from sanitizer_core.sql.function import Function

# Control characters that are not white space; soft hyphens, zero-width spaces, marks of direction, byte order marks,
# invisible operators, annotations.
INVISIBLE = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
)
# Joiners make ligatures and emoji, so they stay in a text that has letters beyond Europe's, or pictures.
JOINERS = "\u200c\u200d"
_JOINED = "[\u0600-\u061b\u061d-\u180d\u180f-\u1dff\u2190-\u2328\u232b-\u2bff\U0001f000-\U0001ffff]"

_CURLY = "“”„‟″‘’‚‛′‐‑‒–—―−⁄\u00a0"
_PLAIN = "\"\"\"\"\"'''''-------/ "

# Of ASCII, Latin-1, General Punctuation, the Chinese, Japanese and Korean block, and the wide forms.
_PUNCTUATION = (
    r"[!-/:-@\[-`{-~"
    "¡§«¶·»¿\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3011\u3014-\u301f\u3030"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "is_ascii", ("value",), BOOLEAN, "Whether the text has only characters of ASCII.",
        {"duckdb": "strlen(:value) = length(:value)"}, takes=("text",),
    ),
    Function(
        "remove_invisible", ("value",), TEXT,
        "The text without control characters that are not white space, zero-width characters and marks of direction.",
        {
            "duckdb": "CASE WHEN regexp_matches(:value, :joined) THEN regexp_replace(:value, :invisible, '', 'g')"
            " ELSE regexp_replace(:value, :with_joiners, '', 'g') END"
        },
        {"joined": _JOINED, "invisible": f"[{INVISIBLE}]+", "with_joiners": f"[{INVISIBLE}{JOINERS}]+"}, takes=("text",),
    ),
    Function(
        "plain_punctuation", ("value",), TEXT,
        "Curly quotes as straight ones, every dash as a hyphen, an ellipsis as three points.",
        {"duckdb": "replace(translate(:value, :curly, :plain), '…', '...')"}, {"curly": _CURLY, "plain": _PLAIN}, takes=("text",),
    ),
    Function(
        "remove_punctuation", ("value",), TEXT,
        "The text without punctuation and the signs of ASCII.",
        {"duckdb": "regexp_replace(:value, :punctuation, '', 'g')"}, {"punctuation": _PUNCTUATION}, takes=("text",),
    ),
)  # fmt: skip
