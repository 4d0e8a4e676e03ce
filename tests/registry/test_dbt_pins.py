"""A dbt project pins versions of a registry by number or label; what was pulled is locked, and checked without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from dbt_projects import DuckDBWarehouse
from registry.served import Served
from sanitizer_core.cli import app
from sanitizer_core.errors import RegistryError
from sanitizer_core.registry import Registry

CONTRACT = "contract: clean\nversion: 1\nschema:\n  columns:\n    name: {dtype: str}\n"


def recipe(case: str) -> str:
    step = {"op": "clean_text", "params": {"columns": ["name"], "case": case}}
    return yaml.safe_dump({"name": "people", "version": 1, "input": {"columns": {"name": "string"}}, "steps": [step]})


@pytest.fixture
def registry(join: Any, served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry with two versions of a recipe, of which the first is in production, and a contract."""
    token = join().http.post("/tokens", json={"name": "tests", "scopes": ["read", "publish", "report"]}).json()["token"]
    monkeypatch.setenv("SANITIZER_TOKEN", token)
    with Registry.connect(served.address) as opened:
        for case in ("lower", "upper"):
            opened.publish("recipes", recipe(case), following=True)
        opened.label("recipes", "people", "production", 1)
        opened.publish("contracts", CONTRACT)
        yield opened


@pytest.fixture
def project(tmp_path: Path, served: Served) -> Path:
    (tmp_path / "dbt_project.yml").write_text("name: shop\nversion: '1.0'\nprofile: shop\n")
    pins = {
        "registry": served.address,
        "recipes": ["people@production"],
        "contracts": ["clean@1"],
        "adapters": ["duckdb"],
    }
    (tmp_path / "sanitizer.yml").write_text(yaml.safe_dump(pins))
    return tmp_path


def sync(project: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["dbt", "sync", "--project-dir", str(project), *more])


def test_a_label_is_followed_and_a_check_needs_no_registry(
    project: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sync(project).exit_code == 0
    lock = json.loads((project / "sanitizer.lock").read_text())
    entry = lock["recipes"]["people v1"]
    assert (entry["file"], entry["published"]) == ("sanitizer/recipes/people@1.json", "people@production")
    assert lock["files"].keys() >= {"sanitizer/recipes/people@1.json", "macros/sanitizer/people_v1.sql"}
    assert "in step" in sync(project).output
    registry.label("recipes", "people", "production", 2)
    with monkeypatch.context() as away:
        away.setenv("SANITIZER_REGISTRY", "http://127.0.0.1:9")
        assert sync(project, "--check").exit_code == 0
    assert sync(project).exit_code == 0
    written = {path.name for path in project.rglob("*people*")}
    assert written == {"people@2.json", "people_v2.sql"}


def test_what_was_pulled_and_edited_fails_the_check(project: Path, registry: Registry) -> None:
    sync(project)
    (project / "sanitizer/recipes/people@1.json").write_text(recipe("title"))
    told = sync(project, "--check")
    assert told.exit_code != 0 and "its file is another one now" in str(told.exception)
    assert sync(project).exit_code == 0 and sync(project, "--check").exit_code == 0


def test_what_is_not_there_is_told(project: Path, registry: Registry) -> None:
    pins = yaml.safe_load((project / "sanitizer.yml").read_text())
    (project / "sanitizer.yml").write_text(yaml.safe_dump(pins | {"recipes": ["people@producton"]}))
    told = sync(project)
    assert isinstance(told.exception, RegistryError) and "Did you mean 'production'?" in str(told.exception)
    assert not (project / "sanitizer.lock").exists()


@pytest.mark.slow
def test_what_dbt_built_of_a_pinned_version_is_reported(
    tmp_path: Path, registry: Registry, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANITIZER_SPOOL", str(tmp_path / "spool"))
    project = DuckDBWarehouse(tmp_path).project()
    project.write("seeds/raw.csv", "name\nAda\nADA\nbob\n")
    for what in ("clean", "changes"):
        project.write(f"models/{what}.sql", f"{{{{ sanitizer.{what}(ref('raw'), 'people') }}}}")
    project.dump(
        "sanitizer.yml", {"registry": served.address, "adapters": ["duckdb"], "recipes": ["people@production"]}
    )
    folders = ["--project-dir", str(project.folder), "--profiles-dir", str(project.folder)]
    assert CliRunner().invoke(app, ["dbt", "sync", *folders]).exit_code == 0
    said = project.shell("build")
    done = CliRunner().invoke(
        app, ["dbt", "publish", str(project.folder / "target"), *folders, "--registry", served.address, "--json"]
    )
    assert done.exit_code == 0 and json.loads(done.output)["notes"] == [], f"{done.output} {done.exception} {said}"
    (run,) = registry.runs()
    assert (run.recipe_name, run.recipe_version, run.rows_in, run.cells_changed) == ("people", 1, 3, 2)
