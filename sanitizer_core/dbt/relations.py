"""The columns of a project's relations, as its own dbt sees them."""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from sanitizer_core.dbt.asking import Dbt
from sanitizer_core.dbt.sync import AskColumns
from sanitizer_core.errors import ProjectError, Where
from sanitizer_core.schema import DataType, Kind


def columns_through(dbt: Dbt) -> AskColumns:
    """Asks a relation's columns of the project's own dbt, with its profile."""

    def ask(relation: str) -> Mapping[str, str]:
        answer = dbt.ask("sanitizer.tell_columns", "sanitizer_columns:", {"relation": relation})
        columns = {each["name"]: str(kind_of(each["type"], answer["adapter"])) for each in answer["columns"]}
        if not columns:
            raise ProjectError(
                f"{relation!r} is not there yet, or has no columns",
                where=Where(file=str(dbt.project)),
                hint="Build it first (dbt build), or declare the columns in the recipe or its pin.",
            )
        return columns

    return ask


_KINDS: dict[exp.DType, Kind] = {
    **dict.fromkeys(exp.DataType.TEXT_TYPES, "text"),
    **dict.fromkeys(exp.DataType.INTEGER_TYPES, "integer"),
    **dict.fromkeys(exp.DataType.FLOAT_TYPES, "float"),
    exp.DType.BOOLEAN: "boolean",
    exp.DType.DATE: "date",
    exp.DType.TIME: "time",
    exp.DType.TIMESTAMP: "timestamp",
    exp.DType.TIMESTAMPNTZ: "timestamp",
    exp.DType.DATETIME: "timestamp",
    exp.DType.TIMESTAMPTZ: "timestamptz",
    exp.DType.TIMESTAMPLTZ: "timestamptz",
}


def kind_of(native: str, adapter: str) -> DataType:
    """The logical type of a warehouse's own name of a type; ``other`` for what recipes do not work on."""
    try:
        tree = exp.DataType.build(native, dialect=adapter)
    except sqlglot.ParseError:
        return DataType("other", native=native)
    if tree.this in exp.DataType.NUMERIC_TYPES and tree.expressions:
        precision, scale = [*(int(each.name) for each in tree.expressions), 0][:2]
        return DataType("decimal", precision, scale)
    return DataType(_KINDS.get(tree.this, "other"), native=native)
