"""Passwords: kept as Argon2id hashes, checked in the same time whether or not there is such a user."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
_hasher = PasswordHasher()
_NOBODY = _hasher.hash("no user has this hash")


def hashed(password: str) -> str:
    """The hash of a password."""
    return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether the password is the one that was hashed; with no hash, as slow and never."""
    try:
        _hasher.verify(kept or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether the hash was made with weaker settings than those of today."""
    return _hasher.check_needs_rehash(kept)
