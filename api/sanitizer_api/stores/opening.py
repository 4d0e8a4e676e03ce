"""The store that the settings name."""

from __future__ import annotations

from pathlib import Path

from sanitizer_api.settings import Settings
from sanitizer_api.stores.bucket import BucketStore
from sanitizer_api.stores.folder import FolderStore
from sanitizer_api.stores.signing import Signer
from sanitizer_api.stores.store import Store


def store_of(settings: Settings) -> Store:
    """The store of a registry: the folder ``files`` in its home, another folder, or ``s3://bucket/prefix``.

    Raises:
        ValueError: the setting names neither.
    """
    said = settings.store
    if said is None:
        return FolderStore(str(settings.home.absolute() / "files"), Signer(settings.signing_key()))
    if said.startswith("s3://"):
        if not said.removeprefix("s3://").strip("/") or "@" in said or "?" in said:
            raise ValueError(f"SANITIZER_STORE is {said!r}; a bucket is given as s3://bucket/prefix")
        return BucketStore(said.rstrip("/"))
    if "://" in said:
        raise ValueError(f"SANITIZER_STORE is {said!r}; allowed are a folder and s3://bucket/prefix")
    return FolderStore(str(Path(said).absolute()), Signer(settings.signing_key()))
