"""What a Pandera schema object asks of a table."""

from __future__ import annotations

from typing import Any, cast

from sanitizer_core.contract.dtypes import dtype_hint, expected_of
from sanitizer_core.contract.reference import flavour_of
from sanitizer_core.contract.schema_problems import unique_sets
from sanitizer_core.contract.spec import CheckSpec, ColumnSpec, Flavour, TableSpec
from sanitizer_core.contract.vocabulary import BUILT_IN
from sanitizer_core.errors import ContractError, Problem, Where


def pandera_spec(schema: Any) -> TableSpec:
    """The specification that a ``DataFrameSchema`` of pandera.pandas or pandera.polars amounts to.

    Raises:
        ContractError: it asks what no table can be held to: parsers, column names of several levels, unknown types.
    """
    problems = _problems(schema)
    if problems:
        raise ContractError("the schema cannot be held against a table", found=problems)
    return TableSpec(
        columns=tuple(_column(str(name), column) for name, column in schema.columns.items()),
        checks=tuple(_check(check) for check in schema.checks),
        dtype=str(schema.dtype) if schema.dtype is not None else None,
        coerce=bool(schema.coerce),
        strict=schema.strict,
        ordered=bool(schema.ordered),
        unique=unique_sets(schema.unique),
        report_duplicates=schema.report_duplicates,
        add_missing_columns=bool(schema.add_missing_columns),
        flavour=cast("Flavour", flavour_of(schema)),
        ignored=("the index of the schema is not checked: a table has none",) if getattr(schema, "index", None) else (),
    )


def _problems(schema: Any) -> list[Problem]:
    found = [Problem("the schema has parsers, which change the table", hint=_PARSERS)] if schema.parsers else []
    for name, column in schema.columns.items():
        where = Where(column=str(name))
        if not isinstance(name, str):
            found.append(Problem("a table's column has one name, and not several levels of them", where))
        if getattr(column, "parsers", None):
            found.append(Problem("the column has parsers, which change it", where, _PARSERS))
        if column.dtype is not None and expected_of(str(column.dtype)) is None:
            found.append(
                Problem(f"the type {column.dtype} has no counterpart in a table", where, dtype_hint(str(column.dtype)))
            )
    if schema.dtype is not None and expected_of(str(schema.dtype)) is None:
        found.append(Problem(f"the type {schema.dtype} has no counterpart in a table"))
    return found


_PARSERS = "Say in a recipe what has to change, and in the contract what has to be true."


def _column(name: str, column: Any) -> ColumnSpec:
    categories = getattr(column.dtype, "categories", None)
    return ColumnSpec(
        name=name,
        dtype=str(column.dtype) if column.dtype is not None else None,
        categories=tuple(categories) if categories is not None else None,
        nullable=bool(column.nullable),
        unique=bool(column.unique),
        report_duplicates=getattr(column, "report_duplicates", "all"),
        coerce=bool(column.coerce),
        required=bool(column.required),
        regex=bool(column.regex),
        default=getattr(column, "default", None),
        checks=tuple(_check(check) for check in column.checks),
    )


def _check(check: Any) -> CheckSpec:
    name = _built_in_name(check)
    own = check.name if check.name not in (None, name, "<lambda>") else None
    return CheckSpec(
        name=name or "check",
        arguments=dict(check._check_kwargs) if name else {},
        ignore_na=bool(check.ignore_na),
        warning=bool(check.raise_warning),
        label=str(own) if own else None,
        error=_own_error(check, name),
        element_wise=bool(check.element_wise),
        groupby=check.groupby,
        groups=check.groups,
        built_in=name is not None,
        native=check,
    )


def _built_in_name(check: Any) -> str | None:
    """The built-in's name, known by its function: a user's own function may have any name."""
    from pandera.api.function_dispatch import Dispatcher

    function = check._check_fn
    name = getattr(function, "__name__", None)
    return str(name) if isinstance(function, Dispatcher) and name in BUILT_IN else None


def _own_error(check: Any, name: str | None) -> str | None:
    """The user's sentence; a built-in that was given none has its own call for one (``isin(['a'])``)."""
    if check.error is None:
        return None
    return None if name is not None and str(check.error).startswith(f"{name}(") else str(check.error)
