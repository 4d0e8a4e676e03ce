"""A recipe that declares no columns is compiled for those of a relation, read through the project's own dbt."""

from __future__ import annotations

import json

from typer.testing import CliRunner, Result

from dbt_projects import Project, Warehouse
from sanitizer_core.cli import app

PINS = {
    "recipes": [{"file": "names.yaml", "relation": "raw.names"}, {"file": "names2.yaml", "relation": "names_model"}]
}


def sync(project: Project, *options: str) -> Result:
    folders = ["--project-dir", str(project.folder), "--profiles-dir", str(project.folder)]
    return CliRunner().invoke(app, ["dbt", "sync", *folders, *options])


def test_columns_come_from_the_warehouse_and_a_check_needs_none(warehouse: Warehouse) -> None:
    project = warehouse.project()
    recipe = {
        "name": "names",
        "steps": [{"op": "replace_values", "params": {"columns": "all text", "mapping": {"-": None}}}],
    }
    project.dump("names.yaml", recipe)
    project.dump("names2.yaml", recipe | {"version": 2})
    project.dump("sanitizer.yml", PINS | {"adapters": [warehouse.adapter]})
    sources = [{"name": "raw", "schema": warehouse.schema, "tables": [{"name": "names"}]}]
    project.dump("models/sources.yml", {"version": 2, "sources": sources})
    project.write("models/clean.sql", "{{ sanitizer.clean(source('raw', 'names'), 'names', version=1) }}")
    project.write("models/names_model.sql", "select 1 as n, '-' as t")
    absent = sync(project)
    assert absent.exit_code != 0 and "'raw.names' is not there yet" in str(absent.exception)
    warehouse.execute("CREATE TABLE names (id INTEGER, a VARCHAR(9), b VARCHAR, seen TIMESTAMP, more DECIMAL(9, 2))")
    warehouse.execute("INSERT INTO names VALUES (1, '-', 'x', NULL, 1.50)")
    warehouse.execute("CREATE VIEW names_model AS SELECT 1 AS n, '-' AS t")
    done = sync(project)
    assert done.exit_code == 0, done.output + str(done.exception)
    lock = json.loads((project.folder / "sanitizer.lock").read_text())
    assert lock["recipes"]["names v1"]["columns"] == {
        "id": "integer", "a": "text", "b": "text", "seen": "timestamp", "more": "decimal(9,2)",
    }  # fmt: skip
    warehouse.execute("ALTER TABLE names ADD COLUMN c VARCHAR")
    assert sync(project, "--check").exit_code == 0
    ran = project.dbt("run", "--select", "clean")
    assert ran.success, ran.messages
    names, rows = warehouse.table("clean")
    assert (names, [str(cell) for cell in rows[0]]) == (
        ["id", "a", "b", "seen", "more", "c"],
        ["1", "None", "x", "None", "1.50", "None"],
    )
