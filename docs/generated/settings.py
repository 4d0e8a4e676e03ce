"""The reference of the registry's settings, from their model."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from sanitizer_api.settings import Settings


def pages() -> dict[str, str]:
    """The page by its name."""
    rows = [
        f"| `{_variable(name)}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    head = [
        "# Settings of the registry",
        "",
        "Each is an environment variable.",
        "",
        "| variable | default | what it does |",
        "|---|---|---|",
    ]
    return {"registry-settings.md": "\n".join([*head, *rows]) + "\n"}


def _variable(name: str) -> str:
    return "DATABASE_URL" if name == "database_url" else f"SANITIZER_{name.upper()}"


def _default(field: Any) -> str:
    if field.default_factory is not None:
        return "`~/.local/share/sanitizer`"
    return "none" if field.default is None or isinstance(field.default, SecretStr) else f"`{field.default}`"
