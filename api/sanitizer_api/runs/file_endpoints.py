"""Routes of what a run kept: its changes, the rows that went, its report, its tables."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from sanitizer_api.audit.trail import note
from sanitizer_api.db.scope import Scope
from sanitizer_api.identity.caller import Reader, Reporter
from sanitizer_api.pages import Page
from sanitizer_api.problems import NotFoundError
from sanitizer_api.runs import repository
from sanitizer_api.runs.answers import (
    ChangeView,
    FilePaging,
    GoneView,
    cursor_of,
    file_paging,
    question,
    row_question,
)
from sanitizer_api.runs.files import FilesOf
from sanitizer_api.runs.models import Run
from sanitizer_api.runs.streaming import Format, clean_table, input_of, sent
from sanitizer_api.state import StateOf
from sanitizer_core.audit.asking import Question, What

router = APIRouter(prefix="/runs/{run_id}", tags=["runs"])
REPORT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""A report is a page without scripts, whoever wrote the file: nothing in it is run, fetched or sent."""


async def known_run(run_id: uuid.UUID, known: Reader, state: StateOf) -> Run:
    """The run that a path names. Its transaction is over before its files are asked, which may take a while."""
    async with state.database.session(Scope(known.organisation)) as session:
        found = await repository.run(session, run_id)
    if found is None:
        raise NotFoundError("there is no such run")
    return found


KnownRun = Annotated[Run, Depends(known_run)]


async def files_of(run: KnownRun, state: StateOf) -> FilesOf:
    """The files of the run that a path names."""
    return await FilesOf.run(state, run)


RunFilesOf = Annotated[FilesOf, Depends(files_of)]
Pages = Annotated[FilePaging, Depends(file_paging)]
Rows = Annotated[Question, Depends(row_question)]
IfNoneMatch = Annotated[str | None, Header()]
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "As you have it."}}


@router.get("/changes")
async def changes(files: RunFilesOf, asked: Annotated[Question, Depends(question)], page: Pages) -> Page[ChangeView]:
    """Changed cells, in the order of the log: column by column as steps changed them, and by row within.

    A page that is not full may still have a `next`: what was asked for is rare, and a page looks only so far.
    """
    part = await files.ask(lambda kept: kept.page(asked, page.limit, page.after))
    return Page(items=[ChangeView.model_validate(each) for each in part.entries], next=cursor_of(part))


@router.get("/removed")
async def removed(files: RunFilesOf, asked: Rows, page: Pages) -> Page[GoneView]:
    """Rows that a step removed, whole, each with its step and reason."""
    return await _gone(files, "removed", asked, page)


@router.get("/rejected")
async def rejected(files: RunFilesOf, asked: Rows, page: Pages) -> Page[GoneView]:
    """Rows and lines that could not be read, that a step rejected, or that break the contract, with all reasons."""
    return await _gone(files, "rejected", asked, page)


async def _gone(files: FilesOf, what: What, asked: Question, page: FilePaging) -> Page[GoneView]:
    part = await files.ask(lambda kept: kept.gone_page(what, asked, page.limit, page.after))
    return Page(items=[GoneView.of(each) for each in part.entries], next=cursor_of(part))


@router.get("/report", response_class=HTMLResponse, responses=_UNCHANGED)
async def report(files: RunFilesOf, if_none_match: IfNoneMatch = None) -> Response:
    """The report as a page that needs nothing else; it may run no scripts and fetch nothing."""
    tag = f'"{files.whose.record_digest}-report"'
    if _has(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    text = await files.ask(lambda kept: _text(files, "report.html"))
    headers = {
        "Content-Security-Policy": REPORT_POLICY,
        "ETag": tag,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(text, headers=headers)


@router.get("/record", response_class=JSONResponse, responses=_UNCHANGED)
async def record(run: KnownRun, if_none_match: IfNoneMatch = None) -> Response:
    """The report for programs: what the run wrote down, its `run.json`."""
    tag = f'"{run.record_digest}"'
    if _has(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return JSONResponse(run.record, headers={"ETag": tag})


def _has(if_none_match: str | None, tag: str) -> bool:
    return if_none_match is not None and tag in [each.strip() for each in if_none_match.split(",")]


def _text(files: FilesOf, name: str) -> bytes:
    with files.files.open(name) as file:
        return file.read()


@router.get("/download", response_class=StreamingResponse)
async def download(
    files: RunFilesOf,
    format: Annotated[Format, Query(description="What the table is written as.")] = "parquet",  # noqa: A002 (the parameter's own word)
) -> StreamingResponse:
    """The clean table, sent while it is made. In CSV, cells that look like formulas are defused."""
    return await sent(clean_table(files, format), format, files.record.recipe.name)


class Restoring(BaseModel):
    """How the input of a run is wanted back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"format": "csv"}, {"format": "csv", "key": "the run's key"}]}
    )

    format: Format = "csv"
    key: SecretStr | None = Field(
        default=None,
        description="The key of masked columns: the secret that the run had. It is used once and not kept.",
    )


@router.post("/restore", response_class=StreamingResponse)
async def restore(known: Reporter, wanted: Restoring, files: RunFilesOf, state: StateOf) -> StreamingResponse:
    """The input of the run as it was, cell for cell, sent while it is made."""
    key = wanted.key.get_secret_value() if wanted.key is not None else None
    answer = await sent(input_of(files, wanted.format, key), wanted.format, f"{files.record.recipe.name}-restored")
    async with state.database.session(Scope(known.organisation)) as session:
        await note(
            session, known.organisation, known.user, "restore", f"run:{files.whose.id}", unmasked=key is not None
        )
    return answer
