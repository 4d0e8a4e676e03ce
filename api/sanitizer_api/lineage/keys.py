"""Keys of the graph's rows, from what they are called."""

from __future__ import annotations

import uuid
from functools import lru_cache

_SPACE = uuid.UUID("6f1d8a1e-3f0e-5a5e-9d0b-6a4c5d1f2b70")
APART = "\x00"
"""What no name holds: text with it is refused."""


def key(*parts: object) -> uuid.UUID:
    """The key of what these parts name, the organisation among them."""
    return uuid.uuid5(_SPACE, APART.join(map(str, parts)))


@lru_cache(maxsize=10_000)
def namespace_key(organisation: uuid.UUID, name: str) -> uuid.UUID:
    """Of a namespace."""
    return key(organisation, "namespace", name)


def job_key(organisation: uuid.UUID, namespace: str, name: str) -> uuid.UUID:
    """Of a job."""
    return key(organisation, "job", namespace, name)


def dataset_key(organisation: uuid.UUID, namespace: str, name: str) -> uuid.UUID:
    """Of a dataset."""
    return key(organisation, "dataset", namespace, name)


def run_key(organisation: uuid.UUID, run_id: uuid.UUID) -> uuid.UUID:
    """Of a run, which events call by an id of its own."""
    return key(organisation, "run", run_id)
