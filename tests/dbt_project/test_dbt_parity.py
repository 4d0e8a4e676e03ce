"""Every recipe of the case files gives through dbt the cells that a run gives, in each warehouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlglot import exp

from case_runner import Case, Outcome, all_cases, put, run_case, shown
from dbt_projects import Project, Ran, Warehouse
from sanitizer_core.chain import named
from sanitizer_core.dbt.sync import wanted, write
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.recipe import Recipe
from sanitizer_core.schema import Schema
from sanitizer_core.sql import cast_to, literal

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Prepared:
    """A case that runs, and what a run made of it."""

    name: str
    case: Case
    recipe: Recipe
    schema: Schema
    outcome: Outcome


@dataclass(frozen=True)
class Built:
    """One project with a model per case, built once."""

    warehouse: Warehouse
    cases: list[Prepared]
    ran: Ran


def prepared() -> Iterator[Prepared]:
    """The cases that are no errors, each with the outcome of a run."""
    with pytest.MonkeyPatch.context() as patch, DuckDBEngine.open(threads=1) as engine:
        patch.setenv("SANITIZER_KEY", "a key for tests, not a secret")
        for number, case in enumerate(all_cases()):
            if "error" not in case.data:
                recipe = case.recipe.model_copy(update={"name": f"case_{number}"})
                schema = put(engine, "source", case.data["input"], case.data.get("types", {}))
                yield Prepared(recipe.name, case, recipe, schema, run_case(engine, recipe, schema))


@pytest.fixture(scope="session")
def cases() -> list[Prepared]:
    return list(prepared())


def table_of(each: Prepared, warehouse: Warehouse) -> str:
    """The statement that makes a case's table."""
    rows = list(zip(*each.case.data["input"].values(), strict=True)) or [(None,) * len(each.schema)]
    parts: list[exp.Query] = [
        exp.select(
            *(named(cast_to(literal(cell), kind.type), kind.name) for cell, kind in zip(row, each.schema, strict=True))
        )
        for row in rows
    ]
    query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    if not any(each.case.data["input"].values()):
        query = exp.select("*").from_(query.subquery("one")).where(exp.false())
    table = exp.Table(this=exp.to_identifier(each.name), db=exp.to_identifier(warehouse.schema, quoted=True))
    return exp.Create(this=table, kind="TABLE", expression=query).sql(warehouse.adapter)


def pin(project: Project, each: Prepared) -> dict[str, Any]:
    """Writes the recipe with its measured values; gives its pin."""
    file = f"recipes/{each.name}.json"
    steps = {number: dict(values) for number, values in each.outcome.cleaned.fitted.items()}
    fitted = FittedRecipe(recipe=each.recipe.plain(), digest=each.recipe.digest(), columns={}, steps=steps)
    fitted.dump(project.write(file, ""))
    return {"file": file, "columns": {column.name: str(column.type) for column in each.schema}}


def tables(warehouse: Warehouse, cases: list[Prepared]) -> Iterator[Prepared]:
    """The cases whose cells the warehouse can hold: Postgres knows no NUL in a text."""
    for each in cases:
        statement = table_of(each, warehouse)
        if warehouse.adapter != "postgres" or "\0" not in statement:
            warehouse.execute(statement)
            yield each


@pytest.fixture(scope="module")
def built(warehouse: Warehouse, cases: list[Prepared]) -> Built:
    project = warehouse.project(models={"+materialized": "table"})
    held = list(tables(warehouse, cases))
    project.dump("sanitizer.yml", {"adapters": [warehouse.adapter], "recipes": [pin(project, each) for each in held]})
    told = [{"name": each.name} for each in held]
    project.dump("models/sources.yml", {"sources": [{"name": "raw", "schema": warehouse.schema, "tables": told}]})
    for each in held:
        call = f"sanitizer.clean(source('raw', '{each.name}'), '{each.name}')"
        project.write(f"models/clean_{each.name}.sql", f"{{{{ {call} }}}}")
    write(project.folder, wanted(project.folder, lambda relation: {}))
    return Built(warehouse, held, project.dbt("run"))


REFUSED = re.compile(
    r"cannot be had on \w+: .*(runs Python|needs the key|order of (the )?rows|depends on their order|named by their numbers|cannot say)",
    re.DOTALL,
)
LEAST = {"duckdb": 330, "postgres": 290}
"""How many cases are compared at least; the others are refused."""


def test_every_case_gives_through_dbt_the_cells_of_a_run(built: Built) -> None:
    wrong: dict[str, object] = {}
    compared = 0
    for each in built.cases:
        model = f"clean_{each.name}"
        if built.ran.nodes.get(model) != "success":
            if not REFUSED.search(built.ran.messages.get(model, built.ran.said)):
                wrong[str(each.case)] = built.ran.messages.get(model, built.ran.said)
            continue
        compared += 1
        names, rows = built.warehouse.table(model)
        if names != each.outcome.names or comparable(built, rows) != comparable(built, each.outcome.rows):
            wrong[str(each.case)] = names, rows, each.outcome.rows
    assert not wrong
    assert compared >= LEAST[built.warehouse.adapter]


def comparable(built: Built, rows: list[tuple[Any, ...]]) -> list[Any]:
    """The rows in their order, where tables have one."""
    return shown(rows) if built.warehouse.adapter == "duckdb" else sorted(shown(rows), key=repr)
