"""Secret words: of logins, invitations and API tokens. They are random, so their hash alone is kept, unsalted."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_PREFIX = "dst_"  # noqa: S105 (what every token begins with)
SHOWN = 12
"""How much of a token is kept as it is, so that its owner knows it again."""


def new_word(prefix: str = "") -> str:
    """A word of 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def hash_of(word: str) -> str:
    """SHA-256 (hex) of a word."""
    return hashlib.sha256(word.encode()).hexdigest()
