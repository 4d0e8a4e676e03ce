"""Object stores through fsspec: ``s3://``, ``gs://`` and ``az://``.

Credentials, region and endpoint are found the way each store's own tools find them (environment, profile, role).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sanitizer_core.errors import MissingExtraError, SanitizerError, SourceError, did_you_mean
from sanitizer_core.sources.address import Address, masked
from sanitizer_core.sources.spool import scratch_file

if TYPE_CHECKING:
    import fsspec

_PACKAGES = {
    "s3": ("s3fs", "s3"),
    "gs": ("gcsfs", "gcs"),
    "gcs": ("gcsfs", "gcs"),
    "az": ("adlfs", "azure"),
    "abfs": ("adlfs", "azure"),
    "abfss": ("adlfs", "azure"),
}
# What a store's package raises, looked up among the modules that it has loaded.
_RAISED = (
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("aiohttp", "ClientError"),
    ("azure.core.exceptions", "AzureError"),
    ("google.auth.exceptions", "GoogleAuthError"),
    ("gcsfs.retry", "HttpError"),
)
_NOT_BY_WAITING = ("NoCredentials", "PartialCredentials", "ParamValidation", "InvalidRegion", "DefaultCredentials")


def filesystem(address: Address, kind: type[SanitizerError]) -> fsspec.AbstractFileSystem:
    """The store of an address; it remembers no listing, for others may write there."""
    import fsspec  # It takes long to import, and most runs speak to no store.

    package, extra = _PACKAGES[address.scheme or ""]
    try:
        with store_errors(address, kind):
            return fsspec.filesystem(address.scheme, use_listings_cache=False, skip_instance_cache=True)
    except ImportError as error:
        raise MissingExtraError(package, extra) from error


def download(store: fsspec.AbstractFileSystem, address: Address, scratch: Path) -> Path:
    """An object as a file in the scratch folder, fetched in chunks."""
    target = scratch_file(scratch)
    with store_errors(address, SourceError):
        store.get_file(address.location, str(target))
    return target


def missing(store: fsspec.AbstractFileSystem, address: Address) -> SourceError:
    """The error for an object that is not there; it names the nearest key beside it."""
    folder = address.location.rstrip("/").rpartition("/")[0]
    try:
        beside = [name.rsplit("/", 1)[-1] for name in store.ls(folder, detail=False)]
    except (OSError, ValueError):
        beside = []
    return SourceError(f"{address.shown} does not exist", hint=did_you_mean(address.name, beside))


@contextmanager
def store_errors(address: Address, kind: type[SanitizerError]) -> Iterator[None]:
    """Say what a store answered as a SourceError or SinkError, without a secret in it."""
    try:
        yield
    except ImportError:
        raise
    except raised() as error:
        raise explained(error, address, kind) from error


def raised() -> tuple[type[BaseException], ...]:
    """The kinds of errors that the stores in use can raise."""
    found = [getattr(sys.modules.get(module), name, None) for module, name in _RAISED]
    return (OSError, TimeoutError, ValueError, *(error for error in found if error is not None))


def explained(error: BaseException, address: Address, kind: type[SanitizerError]) -> SanitizerError:
    """The error of a store in our words; retryable where trying again may help."""
    name, reason = type(error).__name__, masked(str(error)).strip().rstrip(".")
    if isinstance(error, FileNotFoundError):
        what = "the bucket or container of {} does not exist" if _speaks_of_bucket(reason) else "{} does not exist"
        return kind(what.format(address.shown))
    if isinstance(error, PermissionError):
        hint = "Look at the credentials that the store's own tools would use here, and at what they are allowed to do."
        return kind(f"access to {address.shown} was refused: {reason}", hint=hint)
    if name.startswith(_NOT_BY_WAITING) or isinstance(error, ValueError):
        return kind(f"{address.shown} cannot be reached: {reason}", hint="Look at the credentials and the address.")
    failure = kind(f"{address.shown} cannot be reached: {reason or name}", hint="Trying again later may help.")
    failure.retryable = True
    return failure


def _speaks_of_bucket(reason: str) -> bool:
    lowered = reason.lower()
    return any(word in lowered for word in ("bucket", "container"))
