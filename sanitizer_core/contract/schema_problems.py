"""Everything that is wrong with a schema in a file, each finding with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sanitizer_core.contract.check_shape import check_findings, check_spec
from sanitizer_core.contract.dtypes import dtype_hint, expected_of
from sanitizer_core.contract.shape import ColumnShape, Place, TableShape
from sanitizer_core.contract.spec import CheckSpec, ColumnSpec, TableSpec
from sanitizer_core.contract.vocabulary import ALIASES, BUILT_IN
from sanitizer_core.errors import did_you_mean

AnyShape = TypeVar("AnyShape", ColumnShape, TableShape)


@dataclass(frozen=True)
class Trouble:
    """One finding: where in the schema, what, and what to do about it."""

    place: Place
    message: str
    hint: str | None = None
    column: str | None = None


def schema_troubles(data: Mapping[str, Any]) -> list[Trouble]:
    """What is wrong with a schema as Pandera writes it; empty when it can be read."""
    shape, found = _sound(TableShape, {key: value for key, value in data.items() if key != "columns"}, ())
    found += _table_troubles(shape)
    columns = data.get("columns")
    if isinstance(columns, dict) and all(isinstance(each, dict | None) for each in columns.values()):
        for name, column in columns.items():
            found += _column_troubles(name, column or {})
        return found
    return found + _sound(TableShape, {"columns": columns}, ())[1]


def _sound(model: type[AnyShape], data: Mapping[str, Any], place: Place) -> tuple[AnyShape, list[Trouble]]:
    """What of a shape is sound, and what is wrong with the rest: one mistake does not hide the others."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    wrong = {detail["loc"][0] for detail in details}
    sound = model.model_validate({key: value for key, value in data.items() if key not in wrong})
    return sound, [_from_pydantic(detail, place) for detail in details]


def _from_pydantic(detail: ErrorDetails, prefix: Place) -> Trouble:
    place: Place = (*prefix, *detail["loc"])
    key = str(place[-1]) if place else "schema"
    column = str(place[1]) if len(place) > 1 and place[0] == "columns" else None
    if detail["type"] == "extra_forbidden":
        return Trouble(place, f"a schema has no key {key!r}", did_you_mean(key, TableShape.model_fields))
    words = detail["msg"].removeprefix("Value error, ")
    words = words.replace("valid dictionary or instance of ColumnShape", "mapping")
    return Trouble(place, f"{key!r}: {words[:1].lower()}{words[1:]}, got {_short(detail['input'])}", column=column)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _table_troubles(shape: TableShape) -> Iterator[Trouble]:
    yield from _dtype_troubles(("dtype",), shape.dtype, None)
    for place, name, value in shape.entries():
        yield from (Trouble(place, message, hint) for message, hint in check_findings(name, value))


def _column_troubles(name: Any, data: Mapping[str, Any]) -> Iterator[Trouble]:
    place: Place = ("columns", name)
    if not isinstance(name, str):
        yield Trouble(place, f"the name of a column has to be text, got {name!r}", "Put it in quotes.")
        return
    column, found = _sound(ColumnShape, data, place)
    yield from found
    yield from _dtype_troubles((*place, "dtype"), column.dtype, name)
    if column.regex:
        yield from _name_troubles(place, name)
    for inner, check, value in column.entries():
        for message, hint in check_findings(check, value):
            yield Trouble(
                (*place, *inner), message, hint if check in BUILT_IN or check in ALIASES else _nearer(check, hint), name
            )


def _nearer(word: str, hint: str | None) -> str | None:
    """In a column a misspelt word may have meant a key as well as a check."""
    meant = did_you_mean(word, [*ColumnShape.model_fields, *BUILT_IN, *ALIASES])
    return meant if meant and meant.startswith("Did") else hint


def _dtype_troubles(place: Place, dtype: str | None, column: str | None) -> Iterator[Trouble]:
    if dtype is not None and expected_of(dtype) is None:
        yield Trouble(place, f"unknown type {dtype!r}", dtype_hint(dtype), column)


def _name_troubles(place: Place, pattern: str) -> Iterator[Trouble]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield Trouble(place, f"the name {pattern!r} is no valid regular expression: {error}", None, pattern)


def table_spec(data: Mapping[str, Any]) -> TableSpec:
    """What a schema without troubles asks for."""
    shape = TableShape.model_validate(data)
    return TableSpec(
        columns=tuple(_column_spec(name, column) for _, name, column in shape.named_columns()),
        checks=_checks(shape),
        dtype=shape.dtype,
        coerce=shape.coerce,
        strict=shape.strict,
        ordered=shape.ordered,
        unique=unique_sets(shape.unique),
        report_duplicates=shape.report_duplicates,
        add_missing_columns=shape.add_missing_columns,
        ignored=("the index of the schema is not checked: a table has none",) if shape.index else (),
    )


def _column_spec(name: str, column: ColumnShape) -> ColumnSpec:
    return ColumnSpec(
        name=name,
        dtype=column.dtype,
        nullable=column.nullable,
        unique=column.unique,
        report_duplicates=column.report_duplicates,
        coerce=column.coerce,
        required=column.required,
        regex=column.regex,
        default=column.default,
        checks=_checks(column),
    )


def _checks(shape: TableShape | ColumnShape) -> tuple[CheckSpec, ...]:
    return tuple(check_spec(name, value) for _, name, value in shape.entries())


def unique_sets(unique: str | list[str] | list[list[str]] | None) -> tuple[tuple[str, ...], ...]:
    """The sets of columns that are unique together; Pandera takes a name, a list of names, or a list of lists."""
    if not unique:
        return ()
    if isinstance(unique, str):
        return ((unique,),)
    nested = [each for each in unique if not isinstance(each, str)]
    return tuple(tuple(each) for each in nested) or (tuple(str(each) for each in unique),)
