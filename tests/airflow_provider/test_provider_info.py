"""What Airflow knows of the provider, by its own commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from airflow_provider.conftest import ROOT, RegistryAt
from sanitizer_airflow.provider import TESTED, get_provider_info

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


@pytest.mark.parametrize(
    ("told", "works", "message"),
    [
        ({}, True, "knows the token: owner of Example"),
        ({"extra": {"organisation": "Example"}}, True, "knows the token"),
        ({"extra": {"organisation": "Other"}}, False, "the token is of the organisation 'Example', not of 'Other'"),
        ({"password": "dst_wrong"}, False, "the registry said no"),
        ({"host": "http://127.0.0.1:9"}, False, "does not answer"),
        ({"host": None}, False, "the connection 'tested' names no registry"),
    ],
)
def test_a_connection_is_tested(
    airflow_home: Path,
    registry: RegistryAt,
    monkeypatch: pytest.MonkeyPatch,
    told: dict[str, Any],
    works: bool,
    message: str,
) -> None:
    from sanitizer_airflow.hooks.sanitizer import SanitizerHook

    monkeypatch.setenv("AIRFLOW_CONN_TESTED", registry.connection(**told))
    found, said = SanitizerHook("tested").test_connection()
    assert found is works and message in said


def test_this_airflow_is_among_those_that_are_said_to_be_tested() -> None:
    from airflow import __version__

    page = (ROOT / "docs" / "airflow.md").read_text()
    assert __version__ in TESTED
    assert all(release in page and release in get_provider_info()["description"] for release in TESTED)


def test_the_provider_is_as_airflows_schemas_have_it(airflow_home: Path) -> None:
    import airflow
    from jsonschema import Draft7Validator

    info = get_provider_info()
    folder = Path(airflow.__path__[0])
    Draft7Validator(json.loads((folder / "provider_info.schema.json").read_text())).validate(info)
    connection = json.loads((folder / "provider.yaml.schema.json").read_text())["properties"]["connection-types"]
    Draft7Validator(connection).validate(info["connection-types"])
