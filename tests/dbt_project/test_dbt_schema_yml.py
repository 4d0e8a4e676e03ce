"""A contract in dbt's own words, which dbt itself enforces and tests."""

from __future__ import annotations

import yaml
from typer.testing import CliRunner

from dbt_projects import Warehouse
from sanitizer_core.cli import app

CONTRACT = {
    "contract": "orders",
    "version": 2,
    "severities": {"state.isin": "warning"},
    "thresholds": {"code.isin": {"max_count": 1}},
    "schema": {
        "schema_type": "dataframe",
        "strict": True,
        "columns": {
            "id": {"dtype": "int64", "unique": True},
            "amount": {"dtype": "float64", "nullable": True, "checks": {"greater_than": 0}},
            "state": {"dtype": "str", "nullable": True, "checks": {"isin": ["new", "old"]}},
            "code": {"dtype": "int64", "checks": {"isin": [1, 2]}},
        },
    },
}
OTHER = {"version": 2, "models": [{"name": "other", "description": "stays"}, {"name": "orders", "description": "goes"}]}


def test_types_tests_and_an_enforced_contract(warehouse: Warehouse) -> None:
    project = warehouse.project()
    contract = project.dump("contracts/orders.yaml", CONTRACT)
    schema = project.dump("models/schema.yml", OTHER)
    arguments = ["contract", "dbt", str(contract), "--model", "orders", "--adapter", warehouse.adapter]
    done = CliRunner().invoke(app, [*arguments, "-o", str(schema)])
    assert done.exit_code == 0, done.output
    other, orders = yaml.safe_load(schema.read_text())["models"]
    assert other == OTHER["models"][0]  # type: ignore[index]
    assert orders["config"] == {"contract": {"enforced": True}} and "description" not in orders
    assert [each["name"] for each in orders["columns"]] == ["id", "amount", "state", "code"]
    double = "double" if warehouse.adapter == "duckdb" else "double precision"
    assert [each["data_type"] for each in orders["columns"]] == ["bigint", double, "text", "bigint"]
    double = orders["columns"][1]["data_type"]
    row = (
        "select cast({} as bigint) as id, cast(1.5 as "
        + double
        + ") as amount, '{}' as state, cast(1 as bigint) as code"
    )
    project.write("models/other.sql", "select 1 as a")
    project.write("models/orders.sql", " union all ".join(row.format(*each) for each in [(1, "new"), (1, "odd")]))
    project.dump("sanitizer.yml", {"adapters": [warehouse.adapter], "contracts": ["contracts/orders.yaml"]})
    assert CliRunner().invoke(app, ["dbt", "sync", "--project-dir", str(project.folder)]).exit_code == 0
    ran = project.dbt("build")
    assert ran.nodes["orders"] == "success", ran.messages
    by_kind = {name.split("_orders_")[0]: status for name, status in ran.nodes.items() if "_orders_" in name}
    assert by_kind["not_null"] == "pass" and by_kind["unique"] == "fail"
    values = {name: status for name, status in ran.nodes.items() if name.startswith("accepted_values")}
    assert list(values.values()) == ["warn"]
    project.write("models/orders.sql", "select 'x' as id")
    again = project.dbt("run", "--select", "orders")
    assert not again.success and "contract" in (again.messages["orders"] + again.said).lower()
