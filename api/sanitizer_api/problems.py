"""Errors as problem documents (RFC 9457): the one shape in which the API says no."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg.errors import ProgramLimitExceeded
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException

from sanitizer_core.errors import Problem, SanitizerError

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("sanitizer.request")


class ProblemDocument(BaseModel):
    """What went wrong. ``detail`` is for people, ``type`` and the further members are for programs."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None
    problems: list[dict[str, Any]] = []
    request_id: str | None = None


class ApiError(Exception):
    """An error that a client is told.

    Args:
        detail: what was got and what is allowed.
        hint: what to do about it.
        headers: headers of the answer.
    """

    status = 400
    name = "bad-request"
    title = "The request cannot be carried out"

    def __init__(self, detail: str, *, hint: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint
        self.headers = dict(headers or {})
        self.members: Mapping[str, Any] = {}


class NotAuthenticatedError(ApiError):
    """Nobody is known to ask."""

    status, name, title = 401, "not-authenticated", "Say who you are"

    def __init__(self, detail: str, *, hint: str | None = None) -> None:
        super().__init__(detail, hint=hint, headers={"WWW-Authenticate": "Bearer"})


class ForbiddenError(ApiError):
    """Whoever asks may not."""

    status, name, title = 403, "forbidden", "Not allowed"


class NotFoundError(ApiError):
    """There is no such thing, or it belongs to another organisation."""

    status, name, title = 404, "not-found", "Not found"


class ConflictError(ApiError):
    """It is not as the request takes it to be."""

    status, name, title = 409, "conflict", "Conflict"


class TooLargeError(ApiError):
    """The body is larger than the registry takes."""

    status, name, title = 413, "too-large", "Too large"


class TooManyRequestsError(ApiError):
    """A rate was exceeded, or an account is locked for a while."""

    status, name, title = 429, "too-many-requests", "Too many requests"


def install(app: FastAPI) -> None:
    """Makes every error of an app a problem document."""
    app.add_exception_handler(ApiError, _of_api)
    app.add_exception_handler(SanitizerError, _of_core)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)
    for each in (DataError, UnicodeEncodeError):
        app.add_exception_handler(each, _of_data)
    app.add_exception_handler(OperationalError, _of_database)
    app.add_exception_handler(Exception, _of_defect)


def answer(
    request: Request | None, document: ProblemDocument, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A problem document as an answer, with the request's id in it."""
    known = getattr(request.state, "request_id", None) if request is not None else None
    content = document.model_copy(update={"request_id": known}).model_dump(exclude_none=True)
    return JSONResponse(content, document.status, dict(headers or {}), media_type=MEDIA_TYPE)


def document_of(error: ApiError) -> ProblemDocument:
    """An error of the API as its document."""
    return ProblemDocument(
        type=_type(error.name),
        title=error.title,
        status=error.status,
        detail=error.detail,
        hint=error.hint,
        **error.members,
    )


def core_document(error: SanitizerError) -> ProblemDocument:
    """An error of the core as its document."""
    status = 503 if error.retryable else 422
    return ProblemDocument(
        type=_type(type(error).__name__.removesuffix("Error").lower()),
        title="It cannot be carried out",
        status=status,
        detail=error.message,
        hint=error.hint,
        problems=[as_json(each) for each in error.problems],
    )


def as_json(problem: Problem) -> dict[str, Any]:
    """A finding of the core: ``message``, ``hint`` and the parts of ``where`` that are known."""
    where = {key: value for key, value in vars(problem.where).items() if value is not None}
    return {"message": problem.message, "hint": problem.hint, "where": where}


def _type(name: str) -> str:
    return f"urn:sanitizer:problem:{name}"


async def _of_api(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)
    return answer(request, document_of(error), error.headers)


async def _of_core(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SanitizerError)
    return answer(request, core_document(error))


async def _of_validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = [{"message": each["msg"], "where": {"field": _path(each["loc"])}} for each in error.errors()]
    document = ProblemDocument(
        type=_type("invalid"),
        title="The request is not as it should be",
        status=422,
        detail="; ".join(f"{each['where']['field']}: {each['message']}" for each in found[:5]),
        problems=found,
    )
    return answer(request, document)


def _path(parts: tuple[str | int, ...]) -> str:
    return ".".join(map(str, parts))


async def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    title = str(error.detail)
    document = ProblemDocument(type=_type("http"), title=title, status=error.status_code, detail=title)
    return answer(request, document, error.headers)


async def _of_data(request: Request, error: Exception) -> JSONResponse:
    """A value that Postgres cannot hold: the character NUL or half a character in a text, a number beyond 64 bits."""
    document = ProblemDocument(
        type=_type("invalid"),
        title="The request is not as it should be",
        status=422,
        detail="a value cannot be kept: a text holds the character NUL or no Unicode, or is too long for a name, or a number"
        " has more than 64 bits",
    )
    return answer(request, document)


async def _of_database(request: Request, error: Exception) -> JSONResponse:
    """What the database could not do: a text that is too long for an index; else it is away, and may come back."""
    assert isinstance(error, OperationalError)
    if isinstance(error.orig, ProgramLimitExceeded):
        return await _of_data(request, error)
    _log.error("the database does not answer", extra={"fields": {"why": str(error.orig)}})
    document = ProblemDocument(
        type=_type("unavailable"),
        title="The registry's database does not answer",
        status=503,
        detail="The registry's database does not answer, or could not do it now.",
        hint="Ask again in a while; what was sent with an id or an Idempotency-Key can safely be sent again.",
    )
    return answer(request, document, {"Retry-After": "2"})


async def _of_defect(request: Request, error: Exception) -> JSONResponse:
    """What nobody foresaw: the client learns the request's id, and the log has the rest."""
    document = ProblemDocument(
        type=_type("defect"),
        title="The registry failed",
        status=500,
        detail="It is a defect, and it was logged. Report it with the request's id.",
    )
    return answer(request, document)
