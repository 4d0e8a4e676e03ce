"""Credentials in addresses: kept encrypted, so that neither a dump of the database nor an answer shows them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from sanitizer_api.problems import ConflictError


def seal(text: str, key: str) -> str:
    """A text, encrypted with a key that is derived from the registry's signing key."""
    from cryptography.fernet import Fernet  # It takes long to import, and few addresses hold a secret.

    return Fernet(_derived(key)).encrypt(text.encode()).decode()


def unseal(sealed: str, key: str) -> str:
    """The text again.

    Raises:
        ConflictError: it was encrypted under another signing key.
    """
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(_derived(key)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ConflictError(
            "the credentials of this dataset were encrypted under another SANITIZER_SECRET_KEY",
            hint="Register the dataset again.",
        ) from None


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), b"addresses of datasets", hashlib.sha256))
