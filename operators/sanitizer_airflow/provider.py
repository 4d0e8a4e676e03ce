"""What Airflow asks a provider: its operators, hook, connection type, and settings."""

from __future__ import annotations

from typing import Any

CONNECTION_TYPE = "sanitizer"
SECTION = "sanitizer"
"""Of ``airflow.cfg``."""

TESTED = ("3.2.2", "3.3.2")
"""The releases of Airflow that all tests were run on."""

_INTEGRATION = "Data Sanitizer"

_CONNECTION = {
    "connection-type": CONNECTION_TYPE,
    "hook-class-name": "sanitizer_airflow.hooks.sanitizer.SanitizerHook",
    "hook-name": "Data Sanitizer registry",
    "ui-field-behaviour": {
        "hidden-fields": ["schema", "port", "login", "extra"],
        "relabeling": {"host": "Registry", "password": "API token"},
        "placeholders": {"host": "http://127.0.0.1:8765", "password": "dst_..."},
    },
    "conn-fields": {
        "organisation": {
            "label": "Organisation",
            "description": "The name or id of the organisation that the token has to be of; left empty, any.",
            "schema": {"type": ["string", "null"]},
        },
        "timeout": {
            "label": "Timeout",
            "description": "Seconds until a request is given up and sent again.",
            "schema": {"type": ["number", "null"], "default": 10, "minimum": 1},
        },
    },
}

_OPTIONS = {
    "conn_id": (
        "The connection of the registry that operators use, unless one names another. Empty: none.",
        "",
        "sanitizer_default",
    ),
    "run_link": (
        "Where the link of a task to its run leads; {address} is the registry's, {run_id} the run's.",
        "{address}/runs/{run_id}",
        None,
    ),
    "memory_limit": ("The most memory that one task takes. Empty: what DuckDB takes.", "", "2GB"),
    "threads": ("The cores that one task uses. Empty: all.", "", "1"),
}


def get_provider_info() -> dict[str, Any]:
    """The provider, as ``airflow/provider_info.schema.json`` has it."""
    return {
        "package-name": "sanitizer-core",
        "name": _INTEGRATION,
        "description": (
            "Recipes that clean, contracts that say what clean means, and gates, as tasks."
            f" Tested on Airflow {' and '.join(TESTED)}."
        ),
        "integrations": [{"integration-name": _INTEGRATION, "tags": ["software"]}],
        "operators": [
            _modules(*(f"operators.{each}" for each in ("sanitize", "contract", "gate", "job", "restore", "dbt")))
        ],
        "hooks": [_modules("hooks.sanitizer")],
        "triggers": [_modules("triggers.job")],
        "task-decorators": [{"name": "sanitize", "class-name": "sanitizer_airflow.decorators.sanitize.sanitize_task"}],
        "connection-types": [_CONNECTION],
        "extra-links": ["sanitizer_airflow.links.RunLink"],
        "config": {
            SECTION: {
                "description": "Data Sanitizer's operators.",
                "options": {name: _option(*told) for name, told in _OPTIONS.items()},
            }
        },
    }


def _modules(*names: str) -> dict[str, Any]:
    return {"integration-name": _INTEGRATION, "python-modules": [f"sanitizer_airflow.{name}" for name in names]}


def _option(description: str, default: str, example: str | None) -> dict[str, Any]:
    return {
        "description": description,
        "version_added": "0.1.0",
        "type": "string",
        "example": example,
        "default": default,
    }
