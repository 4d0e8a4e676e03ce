"""Schemas in Python code: ``python: package.module:Schema``, imported when a table is checked and not before."""

from __future__ import annotations

import importlib
from typing import Any

from sanitizer_core.contract.quiet import without_words_of_spark
from sanitizer_core.errors import ContractError, did_you_mean


def referenced(reference: str) -> Any:
    """The Pandera schema that a reference names; a model class gives its schema.

    Raises:
        ContractError: the module cannot be imported, has no such name, or what is there is no schema.
    """
    module_name, _, name = reference.partition(":")
    found: Any = _module(module_name, reference)
    for part in name.split("."):
        if not hasattr(found, part):
            raise ContractError(f"{module_name!r} has no {name!r}", hint=did_you_mean(name, _public(found)))
        found = getattr(found, part)
    to_schema = getattr(found, "to_schema", None)
    schema = to_schema() if callable(to_schema) else found
    if flavour_of(schema) is None:
        raise ContractError(
            f"{reference!r} is a {type(found).__name__}, and no schema for pandas or Polars",
            hint="Name a DataFrameModel or a DataFrameSchema of pandera.pandas or pandera.polars.",
        )
    return schema


def flavour_of(schema: Any) -> str | None:
    """Which data frames a Pandera schema is for; nothing when it is none, or for other frames."""
    kinds = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(schema).__mro__}
    for flavour in ("pandas", "polars"):
        if f"pandera.api.{flavour}.container.DataFrameSchema" in kinds:
            return flavour
    return None


def _module(name: str, reference: str) -> Any:
    try:
        with without_words_of_spark():
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        hint = "It has to be installed, or on PYTHONPATH." if error.name and name.startswith(error.name) else None
        raise ContractError(f"the schema {reference!r} cannot be imported: {error}", hint=hint) from None
    except (ImportError, SyntaxError, AttributeError, NameError, TypeError, ValueError, OSError) as error:
        raise ContractError(f"the schema {reference!r} cannot be imported: {type(error).__name__}: {error}") from error


def _public(owner: Any) -> list[str]:
    return [name for name in dir(owner) if not name.startswith("_")]
