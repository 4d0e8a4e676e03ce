"""Routes of uploads."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Path, Request, Response

from sanitizer_api.datasets.refusing import RefusedContentError
from sanitizer_api.datasets.schemas import DatasetView
from sanitizer_api.db.scope import Scope
from sanitizer_api.identity.caller import OwnSession, Publisher, Reader
from sanitizer_api.pages import Page, Paging, paging
from sanitizer_api.problems import ApiError, ConflictError, NotFoundError
from sanitizer_api.spooling import Spooled, spooled
from sanitizer_api.state import StateOf
from sanitizer_api.uploads import repository
from sanitizer_api.uploads.models import Upload
from sanitizer_api.uploads.parts import Part, parts_of
from sanitizer_api.uploads.schemas import (
    MOST_PARTS,
    Announcement,
    Completion,
    Numbers,
    PartUrl,
    PartUrls,
    PartView,
    UploadBrief,
    UploadView,
)
from sanitizer_api.uploads.service import Desk
from sanitizer_api.uploads.writing import Writer

router = APIRouter(prefix="/uploads", tags=["uploads"])
PART = r"/api/v1/uploads/[^/]+/parts/[^/]+"
"""The path of a part, whose body may be larger than others."""
Number = Annotated[int, Path(ge=1, le=MOST_PARTS)]
ContentDigest = Annotated[
    str | None,
    Header(max_length=200, description="`sha-256=:…:` (RFC 9530); the part is held against it."),
]


async def looking(session: OwnSession, known: Reader, state: StateOf) -> Desk:
    """The uploads of whoever may read."""
    return Desk(session, known, state)


async def bringing(session: OwnSession, known: Publisher, state: StateOf) -> Desk:
    """The uploads of whoever may register datasets."""
    return Desk(session, known, state)


Readable = Annotated[Desk, Depends(looking)]
Writable = Annotated[Desk, Depends(bringing)]


@router.post("", status_code=201)
async def announce(wanted: Announcement, desk: Writable) -> UploadView:
    """Makes room for a file. Its parts can then be sent in any order, again, and by several at once."""
    return _view(await desk.announce(wanted), [])


@router.get("")
async def listed(desk: Readable, page: Annotated[Paging, Depends(paging)]) -> Page[UploadBrief]:
    """Uploads on their way, the newest first."""
    kept, following = page.page(await repository.unfinished(desk.session, page), "created_at", "id")
    return Page(items=[UploadBrief.model_validate(row) for row in kept], next=following)


@router.get("/{upload_id}")
async def one(upload_id: uuid.UUID, desk: Readable) -> UploadView:
    """An upload, and which of its parts are there: what is missing is all that an interrupted one has to send."""
    upload = await desk.find(upload_id)
    return _view(upload, await desk.there(upload))


@router.post("/{upload_id}/urls")
async def urls(upload_id: uuid.UUID, wanted: Numbers, desk: Writable, state: StateOf) -> PartUrls:
    """Signed addresses to which parts can be sent (PUT) without a token: of the bucket itself, where there is one."""
    upload, seconds = await desk.open(upload_id), state.settings.url_minutes * 60
    for number in wanted.numbers:
        _refuse_number(upload, number)
    items = [
        PartUrl(number=number, size=upload.part(number), url=desk.parts.url(upload, number, seconds))
        for number in dict.fromkeys(wanted.numbers)
    ]
    return PartUrls(items=items, expires_at=datetime.now(UTC) + timedelta(seconds=seconds))


@router.put("/{upload_id}/parts/{number}")
async def put_part(
    upload_id: uuid.UUID,
    number: Number,
    organisation: Writer,
    request: Request,
    state: StateOf,
    content_digest: ContentDigest = None,
) -> PartView:
    """Sends a part: its bytes are the body, with a token or at a signed address."""
    parts = parts_of(state.store)
    async with state.database.session(Scope(organisation)) as session:
        upload = await repository.upload(session, upload_id)
    if upload is None:
        raise NotFoundError("there is no such upload")
    if upload.finished_at is not None:
        raise ConflictError("the upload is finished", hint=f"It is the dataset {upload.id}.")
    _refuse_number(upload, number)
    async with spooled(request.stream(), parts.scratch(upload)) as body:
        _refuse_other(upload, number, body, content_digest)
        await to_thread.run_sync(parts.keep, upload, number, body.path, body.digest)
    return PartView(number=number, size=body.size, digest=body.digest, etag=None)


@router.post("/{upload_id}/complete", status_code=201, responses={200: {"description": "It was completed before."}})
async def complete(
    upload_id: uuid.UUID, wanted: Completion, known: Publisher, state: StateOf, response: Response
) -> DatasetView:
    """Puts the parts together, looks what the file is, and makes a dataset of it. Completing twice is safe.

    A file that is refused, or that has another digest than was announced, is taken away with its parts.
    """
    try:
        async with state.database.session(Scope(known.organisation)) as session:
            made, new = await Desk(session, known, state).complete(upload_id, wanted)
    except RefusedContentError:
        async with state.database.session(Scope(known.organisation)) as session:
            await Desk(session, known, state).drop(upload_id)
        raise
    response.status_code = 201 if new else 200
    return DatasetView.model_validate(made)


@router.delete("/{upload_id}", status_code=204)
async def abort(upload_id: uuid.UUID, desk: Writable) -> None:
    """Gives an upload up, and takes away what is there of it."""
    await desk.drop(upload_id)


def _refuse_number(upload: Upload, number: int) -> None:
    if number > upload.parts:
        raise NotFoundError(f"the upload has {upload.parts} parts, and no part {number}")


def _refuse_other(upload: Upload, number: int, body: Spooled, said: str | None) -> None:
    if body.size != upload.part(number):
        raise ApiError(
            f"part {number} has {body.size} bytes; it has to have {upload.part(number)}",
            hint=f"All parts but the last have {upload.part_size} bytes.",
        )
    digest = base64.b64encode(bytes.fromhex(body.digest)).decode()
    if said is not None and f"sha-256=:{digest}:" not in [each.strip() for each in said.split(",")]:
        raise ApiError(f"part {number} came with the digest sha-256=:{digest}:", hint="Send it again.")


def _view(upload: Upload, there: list[Part]) -> UploadView:
    known = {part.number for part in there}
    missing = [] if upload.finished_at else [each for each in range(1, upload.parts + 1) if each not in known]
    views = [PartView(number=part.number, size=part.size, digest=part.digest, etag=part.etag) for part in there]
    return UploadView(**UploadBrief.model_validate(upload).model_dump(), there=views, missing=missing[:1000])
