"""The facets that OpenLineage's specification knows, as models, made from those of its own client."""

from __future__ import annotations

import re
import types
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import attr
from openlineage.client import facet_v2
from openlineage.client.facet_v2 import BaseFacet
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

_SCHEMA = re.compile(r"^https://openlineage\.io/spec/facets/(\d+)-\d+-\d+/(\w+)\.json")
_LENIENT = ConfigDict(extra="allow")


def check(facet: Any) -> dict[str, Any]:
    """A facet that is as its specification has it; one of which the specification knows nothing is kept as it is.

    Raises:
        ValueError: it is not, and why.
    """
    if not isinstance(facet, dict):
        raise ValueError("a facet is an object")
    for name in ("_producer", "_schemaURL"):
        if not isinstance(facet.get(name), str):
            raise ValueError(f"a facet has {name!r}, a text")
    model = None if facet.get("_deleted") is True else model_of(facet["_schemaURL"])
    if model is not None:
        _held(model, facet)
    return facet


def _held(model: type[BaseModel], facet: dict[str, Any]) -> None:
    try:
        model.model_validate(facet)
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:3])
        raise ValueError(f"not as {facet['_schemaURL']} has it: {found}") from None


@cache
def _models() -> dict[tuple[str, str], type[BaseModel]]:
    """By name and major version: a newer major version may say other things, and is kept as it comes."""
    found: dict[tuple[str, str], type[BaseModel]] = {}
    modules = [each for each in vars(facet_v2).values() if isinstance(each, types.ModuleType)]
    for each in (each for module in modules for each in vars(module).values()):
        if isinstance(each, type) and issubclass(each, BaseFacet) and (told := _SCHEMA.match(each._get_schema())):
            found[told[2], told[1]] = _model(each)
    return found


@cache
def model_of(schema_url: str) -> type[BaseModel] | None:
    """The model of a facet's schema; ``None`` when the specification has none, or not of that major version."""
    told = _SCHEMA.match(schema_url)
    return _models().get((told[2], told[1])) if told else None


def _model(known: type, within: tuple[type, ...] = ()) -> type[BaseModel]:
    """A client's class as a model. Fields stand behind aliases, since some are called as Pydantic's own methods.

    Args:
        within: the classes that it is a part of; one that is a part of itself is held to be an object, no more.
    """
    hints, inside = get_type_hints(known), (*within, known)
    fields: dict[str, Any] = {}
    for each in attr.fields(known):
        if each.name.startswith("_"):
            continue
        default = ... if each.default is attr.NOTHING else None
        fields[f"field_{each.name}"] = (_type(hints[each.name], inside), Field(default=default, alias=each.name))
    made: type[BaseModel] = create_model(known.__name__, __config__=_LENIENT, **fields)
    return made


def _type(hint: Any, within: tuple[type, ...]) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return Union[tuple(_type(each, within) for each in inner)]  # noqa: UP007 (the members are only known now)
    if origin in (list, dict):
        return origin[tuple(_type(each, within) for each in inner)]
    if not isinstance(hint, type) or not attr.has(hint):
        return hint
    return dict[str, Any] if issubclass(hint, BaseFacet) or hint in within else _model(hint, within)
