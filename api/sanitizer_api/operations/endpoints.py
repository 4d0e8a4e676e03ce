"""Routes of the catalogue of operations."""

from __future__ import annotations

import inspect
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from sanitizer_api.identity.caller import Reader
from sanitizer_api.problems import NotFoundError
from sanitizer_core.errors import did_you_mean
from sanitizer_core.ops import Operation, catalogue

router = APIRouter(prefix="/ops", tags=["operations"])


class OperationView(BaseModel):
    """An operation.

    Args:
        params: the JSON Schema of its parameters.
    """

    name: str
    family: str
    summary: str
    page: str
    params: dict[str, Any]


@router.get("")
async def listed(known: Reader) -> list[OperationView]:
    """Every operation, with the JSON Schema of its parameters."""
    return [_view(each) for each in catalogue().values()]


@router.get("/{name}")
async def one(name: str, known: Reader) -> OperationView:
    """An operation."""
    found = catalogue().get(name)
    if found is None:
        raise NotFoundError(f"there is no operation {name!r}", hint=did_you_mean(name, catalogue()))
    return _view(found)


def _view(operation: type[Operation]) -> OperationView:
    page = inspect.cleandoc(operation.__doc__ or "")
    return OperationView(
        name=operation.op, family=operation.family, summary=page.split("\n\n")[0], page=page,
        params=operation.model_json_schema(),
    )  # fmt: skip
