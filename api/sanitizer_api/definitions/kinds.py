"""The two kinds of definitions, read by the core: what a recipe and a contract are is not said twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sanitizer_core.contract import Contract
from sanitizer_core.recipe import Recipe


class Document(Protocol):
    """What both kinds have."""

    @property
    def name(self) -> str:
        """How it is called."""

    @property
    def version(self) -> int:
        """The number that its file says."""

    def plain(self) -> dict[str, Any]:
        """As plain JSON data."""

    def digest(self) -> str:
        """SHA-256 (hex) of what it means."""


@dataclass(frozen=True)
class Kind:
    """A kind of definition.

    Args:
        name: as a word of a sentence.
        plural: as the routes have it.
        read: from text (YAML or JSON) and the name that problems call it by; raises the core's own errors.
        field: under which word its file has its name.
    """

    name: str
    plural: str
    read: Callable[[str, str], Document]
    field: str


RECIPE = Kind("recipe", "recipes", Recipe.loads, "name")
CONTRACT = Kind("contract", "contracts", Contract.loads, "contract")
KINDS = {kind.plural: kind for kind in (RECIPE, CONTRACT)}
