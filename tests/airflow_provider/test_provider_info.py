"""What Airflow knows of the provider, by its own commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sanitizer_airflow.provider import get_provider_info

pytestmark = [pytest.mark.slow, pytest.mark.airflow]


def test_airflow_lists_the_provider_and_its_connection(airflow_home: Path) -> None:
    command = [str(Path(sys.executable).with_name("airflow")), "providers", "list", "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=True)
    assert "sanitizer-core" in {each["package_name"] for each in json.loads(done.stdout)}


def test_the_connection_has_its_form(airflow_home: Path) -> None:
    from airflow.providers_manager import ProvidersManager
    from airflow.sdk.providers_manager_runtime import ProvidersManagerTaskRuntime

    manager: Any = ProvidersManager()  # type: ignore[no-untyped-call]
    hooks: Any = ProvidersManagerTaskRuntime()  # type: ignore[no-untyped-call]
    assert hooks.hooks["sanitizer"].hook_class_name == "sanitizer_airflow.hooks.sanitizer.SanitizerHook"
    assert manager.field_behaviours["sanitizer"]["relabeling"] == {"host": "Registry", "password": "API token"}
    assert {"extra__sanitizer__organisation", "extra__sanitizer__timeout"} <= set(manager.connection_form_widgets)


def test_the_provider_is_as_airflows_schemas_have_it(airflow_home: Path) -> None:
    import airflow
    from jsonschema import Draft7Validator

    info = get_provider_info()
    folder = Path(airflow.__path__[0])
    Draft7Validator(json.loads((folder / "provider_info.schema.json").read_text())).validate(info)
    connection = json.loads((folder / "provider.yaml.schema.json").read_text())["properties"]["connection-types"]
    Draft7Validator(connection).validate(info["connection-types"])
