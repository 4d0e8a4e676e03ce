"""From what a DAG says to recipes and contracts: a file, a text or mapping, or a version in the registry."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanitizer_airflow.hooks.sanitizer import SanitizerHook
    from sanitizer_core.contract import Contract
    from sanitizer_core.document import Document
    from sanitizer_core.errors import SanitizerError
    from sanitizer_core.fitted import FittedRecipe
    from sanitizer_core.recipe import Recipe
    from sanitizer_core.registry.client import Kind

FRESH = "fresh"
"""Of ``fit``: the values that a recipe needs are measured from this source."""

_REFERENCE = re.compile(r"(?P<name>[^@\s/]+)@(?P<version>[^@\s/]+)")


class Definitions:
    """Where the recipes and contracts of one task come from.

    Args:
        folder: of the DAG's file; files are named from there.
        hook: of the registry, if one is named.
    """

    def __init__(self, folder: Path, hook: SanitizerHook | None) -> None:
        self.folder = folder
        self.hook = hook

    def recipe(self, given: str | Mapping[str, Any], fit: str = FRESH) -> Recipe | FittedRecipe:
        """The recipe, with pinned values where ``fit`` names the file or the run's folder that holds them.

        Raises:
            SanitizerError: it cannot be read, is not there, or the values belong to another recipe.
        """
        from sanitizer_core.errors import RecipeError
        from sanitizer_core.fitted import FittedRecipe
        from sanitizer_core.recipe import Recipe

        path = self._file(given)
        if path is not None and FittedRecipe.is_one(path):
            return FittedRecipe.load(path)
        recipe = Recipe.load(path) if path else Recipe.from_document(self._document("recipes", given, RecipeError))
        return recipe if fit == FRESH else FittedRecipe.load_for(recipe, self._values(fit))

    def contract(
        self, given: str | Mapping[str, Any] | None, recipe: Recipe | FittedRecipe | None = None
    ) -> Contract | None:
        """The contract that is given, else the one in the registry that the recipe names; a recipe finds its files itself.

        Raises:
            SanitizerError: it cannot be read, or is not there.
        """
        from sanitizer_core.contract import Contract
        from sanitizer_core.errors import ContractError
        from sanitizer_core.fitted import FittedRecipe

        plain = recipe.source if isinstance(recipe, FittedRecipe) else recipe
        chosen = given if given is not None else _in_registry(plain)
        if chosen is None:
            return None
        path = self._file(chosen)
        return (
            Contract.load(path) if path else Contract.from_document(self._document("contracts", chosen, ContractError))
        )

    def beside(self, place: str) -> Path:
        """A path, from the DAG's folder when it is relative and something is there, else from where the worker is."""
        beside = self.folder / place
        return beside if beside.exists() else Path(place)

    def _values(self, fit: str) -> Path:
        path = self.beside(fit)
        return path / "fitted.json" if path.is_dir() else path

    def _file(self, given: str | Mapping[str, Any]) -> Path | None:
        """The file that is named; ``None`` for a mapping, a text of several lines, or a version in the registry."""
        if not isinstance(given, str) or "\n" in given:
            return None
        path = self.beside(given)
        return None if _REFERENCE.fullmatch(given) and not path.exists() else path

    def _document(self, kind: Kind, given: str | Mapping[str, Any], error: type[SanitizerError]) -> Document:
        from sanitizer_core.document import Document, parse_document

        what = kind.removesuffix("s")
        if isinstance(given, Mapping):
            return Document(dict(given), f"the task's {what}")
        found = _REFERENCE.fullmatch(given)
        if found is None:
            return parse_document(given, f"the task's {what}", error)
        return parse_document(self._pulled(kind, given, **found.groupdict()), given, error)

    def _pulled(self, kind: Kind, given: str, name: str, version: str) -> str:
        from sanitizer_core.errors import RegistryError

        if self.hook is None:
            raise RegistryError(
                f"{given!r} is in a registry, and the task names none",
                hint="Give sanitizer_conn_id, or set conn_id in the section [sanitizer] of Airflow's configuration.",
            )
        with self.hook.get_conn() as registry:
            return json.dumps(registry.pull(kind, name, version).content)


def _in_registry(recipe: Recipe | None) -> str | None:
    """The contract that a recipe names, where it is a version in a registry."""
    named = recipe.contract if recipe is not None else None
    if not isinstance(named, str) or not _REFERENCE.fullmatch(named):
        return None
    beside = recipe.folder / named if recipe is not None and recipe.folder is not None else Path(named)
    return None if beside.exists() else named
