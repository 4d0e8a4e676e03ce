"""Macros are written from what a project pins; running it again changes nothing, and what is out of step is told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sanitizer_core.cli import app
from sanitizer_core.dbt.jinja import constant, escaped
from sanitizer_core.dbt.sync import Wanted, compare, wanted, write
from sanitizer_core.errors import ProjectError, SanitizerError

RECIPE = """
name: customers
version: {version}
input: {{columns: {{id: integer, name: string}}}}
steps:
  - {{op: clean_text, params: {{columns: [name], case: {case}}}}}
"""


def no_warehouse(relation: str) -> Mapping[str, str]:
    raise AssertionError(f"nothing here asks a warehouse, but {relation} was asked for")


def sync(folder: Path) -> dict[str, str]:
    return dict(write(folder, target(folder)))


def target(folder: Path) -> Wanted:
    return wanted(folder, no_warehouse)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dbt_project.yml").write_text("name: shop\nversion: '1.0'\nprofile: shop\n")
    (tmp_path / "sanitizer.yml").write_text("recipes: [customers.yaml]\nadapters: [duckdb]\n")
    (tmp_path / "customers.yaml").write_text(RECIPE.format(version=3, case="lower"))
    return tmp_path


def test_a_second_sync_changes_nothing(project: Path) -> None:
    assert sync(project) == {
        "macros/sanitizer/customers_v3.sql": "missing",
        "macros/sanitizer/index.sql": "missing",
        "sanitizer.lock": "missing",
    }
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert sync(project) == {}
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_what_was_edited_is_told_from_what_is_stale(project: Path) -> None:
    sync(project)
    macro = project / "macros/sanitizer/customers_v3.sql"
    macro.write_text(macro.read_text() + "{# mine #}\n")
    assert compare(project, target(project)) == {"macros/sanitizer/customers_v3.sql": "edited"}
    sync(project)
    (project / "customers.yaml").write_text(RECIPE.format(version=3, case="upper"))
    found = compare(project, target(project))
    assert found == {
        "macros/sanitizer/customers_v3.sql": "stale",
        "macros/sanitizer/index.sql": "stale",
        "sanitizer.lock": "stale",
    }


def test_a_version_that_is_no_longer_pinned_goes_and_two_can_be_pinned(project: Path) -> None:
    sync(project)
    (project / "next.yaml").write_text(RECIPE.format(version=4, case="upper"))
    (project / "sanitizer.yml").write_text("recipes: [customers.yaml, next.yaml]\nadapters: [duckdb]\n")
    sync(project)
    assert {each.name for each in (project / "macros/sanitizer").iterdir()} == {
        "customers_v3.sql", "customers_v4.sql", "index.sql",
    }  # fmt: skip
    (project / "sanitizer.yml").write_text("recipes: [next.yaml]\nadapters: [duckdb]\n")
    assert sync(project)["macros/sanitizer/customers_v3.sql"] == "left over"
    assert not (project / "macros/sanitizer/customers_v3.sql").exists()


def test_the_command_checks_in_ci(project: Path) -> None:
    runner = CliRunner()
    command = ["dbt", "sync", "--project-dir", str(project)]
    assert runner.invoke(app, [*command, "--check"]).exit_code == 1
    assert runner.invoke(app, command).exit_code == 0
    checked = runner.invoke(app, [*command, "--check"])
    assert (checked.exit_code, checked.output.strip()) == (0, "1 pin, everything is in step")


@pytest.mark.parametrize(
    ("pins", "said"),
    [
        ("recipes: [https://registry.example/customers/3]\n", "a file or a published version"),
        ("recipes: [customers@3]\n", "pinned from a registry, and none is named"),
        ("recipes: [{file: customers.yaml, published: customers@3}]\n", "either a file or what is published"),
        ("recipes: [{published: 'customers@3@4'}]\n", "is no published version"),
        ("recipe: [customers.yaml]\n", "Did you mean 'recipes'"),
        ("recipes: [{file: customers.yaml, on_new_column: fail}]\n", "Did you mean 'on_new_columns'"),
        ("recipes: [customers.yaml, customers.yaml]\n", "pinned twice"),
        ("recipes: [nowhere.yaml]\n", "no such file"),
        ("recipes: [bare.yaml]\n", "columns that bare v1 reads are not known"),
        ("recipes: []\nadapters: [oracle]\n", "adapters"),
    ],
)
def test_a_pin_that_cannot_be_is_refused(project: Path, pins: str, said: str) -> None:
    (project / "bare.yaml").write_text("name: bare\nsteps: []\n")
    (project / "sanitizer.yml").write_text(pins)
    with pytest.raises(SanitizerError) as raised:
        target(project)
    assert said in str(raised.value)


def test_pins_may_stand_in_the_projects_vars_but_not_twice(project: Path) -> None:
    both = "name: shop\nversion: '1.0'\nprofile: shop\nvars: {sanitizer: {recipes: [customers.yaml]}}\n"
    (project / "dbt_project.yml").write_text(both)
    with pytest.raises(ProjectError, match="pinned twice"):
        target(project)
    (project / "sanitizer.yml").unlink()
    assert "customers v3" in target(project).lock.recipes
    with pytest.raises(ProjectError, match="not the folder of a dbt project"):
        target(project / "macros")


def test_a_dialect_that_cannot_say_a_step_gets_a_macro_that_says_so(project: Path) -> None:
    (project / "customers.yaml").write_text(
        "name: customers\ninput: {columns: {name: string}}\nsteps:\n  - {op: python, params: {function: 'os.path:join'}}\n"
    )
    macro = target(project).files["macros/sanitizer/customers_v1.sql"]
    assert "raise_compiler_error('The recipe customers v1 cannot be had on duckdb: it runs Python" in macro


def test_nothing_in_a_text_is_read_by_jinja() -> None:
    import jinja2

    awkward = "a {{ b }} {% raw %} {# c #} {{{ }}} {%- endraw %} 'q' \"d\" \\n \r\n é \u2028 {"
    render = jinja2.Environment().from_string
    assert render(escaped(awkward) + ".").render() == awkward + "."
    assert render("{{ " + constant(awkward) + " }}.").render() == awkward + "."
