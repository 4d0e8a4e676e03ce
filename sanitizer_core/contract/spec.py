"""What a schema asks of a table, whichever way it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Flavour = Literal["pandas", "polars"]
Keep = Literal["all", "exclude_first", "exclude_last"]


@dataclass(frozen=True)
class CheckSpec:
    """One check.

    Args:
        name: a built-in's full name, or the name of the user's function.
        arguments: by parameter.
        label: the user's own name for it.
        error: the user's own sentence for it.
        native: the ``pandera.Check``, where the schema was written in Python.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    ignore_na: bool = True
    warning: bool = False
    label: str | None = None
    error: str | None = None
    element_wise: bool = False
    groupby: Any = None
    groups: Any = None
    built_in: bool = True
    native: Any = None


@dataclass(frozen=True)
class ColumnSpec:
    """What is asked of a column; ``regex`` makes its name a pattern of names."""

    name: str
    dtype: str | None = None
    categories: tuple[Any, ...] | None = None
    nullable: bool = False
    unique: bool = False
    report_duplicates: Keep = "all"
    coerce: bool = False
    required: bool = True
    regex: bool = False
    default: Any = None
    checks: tuple[CheckSpec, ...] = ()


@dataclass(frozen=True)
class TableSpec:
    """What is asked of a table.

    Args:
        unique: sets of columns whose values together name a row.
        ignored: what the schema says and a table cannot be asked, as sentences.
    """

    columns: tuple[ColumnSpec, ...]
    checks: tuple[CheckSpec, ...] = ()
    dtype: str | None = None
    coerce: bool = False
    strict: bool | Literal["filter"] = False
    ordered: bool = False
    unique: tuple[tuple[str, ...], ...] = ()
    report_duplicates: Keep = "all"
    add_missing_columns: bool = False
    flavour: Flavour = "pandas"
    ignored: tuple[str, ...] = ()
