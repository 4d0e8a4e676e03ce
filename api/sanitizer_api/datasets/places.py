"""From a dataset to what the core reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sanitizer_api.datasets.guard import Guard
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.datasets.sealing import unseal
from sanitizer_api.settings import Settings
from sanitizer_api.stores.store import Store
from sanitizer_core.sources.options import Format


@dataclass(frozen=True)
class Place:
    """Where a dataset is read.

    Args:
        address: for the core.
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
    return Place(passed.location, passed.shown, form)
