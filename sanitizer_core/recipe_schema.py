"""The JSON Schema of a recipe: everything that ``Recipe`` reads, editors accept."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from sanitizer_core.ops.base import AnyCase
from sanitizer_core.ops.selector import ColumnSelector
from sanitizer_core.recipe import Recipe

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def recipe_schema() -> dict[str, Any]:
    """The schema, with every operation that is installed."""
    return {"$schema": DIALECT} | Recipe.model_json_schema(schema_generator=_AsRead)


class _AsRead(GenerateJsonSchema):
    """Says in the schema what our models read besides what they hold: other names, other cases, single words."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        written = super().model_schema(schema)
        model = schema["cls"]
        _add_names(written, model)
        if not issubclass(model, ColumnSelector):
            return written
        words = [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
        said = {key: written.pop(key) for key in ("title", "description") if key in written}
        return said | {"anyOf": [*words, written]}

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        inner = super().function_before_schema(schema)
        if schema["function"]["function"] is not AnyCase.func:
            # What else a short way of writing may look like, its validator alone knows: an editor completes the long
            # way and refuses nothing, and ``sanitizer recipe lint`` has the last word.
            return _open(inner)
        words = [word for word in _words(inner) if isinstance(word, str)]
        return {"anyOf": [inner, {"type": "string", "pattern": f"^(?:{'|'.join(map(_any_case, words))})$"}]}


def _open(written: JsonSchemaValue) -> JsonSchemaValue:
    if "properties" not in written:
        return {"anyOf": [written, {}]}
    return {key: value for key, value in written.items() if key not in ("additionalProperties", "required", "allOf")}


def _words(written: JsonSchemaValue) -> list[Any]:
    """Every word that a schema allows, wherever in it."""
    alone = [written["const"]] if "const" in written else []
    return [*alone, *written.get("enum", []), *(word for each in written.get("anyOf", []) for word in _words(each))]


def _add_names(written: JsonSchemaValue, model: type[BaseModel]) -> None:
    """Fields that have an alias are read by either name, by one of them only."""
    properties, required = written.get("properties", {}), written.get("required", [])
    for name, field in model.model_fields.items():
        if field.alias is None or field.alias not in properties or name == field.alias:
            continue
        properties[name] = properties[field.alias]
        if field.alias in required:
            required.remove(field.alias)
            either = [{"required": [name]}, {"required": [field.alias]}]
            written.setdefault("allOf", []).append({"oneOf": either})
        else:
            written.setdefault("allOf", []).append({"not": {"required": [name, field.alias]}})


def _any_case(word: str) -> str:
    """A pattern for a word whatever its case, in the subset of expressions that JSON Schema has."""
    letters = (f"[{sign.lower()}{sign.upper()}]" if sign.isalpha() else re.escape(sign) for sign in word)
    return "".join(letters)
