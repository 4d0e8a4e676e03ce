"""Routes of recipes and of contracts: the same for both."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated

import yaml
from fastapi import APIRouter, Depends, Header, Query, Request, Response

from sanitizer_api.definitions import repository
from sanitizer_api.definitions.differing import differences, unified
from sanitizer_api.definitions.kinds import KINDS, Kind
from sanitizer_api.definitions.models import Definition, Version
from sanitizer_api.definitions.schemas import (
    CloneTarget,
    Comparison,
    DefinitionView,
    Deprecation,
    Draft,
    Finding,
    Findings,
    LabelMoveView,
    LabelName,
    LabelTarget,
    Publication,
    VersionBrief,
    VersionView,
)
from sanitizer_api.definitions.service import Library
from sanitizer_api.identity.caller import OwnSession, Publisher, Reader
from sanitizer_api.pages import Page, Paging, paging
from sanitizer_api.problems import as_json

ListPaging = Annotated[Paging, Depends(paging)]
IfNoneMatch = Annotated[str | None, Header()]
Contains = Annotated[str | None, Query(max_length=200, description="A part of the name.")]


router = APIRouter()
"""Included once for recipes and once for contracts; which is meant, the path tells."""


async def kind_of(request: Request) -> Kind:
    """The kind that the path of a request names: ``/api/v1/recipes/…``."""
    return KINDS[request.url.path.split("/")[3]]


async def reading(session: OwnSession, known: Reader, kind: Annotated[Kind, Depends(kind_of)]) -> Library:
    """The library of whoever may read."""
    return Library(session, kind, known)


async def publishing(session: OwnSession, known: Publisher, kind: Annotated[Kind, Depends(kind_of)]) -> Library:
    """The library of whoever may publish."""
    return Library(session, kind, known)


Readable = Annotated[Library, Depends(reading)]
Writable = Annotated[Library, Depends(publishing)]


@router.post("", status_code=201, summary="Publish a version", responses={200: {"description": "It is there already."}})
async def publish(wanted: Publication, library: Writable, response: Response) -> VersionView:
    """Publishes a version. What means the same as a version that is there gives that version: twice is safe."""
    definition, version, new = await library.publish(wanted.text, wanted.note, following=wanted.next)
    response.status_code = 201 if new else 200
    return await _view(library, definition, version)


@router.post("/lint", summary="Look a file over")
async def lint(draft: Draft, library: Readable) -> Findings:
    """Everything that is wrong with a file, at once."""
    error = library.problems(draft.text)
    return Findings(problems=[Finding(**as_json(each)) for each in (error.problems if error else ())])


@router.get("", summary="List them")
async def listed(library: Readable, wanted: ListPaging, contains: Contains = None) -> Page[DefinitionView]:
    """By name, the newest first."""
    rows = await repository.definitions(library.session, library.kind.name, wanted, contains)
    kept, following = wanted.page(rows, "created_at", "id")
    return Page(items=await _definition_views(library, kept), next=following)


@router.get("/{name}", summary="One of them")
async def one(name: str, library: Readable) -> DefinitionView:
    """Its newest version, and where its labels stand."""
    return (await _definition_views(library, [await library.find(name)]))[0]


@router.get("/{name}/versions", summary="List versions")
async def versions(name: str, library: Readable, wanted: ListPaging) -> Page[VersionBrief]:
    """The versions, the newest first."""
    definition = await library.find(name)
    kept, following = wanted.page(await repository.versions(library.session, definition.id, wanted), "created_at", "id")
    return Page(items=[VersionBrief.model_validate(row) for row in kept], next=following)


@router.get(
    "/{name}/versions/{reference}",
    summary="A version",
    response_model=VersionView,
    responses={304: {"description": "As you have it."}},
)
async def version(
    name: str, reference: str, library: Readable, response: Response, if_none_match: IfNoneMatch = None
) -> VersionView | Response:
    """A version by its number, by a label, or the `latest`.

    The ETag changes with its labels and its deprecation; what the version says never changes.
    """
    view = await _view(library, *await library.version(name, reference))
    tag = f'"{hashlib.sha256(view.model_dump_json().encode()).hexdigest()}"'
    if if_none_match is not None and tag in [each.strip() for each in if_none_match.split(",")]:
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return view


@router.get("/{name}/diff", summary="Compare two versions")
async def compare(name: str, library: Readable, before: str, after: str = "latest") -> Comparison:
    """What differs: for programs, and for people."""
    _, first = await library.version(name, before)
    _, second = await library.version(name, after)
    left, right = ({k: v for k, v in each.content.items() if k != "version"} for each in (first, second))
    return Comparison(
        before=first.number,
        after=second.number,
        same_meaning=first.digest == second.digest,
        differences=list(differences(left, right)),
        text=unified(left, right, (f"{name}@{first.number}", f"{name}@{second.number}")),
    )


@router.post("/{name}/versions/{reference}/deprecate", summary="Deprecate a version")
async def deprecate(name: str, reference: str, wanted: Deprecation, library: Writable) -> VersionView:
    """Says that a version should no longer be used, and why."""
    return await _view(library, *await library.deprecate(name, reference, wanted.reason))


@router.post("/{name}/versions/{reference}/clone", status_code=201, summary="Clone a version")
async def clone(name: str, reference: str, target: CloneTarget, library: Writable) -> VersionView:
    """The same under another name, as its version 1."""
    _, found = await library.version(name, reference)
    content = found.content | {library.kind.field: target.name, "version": 1}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    definition, made, _ = await library.publish(text, f"cloned from {name}@{found.number}", following=False)
    return await _view(library, definition, made)


@router.put("/{name}/labels/{label}", summary="Put a label at a version")
async def put_label(name: str, label: LabelName, target: LabelTarget, library: Writable) -> DefinitionView:
    """Moves a label; its moves are kept."""
    await library.move_label(name, label, target.version)
    return (await _definition_views(library, [await library.find(name)]))[0]


@router.delete("/{name}/labels/{label}", status_code=204, summary="Take a label away")
async def delete_label(name: str, label: LabelName, library: Writable) -> None:
    """Takes a label away; that it was there stays in its history."""
    await library.move_label(name, label, None)


@router.get("/{name}/labels", summary="The history of labels")
async def label_moves(name: str, library: Readable, wanted: ListPaging) -> Page[LabelMoveView]:
    """Every move of every label, the newest first."""
    definition = await library.find(name)
    rows = await repository.label_moves(library.session, definition.id, wanted)
    kept, following = wanted.page(rows, "created_at", "id")
    return Page(items=[LabelMoveView.model_validate(row) for row in kept], next=following)


async def _view(library: Library, definition: Definition, version: Version) -> VersionView:
    labels = await repository.labels(library.session, [definition.id])
    here = [label.name for label in labels if label.version_id == version.id]
    brief = VersionBrief.model_validate(version).model_dump()
    return VersionView(**brief, name=definition.name, labels=here, content=version.content, text=version.text)


async def _definition_views(library: Library, rows: Sequence[Definition]) -> list[DefinitionView]:
    keys = [row.id for row in rows]
    highest, labels = await repository.latest(library.session, keys), await repository.labels(library.session, keys)
    return [
        DefinitionView(
            name=row.name,
            latest=highest.get(row.id, 0),
            labels={label.name: label.version.number for label in labels if label.definition_id == row.id},
            created_at=row.created_at,
        )
        for row in rows
    ]
