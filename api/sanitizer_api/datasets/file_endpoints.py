"""Routes to the bytes of files."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any

from anyio import move_on_after, to_thread
from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from sanitizer_api.datasets import repository
from sanitizer_api.datasets.endpoints import Readable
from sanitizer_api.datasets.looking import look
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.datasets.preview import Preview
from sanitizer_api.datasets.service import Catalogue
from sanitizer_api.db.scope import Scope
from sanitizer_api.identity.caller import Reader
from sanitizer_api.problems import ConflictError, NotFoundError
from sanitizer_api.state import State, StateOf
from sanitizer_api.stores.folder import FolderStore
from sanitizer_core.errors import SourceError

router = APIRouter(tags=["datasets"])


class Download(BaseModel):
    """Where a file can be had without a token."""

    url: str = Field(description="Absolute, or a path of this registry.")
    expires_at: datetime


class ColumnView(BaseModel):
    """A column, as far as it was looked at."""

    name: str
    type: str = Field(description="Of a text: what all values that were looked at can be read as.")
    nulls: float = Field(description="The share of rows without a value, of those that were looked at.")


class PreviewView(BaseModel):
    """The first rows of a dataset."""

    columns: list[ColumnView]
    first: list[list[Any]] = Field(description="The first rows, each with its cells in the order of the columns.")
    looked_at: int = Field(description="How many rows types and nulls were taken from.")
    whole: bool = Field(description="Whether these are all.")
    rows: int | None = Field(description="How many there are, where that is known without reading them.")
    format: str | None
    notes: list[str] = Field(description="What was found odd.")


@router.get("/datasets/{dataset_id}/preview")
async def preview(
    dataset_id: uuid.UUID,
    known: Reader,
    state: StateOf,
    rows: Annotated[int, Query(ge=0, le=100, description="How many of the first rows.")] = 20,
) -> PreviewView:
    """The first rows, the types of the columns and how many values are missing; only a part of the file is read."""
    # Nobody waits for a store or a stranger's server with a transaction open.
    async with state.database.session(Scope(known.organisation)) as session:
        found = await Catalogue(session, known).find(dataset_id)
    seen = await _seen(state, found, rows)
    if found.key is None and seen.content is not None:
        async with state.database.session(Scope(known.organisation)) as session:
            await repository.looked_at(session, dataset_id, seen.content)
    form = seen.content.format if seen.content is not None else None
    columns = [ColumnView(**asdict(column)) for column in seen.columns]
    return PreviewView(
        columns=columns, first=seen.first, looked_at=seen.looked_at, whole=seen.whole, rows=seen.rows, format=form,
        notes=seen.notes,
    )  # fmt: skip


async def _seen(state: State, dataset: Dataset, rows: int) -> Preview:
    looking = partial(look, dataset, state.store, state.settings, rows)
    with move_on_after(state.settings.ask_seconds):
        return await to_thread.run_sync(looking, limiter=state.askers, abandon_on_cancel=True)
    error = SourceError(f"{dataset.address} does not answer in time", hint="Trying again later may help.")
    error.retryable = True
    raise error


@router.get("/datasets/{dataset_id}/download")
async def download(dataset_id: uuid.UUID, catalogue: Readable, state: StateOf) -> Download:
    """A signed address of an uploaded file: of the bucket itself, where there is one."""
    found = await catalogue.find(dataset_id)
    if found.key is None:
        raise ConflictError("the dataset was registered by its address, and is nowhere else", hint=found.address)
    seconds = state.settings.url_minutes * 60
    name = found.address.removeprefix("upload:")
    url = await to_thread.run_sync(state.store.presigned, found.key, seconds, name)
    return Download(url=url, expires_at=datetime.now(UTC) + timedelta(seconds=seconds))


@router.get("/files/{key:path}", response_class=FileResponse, tags=["files"])
async def file(
    key: str,
    state: StateOf,
    name: Annotated[str, Query(max_length=300)] = "",
    expires: int | None = None,
    signature: Annotated[str | None, Query(max_length=200)] = None,
) -> FileResponse:
    """A file of the registry's folder, at the signed address that another route gave. It can be had in ranges."""
    store = state.store
    if not isinstance(store, FolderStore):
        raise NotFoundError("files are in a bucket, which serves them itself")
    store.signer.check(expires, signature, key, name=name)
    if await to_thread.run_sync(store.size, key) is None:
        raise NotFoundError("the file is no longer there")
    # A browser never shows it as a page of the registry's own.
    headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
    return FileResponse(store.path(key), filename=name or None, media_type="application/octet-stream", headers=headers)
