"""From a dataset to what the core reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from sanitizer_api.datasets.content import inspected
from sanitizer_api.datasets.fetching import fetched, is_web
from sanitizer_api.datasets.guard import Guard, is_pattern
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.datasets.sealing import unseal
from sanitizer_api.settings import Settings
from sanitizer_api.stores.store import BLOCK, Store
from sanitizer_core.errors import SourceError
from sanitizer_core.sources.address import Address, in_postgres, parse_address
from sanitizer_core.sources.options import Format
from sanitizer_core.sources.stores import filesystem, store_errors


@dataclass(frozen=True)
class Place:
    """Where a dataset is read.

    Args:
        address: for the core; of a file on the web, the address to fetch it from.
        shown: for people, without credentials.
        format: what its first bytes said when somebody looked; give it to the reader, so that nothing else is read.
    """

    address: str
    shown: str
    format: Format | None


def place_of(dataset: Dataset, store: Store, settings: Settings) -> Place:
    """Where a dataset is read now; the rules of addresses are asked again. It waits for the resolver.

    Raises:
        RefusedAddressError: the registry does not read from there.
    """
    form = cast("Format | None", dataset.format)
    if dataset.key is not None:
        return Place(store.address(dataset.key), dataset.address, form)
    whole = unseal(dataset.sealed, settings.signing_key()) if dataset.sealed else dataset.address
    passed = Guard.of(settings, store.root).check(whole)
    return Place(whole if is_web(whole) else passed.location, passed.shown, form)


@contextmanager
def readable(dataset: Dataset, store: Store, settings: Settings, scratch: Path) -> Iterator[Place]:
    """Where the core can read a dataset, for the time of the block: fetched from the web where it lies there.

    What was not looked at when it came is looked at now, for it may have changed: its format is what it is.

    Args:
        scratch: a folder for what is fetched; gone with whoever made it.

    Raises:
        RefusedAddressError: the registry does not read from there.
        RefusedContentError: it is no table that is read.
        SourceError: it cannot be reached.
    """
    place = place_of(dataset, store, settings)
    if dataset.key is not None or in_postgres(place.address):
        yield place
    elif is_web(place.address):
        path = scratch / "fetched"
        fetched(place.address, Guard.of(settings, store.root), path, settings.upload_limit)
        with path.open("rb") as file:
            content = inspected(file, settings.unpacked_limit)
        yield Place(str(path.rename(scratch / content.name)), place.shown, content.format)
    else:
        yield replace(place, format=_format(place, settings.unpacked_limit))


def opened(address: Address, block: int = BLOCK) -> BinaryIO | None:
    """A file of a folder or a bucket, to read from anywhere in it; ``None`` where it is a folder or a pattern."""
    if is_pattern(address.location) or address.location.endswith("/"):
        return None
    if address.place == "local":
        path = Path(address.location)
        return None if path.is_dir() else path.open("rb")
    store = filesystem(address, SourceError)
    with store_errors(address, SourceError):
        if store.isdir(address.location) and not store.isfile(address.location):
            return None
        return cast("BinaryIO", store.open(address.location, "rb", block_size=block))


def _format(place: Place, limit: int) -> Format:
    """What lies at an address: only tables of Parquet lie in folders."""
    try:
        file = opened(parse_address(place.address, SourceError))
        if file is None:
            return "parquet"
        with file:
            return inspected(file, limit).format
    except OSError as error:
        raise SourceError(f"{place.shown} cannot be read: {error.strerror or error}") from error
