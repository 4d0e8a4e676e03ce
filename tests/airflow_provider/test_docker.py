"""The images and the compose file, read as Docker reads them; what they run is run without containers elsewhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib

import pytest

from airflow_provider import images
from showcase.airflow import COMPONENTS

OURS = ("registry", "worker", "airflow")


@pytest.mark.parametrize("stage", OURS)
def test_an_image_is_slim_has_no_root_and_tells_its_health(stage: str) -> None:
    told = images.instructions(stage)
    assert [rest for word, rest in told if word == "USER"][-1] == "sanitizer"
    assert any(word == "HEALTHCHECK" for word, _ in told)
    assert not any(word == "RUN" and "install" in rest for word, rest in told), (
        "what installs stays in the build's stage"
    )
    sources = [rest.split()[:-1] for word, rest in told if word == "COPY" and "--from=" not in rest]
    assert all((images.ROOT / each).exists() for copied in sources for each in copied)


def test_what_is_kept_in_a_volume_belongs_to_who_writes_it() -> None:
    """Docker gives a new volume the owner of the folder that it covers; of one that is not there, root."""
    mounted = {
        place.partition(":")[2]
        for name in images.ours()
        for place in images.compose()["services"][name].get("volumes", ())
    }
    prepared = " ".join(rest for word, rest in images.instructions("airflow") if word == "RUN" and "chown" in rest)
    assert mounted == {"/data", "/srv/sanitizer/airflow/logs"}
    assert all(place in prepared for place in mounted)


def test_images_install_extras_that_exist() -> None:
    extras = tomllib.loads((images.ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    asked = re.findall(r'"\.\[([\w,]+)\]"', (images.DOCKER / "Dockerfile").read_text())
    assert len(asked) == 2
    assert {name for each in asked for name in each.split(",")} <= set(extras)


def test_every_service_is_built_from_a_stage_or_an_image_waits_and_tells_its_health() -> None:
    services = images.compose()["services"]
    assert {"postgres", "store", "registry", "worker", "airflow", "scheduler", "dag-processor", "triggerer"} <= set(
        services
    )
    for name, service in services.items():
        assert ("build" in service) != ("image" in service), name
        if "build" in service:
            assert images.instructions(service["build"]["target"]), name
            assert set(service["depends_on"]) <= set(services), name
        else:
            assert "healthcheck" in service, name
        ports = service.get("ports", [])
        assert all(str(port).startswith("127.0.0.1:") for port in ports), f"{name} listens to everybody"


def test_no_secret_has_a_default() -> None:
    asked = re.findall(r"\$\{(\w+)(:[-?])?[^}]*\}", (images.DOCKER / "compose.yaml").read_text())
    named = {line.split("=")[0] for line in (images.DOCKER / "example.env").read_text().splitlines() if "=" in line}
    assert {name for name, _ in asked} == named
    assert all(line.endswith("=") for line in (images.DOCKER / "example.env").read_text().splitlines() if "=" in line)


def test_containers_run_what_the_showcase_runs() -> None:
    known = {("sanitizer", "serve"), ("sanitizer", "worker"), ("airflow", "db"), ("airflow", "api-server")}
    known |= {("airflow", command[0]) for command in COMPONENTS.values()}
    commands = [json.loads(rest) for stage in OURS for word, rest in images.instructions(stage) if word == "CMD"]
    commands += [
        service["command"]
        for service in images.compose()["services"].values()
        if "build" in service and "command" in service
    ]
    assert {tuple(command[:2]) for command in commands} == known


@pytest.mark.slow
@pytest.mark.parametrize("command", [("serve", "--host", "--port"), ("worker",)])
def test_the_registrys_commands_take_the_options_of_the_containers(command: tuple[str, ...]) -> None:
    program = f"import typer; from sanitizer_api.cli import {command[0]}_command as run; typer.run(run)"
    done = subprocess.run([sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=True)
    assert all(option in done.stdout for option in command[1:])
