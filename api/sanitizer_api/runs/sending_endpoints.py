"""Routes by which the files of a run come into the registry's store."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from sanitizer_api.identity.caller import Reporter
from sanitizer_api.runs.file_endpoints import KnownRun
from sanitizer_api.runs.sending import MOST_PARTS, Intake, SentFile, files_in
from sanitizer_api.spooling import spooled
from sanitizer_api.state import StateOf

router = APIRouter(prefix="/runs/{run_id}/files", tags=["runs"])
PART = r"/api/v1/runs/[^/]+/files/[^/]+"
"""The path of a part, whose body may be larger than others."""


class Manifest(BaseModel):
    """What was sent."""

    model_config = ConfigDict(extra="forbid")

    files: list[SentFile] = Field(min_length=1, max_length=20)


class FileView(BaseModel):
    """A file of a run; `size` in bytes."""

    name: str
    size: int


class FileViews(BaseModel):
    """The files of a run that the registry keeps; none where they are elsewhere."""

    items: list[FileView]


async def intake(known: Reporter, run: KnownRun, state: StateOf) -> Intake:
    """The files of the run that a path names, of whoever may report."""
    return Intake(state, known, run)


Receiving = Annotated[Intake, Depends(intake)]


@router.get("")
async def listed(run: KnownRun, state: StateOf) -> FileViews:
    """The files of a run that the registry keeps."""
    kept = await to_thread.run_sync(files_in, state, run)
    return FileViews(items=[FileView(name=each.key, size=each.size) for each in kept])


@router.put("/{name}", status_code=204)
async def put_part(
    name: str, taking: Receiving, request: Request, part: Annotated[int, Query(ge=1, le=MOST_PARTS)] = 1
) -> None:
    """Sends a part of a file: its bytes are the body. Parts come in any order, and again."""
    async with spooled(request.stream(), None) as body:
        await taking.keep_part(name, part, body.path)


@router.post("", status_code=201, responses={200: {"description": "They are here already."}})
async def finish(wanted: Manifest, taking: Receiving, response: Response) -> FileViews:
    """Puts the parts together and keeps the files: from then on the run's pages are answered from here."""
    new = await taking.finish(wanted.files)
    response.status_code = 201 if new else 200
    return FileViews(items=[FileView(name=each.name, size=each.size) for each in wanted.files])
