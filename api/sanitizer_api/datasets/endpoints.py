"""Routes of datasets."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from sanitizer_api.datasets import repository
from sanitizer_api.datasets.guard import Guard
from sanitizer_api.datasets.schemas import DatasetView, Registration
from sanitizer_api.datasets.service import Catalogue
from sanitizer_api.identity.caller import OwnSession, Publisher, Reader
from sanitizer_api.pages import Page, Paging, paging
from sanitizer_api.state import StateOf

router = APIRouter(prefix="/datasets", tags=["datasets"])
ListPaging = Annotated[Paging, Depends(paging)]
Contains = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$", description="A part of the name.")]


async def reading(session: OwnSession, known: Reader) -> Catalogue:
    """The datasets of whoever may read."""
    return Catalogue(session, known)


async def changing(session: OwnSession, known: Publisher) -> Catalogue:
    """The datasets of whoever may register some."""
    return Catalogue(session, known)


Readable = Annotated[Catalogue, Depends(reading)]
Writable = Annotated[Catalogue, Depends(changing)]


@router.post("", status_code=201)
async def register(wanted: Registration, catalogue: Writable, state: StateOf) -> DatasetView:
    """Registers a table that lies somewhere. To bring one along, see `POST /uploads`."""
    guard = Guard.of(state.settings, state.store.root)
    made = await catalogue.register(wanted, guard, state.settings.signing_key())
    return DatasetView.model_validate(made)


@router.get("")
async def listed(
    catalogue: Readable,
    page: ListPaging,
    contains: Contains = None,
    deleted: Annotated[bool, Query(description="Those that were deleted, instead of those that are there.")] = False,
) -> Page[DatasetView]:
    """Datasets, the newest first."""
    rows = await repository.datasets(catalogue.session, page, contains, deleted=deleted)
    kept, following = page.page(rows, "created_at", "id")
    return Page(items=[DatasetView.model_validate(row) for row in kept], next=following)


@router.get("/{dataset_id}")
async def one(dataset_id: uuid.UUID, catalogue: Readable) -> DatasetView:
    """A dataset."""
    return DatasetView.model_validate(await catalogue.find(dataset_id))


@router.delete("/{dataset_id}", status_code=204)
async def delete(dataset_id: uuid.UUID, catalogue: Writable) -> None:
    """Deletes a dataset: nobody sees it any more, and its bytes go after the time of retention."""
    await catalogue.delete(dataset_id)
