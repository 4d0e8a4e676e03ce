"""A recipe that nobody fitted measures in its own statement, through dbt too, and gives the cells of a run."""

from __future__ import annotations

import duckdb
import pytest

from dbt_projects import Warehouse
from sanitizer_core import run
from sanitizer_core.dbt.sync import wanted, write

pytestmark = pytest.mark.slow

RECIPE = {
    "name": "people",
    "version": 1,
    "input": {"columns": {"id": "integer", "age": "integer", "pay": "float"}},
    "steps": [
        {"op": "handle_missing", "params": {"columns": ["age"], "strategy": "median"}},
        {"op": "handle_outliers", "params": {"columns": ["age", "pay"], "method": "IQR", "action": "clip"}},
        {"op": "scale_numeric", "params": {"columns": ["pay"], "method": "minmax"}},
    ],
}
ROWS = [
    (number, None if number % 5 == 0 else 20 + number % 9, number * 1.5 if number != 13 else 9000.0)
    for number in range(1, 30)
]


def test_what_a_recipe_measures_is_measured_in_the_statement(warehouse: Warehouse) -> None:
    listed = ", ".join(f"({number}, {'NULL' if age is None else age}, {pay})" for number, age, pay in ROWS)
    warehouse.execute(
        "CREATE TABLE raw_people (id BIGINT, age BIGINT, pay DOUBLE PRECISION)",
        f"INSERT INTO raw_people VALUES {listed}",
    )
    project = warehouse.project(models={"+materialized": "table"})
    project.dump("people.yaml", RECIPE)
    project.dump("sanitizer.yml", {"adapters": [warehouse.adapter], "recipes": ["people.yaml"]})
    tables = [{"name": "raw_people"}]
    project.dump("models/sources.yml", {"sources": [{"name": "raw", "schema": warehouse.schema, "tables": tables}]})
    project.write("models/people.sql", "{{ sanitizer.clean(source('raw', 'raw_people'), 'people') }}")
    write(project.folder, wanted(project.folder, lambda relation: {}))
    ran = project.dbt("run")
    assert ran.success, ran.said
    project.write(
        "raw.csv", "id,age,pay\n" + "".join(f"{n},{'' if age is None else age},{pay}\n" for n, age, pay in ROWS)
    )
    output = project.folder / "clean.parquet"
    run(str(project.folder / "raw.csv"), str(project.folder / "people.yaml"), output)
    expected = duckdb.execute(f"SELECT id, age, pay FROM '{output}' ORDER BY id").fetchall()
    assert sorted(warehouse.table("people")[1]) == expected
