"""Contracts as generic tests: failing rows with reasons, and what dbt users know about tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from dbt_projects import Project, Ran, Warehouse
from sanitizer_core.dbt.sync import wanted, write

CONTRACT = {
    "contract": "orders",
    "version": 2,
    "severities": {"state.isin": "warning"},
    "schema": {
        "schema_type": "dataframe",
        "columns": {
            "id": {"dtype": "int64", "unique": True},
            "amount": {"dtype": "int64", "checks": {"greater_than": 0}},
            "state": {"dtype": "str", "nullable": True, "checks": {"isin": ["new", "it's"]}},
        },
    },
}


def asked(**arguments: Any) -> dict[str, Any]:
    config = {key: arguments.pop(key) for key in ("severity", "warn_if", "error_if", "store_failures", "alias", "where")
              if key in arguments}  # fmt: skip
    return {
        "sanitizer.meets_contract": {"arguments": {"contract": "orders"} | arguments, "name": config["alias"]}
        | {"config": config}
    }


TESTS = {
    "orders": [
        asked(alias="fails"),
        asked(alias="warns", severity="warn"),
        asked(alias="few_enough", error_if=">2", warn_if=">1", version=2),
        asked(alias="kept", store_failures=True, level="warning"),
        asked(alias="some_rows", where="id > 3"),
    ],
    "sound": [asked(alias="passes")],
    "lacking": [asked(alias="lacks")],
}


@dataclass(frozen=True)
class Built:
    """A project that was built, and what came of it."""

    warehouse: Warehouse
    project: Project
    ran: Ran


@pytest.fixture(scope="module")
def built(warehouse: Warehouse) -> Built:
    project = warehouse.project()
    project.write(
        "seeds/orders.csv", "id,amount,state,more\n1,5,new,a\n2,-1,new,b\n3,7,old,c\n3,8,it's,d\n4,9,,e\n5,9,odd,f\n"
    )
    project.write("models/sound.sql", "select * from {{ ref('orders') }} where id in (1, 4)")
    project.write("models/lacking.sql", "select id, state, state as amount from {{ ref('orders') }}")
    models = [{"name": name, "data_tests": tests} for name, tests in TESTS.items() if name != "orders"]
    seeds = [{"name": "orders", "data_tests": TESTS["orders"]}]
    project.dump("models/schema.yml", {"version": 2, "models": models, "seeds": seeds})
    project.dump("contracts/orders.yaml", CONTRACT)
    project.dump("sanitizer.yml", {"adapters": [warehouse.adapter], "contracts": ["contracts/orders.yaml"]})
    write(project.folder, wanted(project.folder, lambda relation: {}))
    assert (seeded := project.dbt("seed")).success, seeded.said
    project.dbt("run")
    return Built(warehouse, project, project.dbt("test"))


@pytest.mark.parametrize(
    ("test", "status", "failures"),
    [
        ("fails", "fail", 3),
        ("warns", "warn", 3),
        ("few_enough", "fail", 3),
        ("kept", "fail", 4),
        ("some_rows", "pass", 0),
        ("passes", "pass", 0),
        ("lacks", "fail", 1),
    ],
)
def test_severity_and_thresholds_are_dbts_own(built: Built, test: str, status: str, failures: int) -> None:
    assert built.ran.nodes[test] == status, built.ran.said
    assert failures == 0 or f"Got {failures} result" in built.ran.messages[test]


def test_failing_rows_are_kept_whole_with_their_reasons(built: Built) -> None:
    schema = f"{built.warehouse.schema}_dbt_test__audit"
    names, rows = built.warehouse.table(f"{schema}.kept")
    assert names == ["id", "amount", "state", "reasons", "failed_columns", "severity"]
    assert sorted((row[0], row[1], *row[4:]) for row in rows) == [
        (2, -1, "amount", "error"),
        (3, 7, "id; state", "error"),
        (3, 8, "id", "error"),
        (5, 9, "state", "warning"),
    ]
    assert any("state.isin: " in row[3] and "id.unique: " in row[3] for row in rows)
