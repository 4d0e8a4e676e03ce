"""Every recipe of the case files gives through dbt the cells that a run gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from case_runner import Case, Outcome, all_cases, put, run_case, shown
from dbt_projects import DuckDBWarehouse, Project, Ran
from sanitizer_core.dbt.sync import wanted, write
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import Schema

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Prepared:
    """A case that runs, and what a run made of it."""

    name: str
    case: Case
    recipe: Recipe
    schema: Schema
    outcome: Outcome


def prepared(engine: DuckDBEngine) -> Iterator[Prepared]:
    """The cases that are no errors, each with the outcome of a run."""
    for number, case in enumerate(all_cases()):
        if "error" in case.data:
            continue
        name = f"case_{number}"
        recipe = case.recipe.model_copy(update={"name": name})
        schema = put(engine, "source", case.data["input"], case.data.get("types", {}))
        yield Prepared(name, case, recipe, schema, run_case(engine, recipe, schema))


def pin(project: Project, each: Prepared) -> dict[str, Any]:
    """Writes the recipe with its measured values; gives its pin."""
    file = f"recipes/{each.name}.json"
    fitted = FittedRecipe(
        recipe=each.recipe.plain(),
        digest=each.recipe.digest(),
        columns={},
        steps={number: dict(values) for number, values in each.outcome.cleaned.fitted.items()},
    )
    fitted.dump(project.write(file, ""))
    columns = {column.name: str(column.type) for column in each.schema}
    return {"file": file, "columns": columns}


@pytest.fixture(scope="module")
def key() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANITIZER_KEY", "a key for tests, not a secret")
        yield


@pytest.fixture(scope="module")
def cases(key: None) -> list[Prepared]:
    with DuckDBEngine.open(threads=1) as engine:
        return list(prepared(engine))


@pytest.fixture(scope="module")
def built(cases: list[Prepared], tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Ran]:
    """One project with a model per case, built once on DuckDB."""
    project = DuckDBWarehouse(tmp_path_factory.mktemp("duckdb")).project(models={"+materialized": "table"})
    with DuckDBEngine.open(threads=1) as engine:
        engine.execute(f"ATTACH '{project.folder.parent / 'warehouse.duckdb'}' AS warehouse")
        engine.execute("CREATE SCHEMA warehouse.raw")
        for each in cases:
            put(engine, "source", each.case.data["input"], each.case.data.get("types", {}))
            engine.execute(f"CREATE TABLE warehouse.raw.{each.name} AS FROM source")
        engine.execute("DETACH warehouse")
    project.dump("sanitizer.yml", {"adapters": ["duckdb"], "recipes": [pin(project, each) for each in cases]})
    tables = [{"name": each.name} for each in cases]
    project.dump("models/sources.yml", {"sources": [{"name": "raw", "schema": "raw", "tables": tables}]})
    for each in cases:
        project.write(
            f"models/clean_{each.name}.sql", f"{{{{ sanitizer.clean(source('raw', '{each.name}'), '{each.name}') }}}}"
        )
    write(project.folder, wanted(project.folder, lambda relation: {}))
    return project, project.dbt("run")


REFUSED = re.compile(r"cannot be had on duckdb: .*(runs Python|needs the key)", re.DOTALL)


def test_every_case_gives_through_dbt_the_cells_of_a_run(cases: list[Prepared], built: tuple[Project, Ran]) -> None:
    project, ran = built
    wrong: dict[str, object] = {}
    compared = 0
    with duckdb.connect(str(project.folder.parent / "warehouse.duckdb"), read_only=True) as warehouse:
        for each in cases:
            model = f"clean_{each.name}"
            if ran.nodes.get(model) != "success":
                if not REFUSED.search(ran.messages.get(model, ran.said)):
                    wrong[str(each.case)] = ran.messages.get(model, ran.said)
                continue
            got = warehouse.sql(f"SELECT * FROM {model}")
            compared += 1
            if got.columns != each.outcome.names or shown(got.fetchall()) != shown(each.outcome.rows):
                wrong[str(each.case)] = got.columns, got.fetchall(), each.outcome.rows
    assert not wrong
    assert compared > 300
