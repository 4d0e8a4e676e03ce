"""Recipes in models: views, tables and batches, columns that come and go, versions, and errors that say what to do."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from dbt_projects import Project, Ran, Warehouse
from sanitizer_core.dbt.sync import wanted, write
from sanitizer_core.fitted import FittedRecipe
from sanitizer_core.recipe import Recipe

CUSTOMERS = {
    "name": "customers",
    "version": 3,
    "input": {"columns": {"id": "integer", "name": "string", "age": "integer"}, "order": ["id"]},
    "steps": [
        {"op": "replace_values", "params": {"columns": ["name"], "mapping": {"{{x}}": "it's {% x %}\r\n"}}},
        {"op": "filter_rows", "params": {"drop": "age < 0"}},
        {
            "op": "derive_column",
            "params": {"name": "how", "expression": "case when age > 9 then 'old' else 'young' end"},
        },
    ],
}
FILLED = {
    "name": "filled",
    "input": {"columns": {"id": "integer", "age": "integer"}},
    "steps": [{"op": "handle_missing", "params": {"columns": ["age"], "strategy": "median"}}],
}
MODELS = {
    "customers": "{{ sanitizer.clean(ref('raw'), recipe='customers', version=3) }}",
    "as_table": "{{ config(materialized='table') }}\n{{ sanitizer.clean(ref('raw'), 'customers') }}",
    "from_text": "{{ sanitizer.clean(ref('raw_text'), 'customers') }}",
    "inside": "with clean as (\n{{ sanitizer.clean(ref('raw'), 'customers') }}\n) select count(*) as n from clean",
    "over_ephemeral": "{{ sanitizer.clean(ref('fleeting'), 'customers') }}",
    "fleeting": "{{ config(materialized='ephemeral') }}\nselect id, name, age from {{ ref('raw') }}",
    "changes": "{{ sanitizer.changes(ref('raw'), 'customers') }}",
    "removed": "{{ sanitizer.removed(ref('raw'), 'customers') }}",
    "rejected": "{{ sanitizer.rejected(ref('raw_text'), 'customers') }}",
    "batches": (
        "{{ config(materialized='incremental') }}\n"
        "{% set new = 'id > (select max(id) from ' ~ this ~ ')' if is_incremental() else none %}\n"
        "{{ sanitizer.clean(ref('aged'), 'pinned', where=new) }}"
    ),
    "batches_unpinned": "{{ config(materialized='incremental') }}\n{{ sanitizer.clean(ref('aged'), 'filled') }}",
    "no_such_recipe": "{{ sanitizer.clean(ref('raw'), 'custommers') }}",
    "no_such_version": "{{ sanitizer.clean(ref('raw'), 'customers', version=7) }}",
    "missing_columns": "{{ sanitizer.clean(ref('aged'), 'customers') }}",
    "unlike": "{{ sanitizer.clean(ref('raw_dates'), 'customers') }}",
    "strict": "{{ sanitizer.clean(ref('raw'), 'strict') }}",
    "raw_dates": "select id, name, cast('2024-01-01' as timestamp) as age from {{ ref('raw') }}",
    "aged": "select id, case when id = 2 then null else age end as age from {{ ref('raw') }}",
    "raw_text": (
        "select cast(id as text) as id, name, cast(age as text) as age from {{ ref('raw') }}"
        " union all select '5', 'x', 'old'"
    ),
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
    project.write("seeds/raw.csv", 'id,name,age,note\n1,Ada,36,a\n2,{{x}},-1,b\n3,{{x}},4,c\n4,"O\'Hara ""q""",,d\n')
    for name, text in MODELS.items():
        project.write(f"models/{name}.sql", text)
    project.dump("recipes/customers.yaml", CUSTOMERS)
    project.dump("recipes/strict.yaml", CUSTOMERS | {"name": "strict"})
    project.dump("recipes/filled.yaml", FILLED)
    pinned = Recipe.model_validate(FILLED | {"name": "pinned"})
    project.dump("recipes/pinned.yaml", pinned.plain())
    fitted = FittedRecipe(
        recipe=pinned.plain(), digest=pinned.digest(), columns={}, steps={1: {"median(age)": 7, "count(age)": 3}}
    )
    fitted.dump(project.write("recipes/pinned.fitted.json", ""))
    pins = [
        "recipes/customers.yaml",
        {"file": "recipes/strict.yaml", "on_new_columns": "fail"},
        "recipes/filled.yaml",
        {"file": "recipes/pinned.yaml", "fitted": "recipes/pinned.fitted.json"},
    ]
    project.dump("sanitizer.yml", {"adapters": [warehouse.adapter], "recipes": pins})
    write(project.folder, wanted(project.folder, lambda relation: {}))
    return Built(warehouse, project, project.dbt("build"))


CLEAN = [
    (1, "Ada", 36, "old", "a"),
    (3, "it's {% x %}\r\n", 4, "young", "c"),
    (4, 'O\'Hara "q"', None, "young", "d"),
]


@pytest.mark.parametrize("model", ["customers", "as_table"])
def test_a_model_is_cleaned_and_new_columns_pass(built: Built, model: str) -> None:
    names, rows = built.warehouse.table(model)
    assert names == ["id", "name", "age", "how", "note"], built.ran.messages
    assert sorted(rows) == CLEAN


def test_columns_that_are_text_are_read_first(built: Built) -> None:
    assert sorted(built.warehouse.table("from_text")[1]) == [row[:4] for row in CLEAN], built.ran.messages
    names, rows = built.warehouse.table("rejected")
    assert [(row[names.index("id")], row[names.index("age")]) for row in rows] == [("5", "old")]


def test_it_can_stand_in_a_query_and_over_what_is_ephemeral(built: Built) -> None:
    assert built.warehouse.table("inside")[1] == [(3,)], built.ran.messages
    assert sorted(built.warehouse.table("over_ephemeral")[1]) == [row[:4] for row in CLEAN]


def test_the_log_and_the_rows_that_went_are_relations(built: Built) -> None:
    names, rows = built.warehouse.table("changes")
    entry = dict(zip(names, rows[0], strict=True))
    assert len(rows) == 1, built.ran.messages
    assert (entry["row"], entry["column"], entry["old"], entry["new"]) == (2, "name", "{{x}}", "it's {% x %}\r\n")
    names, rows = built.warehouse.table("removed")
    went = dict(zip(names, rows[0], strict=True))
    assert (went["_row"], went["_op"], went["id"], went["note"]) == (1, "filter_rows", 2, "b")


def test_each_batch_is_treated_alike(built: Built) -> None:
    built.warehouse.execute("DELETE FROM batches WHERE id > 2")
    assert sorted(built.warehouse.table("batches")[1]) == [(1, 36), (2, 7)], built.ran.messages
    again = built.project.dbt("run", "--select", "batches")
    assert again.success, again.messages
    assert sorted(built.warehouse.table("batches")[1]) == [(1, 36), (2, 7), (3, 4), (4, 7)]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("batches_unpinned", "each batch would be treated differently. Fit it on the whole"),
        ("no_such_recipe", "the recipe 'custommers' is not pinned; pinned are: customers, strict, filled, pinned"),
        ("no_such_version", "version 7 of the recipe 'customers' is not pinned; pinned is: 3"),
        ("missing_columns", "reads columns that are not there: name. There are: id, age"),
        ("unlike", "does not hold what the recipe 'customers' was compiled for: age (timestamp"),
        ("strict", "does not know the columns note, and its pin says 'on_new_columns: fail'"),
    ],
)
def test_what_cannot_be_is_a_compile_error(built: Built, model: str, said: str) -> None:
    assert built.ran.nodes[model] == "error"
    assert said in " ".join(built.ran.messages[model].split()).replace("TIMESTAMP", "timestamp")
