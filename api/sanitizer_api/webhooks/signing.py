"""Signatures of webhooks, as the Standard Webhooks specification has them (standardwebhooks.com, version 1.0.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def new_salt() -> str:
    """What makes a webhook's secret its own."""
    return secrets.token_urlsafe(18)


def secret_of(salt: str, key: str) -> str:
    """The secret of a webhook.

    Args:
        key: the registry's signing key.
    """
    made = hmac.digest(key.encode(), f"webhook {salt}".encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(made).decode()


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over ``message.timestamp.body``, for the header ``webhook-signature``.

    Args:
        message: the delivery's id.
        timestamp: seconds since 1970, of this attempt.
    """
    known = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(known, signed, hashlib.sha256)).decode()
