"""Versions that a project pins from a registry: pulled once, kept as files of the project, so that nothing else needs the registry."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sanitizer_core.dbt.lock import Lock, digest
from sanitizer_core.dbt.pins import Pins
from sanitizer_core.errors import ProjectError, RegistryError, Where
from sanitizer_core.registry import Registry

Kind = Literal["recipes", "contracts"]
PULLED = "sanitizer"
"""The folder of the project where they are kept; dbt reads nothing there."""

Pull = Callable[[Kind, str], tuple[str, str]]
"""Gives the file of a published version, by its path in the project, and its text."""


def from_registry(registry: Registry) -> Pull:
    """Asks a registry."""

    def pull(kind: Kind, reference: str) -> tuple[str, str]:
        name, _, version = reference.partition("@")
        found = registry.pull(kind, name, version or "latest")
        return f"{PULLED}/{kind}/{found.name}@{found.number}.json", _text(found.content)

    return pull


def from_lock(folder: Path) -> Pull:
    """What was pulled when the macros were written: a check needs no registry."""
    lock = Lock.load(folder)

    def pull(kind: Kind, reference: str) -> tuple[str, str]:
        entries = (lock.recipes if kind == "recipes" else lock.contracts).values()
        file = next((each.file for each in entries if each.published == reference), None)
        there = folder / file if file is not None else None
        if file is None or there is None or not there.exists():
            raise ProjectError(
                f"{reference} was not pulled yet", where=Where(file=str(folder)), hint="Run 'sanitizer dbt sync'."
            )
        text = there.read_text(encoding="utf-8")
        if lock.files.get(file) != digest(text):
            raise ProjectError(
                f"{reference} was pulled from a registry, and its file is another one now",
                where=Where(file=str(there)),
                hint="Run 'sanitizer dbt sync', and publish a new version of what is to be changed.",
            )
        return file, text

    return pull


def nowhere(kind: Kind, reference: str) -> tuple[str, str]:
    """Refuses: no registry is named.

    Raises:
        RegistryError: always.
    """
    raise RegistryError(
        f"{reference} is pinned from a registry, and none is named",
        hint="Write 'registry: https://...' beside the pins, give --registry, or set SANITIZER_REGISTRY.",
    )


def asks_a_registry(pins: Pins) -> bool:
    """Whether anything that is pinned comes from a registry."""
    return any(each.published is not None for each in (*pins.recipes, *pins.contracts))


def _text(content: object) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
