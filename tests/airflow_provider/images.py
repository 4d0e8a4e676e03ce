"""The images and the compose file, read as Docker reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"


def instructions(stage: str) -> list[tuple[str, str]]:
    """The instructions of a stage and of those that it is built from."""
    text = (DOCKER / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    stages: dict[str, list[tuple[str, str]]] = {}
    bases: dict[str, str] = {}
    name = ""
    for word, rest in lines:
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages[name], bases[name] = [], base
        elif name:
            stages[name].append((word, rest))
    return (instructions(bases[stage]) if bases[stage] in stages else []) + stages[stage]


def compose() -> dict[str, Any]:
    """The compose file."""
    loaded: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
    return loaded


def ours() -> list[str]:
    """The services that run for good in an image of ours."""
    services = compose()["services"].items()
    return [name for name, service in services if "build" in service and service["restart"] != "no"]


def health(name: str) -> list[str]:
    """The command by which Docker asks a service of ours whether it is well."""
    service = compose()["services"][name]
    if "healthcheck" in service:
        kind, *command = service["healthcheck"]["test"]
        assert kind == "CMD"
        return list(command)
    told = [rest for word, rest in instructions(service["build"]["target"]) if word == "HEALTHCHECK"][-1]
    return list(json.loads(told.partition("CMD ")[2]))
