"""Keys of files: ``<organisation>/uploads/<upload>/…`` and ``<organisation>/runs/<run>/…``."""

from __future__ import annotations

import re
import uuid

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._=-]{0,199}")


def upload_key(organisation: uuid.UUID, upload: uuid.UUID, *names: str) -> str:
    """The key of a file of an upload; without names, of its folder."""
    return checked("/".join([str(organisation), "uploads", str(upload), *names]))


def run_key(organisation: uuid.UUID, run: uuid.UUID, *names: str) -> str:
    """The key of an artifact of a run; without names, of its folder."""
    return checked("/".join([str(organisation), "runs", str(run), *names]))


def sent_key(organisation: uuid.UUID, run: uuid.UUID, *names: str) -> str:
    """The key of a part of a run's file on its way here; without names, of the folder of all parts."""
    return checked("/".join([str(organisation), "sending", str(run), *names]))


def sending_key(organisation: uuid.UUID) -> str:
    """The folder of all parts of runs' files that are on their way to an organisation."""
    return checked(f"{organisation}/sending")


def checked(key: str) -> str:
    """The key, once it is known that it stays below the root.

    Raises:
        ValueError: a part of it is empty, begins with a dot, or holds what no key of ours does.
    """
    if not all(_PART.fullmatch(part) for part in key.split("/")):
        raise ValueError(f"{key!r} is no key of a store")
    return key
