"""Signatures of URLs that this registry serves itself."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from sanitizer_api.problems import ForbiddenError, NotAuthenticatedError


@dataclass(frozen=True)
class Signer:
    """Signs what a URL is for, and until when.

    Args:
        key: the registry's signing key; signatures are made with a key that is derived from it for this use alone.
    """

    key: str

    def query(self, seconds: int, *words: str, **shown: str) -> str:
        """The query of a URL: what is shown in it, when it ends, and the signature over both and the words."""
        expires = int(time.time()) + seconds
        signature = self._signature(expires, *words, *_flat(shown))
        return urlencode({**shown, "expires": expires, "signature": signature})

    def check(self, expires: int | None, signature: str | None, *words: str, **shown: str) -> None:
        """Makes sure that a URL is one that was given, and still good.

        Raises:
            NotAuthenticatedError: there is no signature.
            ForbiddenError: it is of another URL, or its time is over.
        """
        if expires is None or signature is None:
            raise NotAuthenticatedError("the address has no signature", hint="Ask the registry for one.")
        if not hmac.compare_digest(self._signature(expires, *words, *_flat(shown)).encode(), signature.encode()):
            raise ForbiddenError("the signature is not of this address", hint="Use the address as it was given.")
        if expires < time.time():
            raise ForbiddenError("the address is no longer good", hint="Ask the registry for a new one.")

    def _signature(self, *words: object) -> str:
        derived = hmac.digest(self.key.encode(), b"addresses of files", hashlib.sha256)
        # Lengths in front, so that no two lists of words give one text.
        text = "".join(f"{len(str(word))}:{word}" for word in words)
        return hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()


def _flat(shown: dict[str, str]) -> list[str]:
    return [part for pair in sorted(shown.items()) for part in pair]
