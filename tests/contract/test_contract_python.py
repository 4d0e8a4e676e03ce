"""Schemas in Python code, and the checks in them that only Pandera can do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contract.held import Checked, Columns, load, read
from sanitizer_core.contract import Contract, check_contract, python_checks
from sanitizer_core.errors import ContractError

PANDAS = """
import pandas as pd
import pandera.pandas as pa


class Orders(pa.DataFrameModel):
    amount: float = pa.Field(ge=0, nullable=True)
    code: str = pa.Field(str_matches=r"(?=A)A")
    group: str

    @pa.check("amount")
    def above_half_of_mean(cls, amounts):
        return amounts > amounts.mean() / 2

    @pa.check("amount", element_wise=True)
    def even(cls, amount):
        return amount % 2 == 0

    @pa.check("amount")
    def adds_up(cls, amounts):
        return bool(amounts.sum() == 99)

    @pa.check("amount")
    def breaks(cls, amounts):
        return amounts / 0 > "x"

    @pa.check("amount", groupby="group")
    def more_in_x(cls, groups):
        return groups["x"].sum() > groups["y"].sum()

    @pa.dataframe_check
    def code_has_group(cls, table):
        return table["code"].str.lower() >= table["group"]

    @pa.dataframe_check(element_wise=True)
    def small(cls, row):
        return not row["amount"] > 7

    class Config:
        strict = True


class Nested:
    warns = pa.DataFrameSchema({"a": pa.Column(int, pa.Check(lambda s: s > 5, raise_warning=True, n_failure_cases=1))})
    mixed = pa.DataFrameSchema({"a": pa.Column(pd.CategoricalDtype([1, "x"]), nullable=True), "b": pa.Column(int)})
    schema = pa.DataFrameSchema({"a": pa.Column(pd.CategoricalDtype(["x", "y"])), "b": pa.Column(int, pa.Check(lambda s: s > 0, name="isin"))})


parsed = pa.DataFrameSchema({"a": pa.Column(int, parsers=pa.Parser(lambda s: s + 1)), "b": pa.Column(complex)})
number = 5
"""

POLARS = """
import pandera.polars as pa
import polars as pl


class Orders(pa.DataFrameModel):
    amount: int = pa.Field(ge=2)
    day: pl.Date = pa.Field(nullable=True)

    @pa.check("amount")
    def odd(cls, data):
        return data.lazyframe.select(pl.col(data.key) % 2 == 1)

    @pa.check("amount", element_wise=True)
    def small(cls, amount):
        return amount < 3

    @pa.check("amount")
    def few(cls, data):
        return data.lazyframe.select(pl.len() < 3)

    @pa.dataframe_check
    def breaks(cls, data):
        raise ValueError("no")
"""

ORDERS: Columns = {
    "amount": ("DOUBLE", [2.0, 4.0, 9.0, None]),
    "code": ("VARCHAR", ["A", "B", "AB", "A"]),
    "group": ("VARCHAR", ["x", "y", "x", "x"]),
}
ByModel = Callable[[str, str, Columns], Checked]


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connection: duckdb.DuckDBPyConnection) -> Iterator[ByModel]:
    """Holds a table against a schema in a module of this source."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def by_model(source: str, name: str, columns: Columns) -> Checked:
        (tmp_path / "models_of_test.py").write_text(source)
        load(connection, columns)
        contract = Contract(name="c", python=f"models_of_test:{name}")
        return read(connection, check_contract(connection, "data", contract))

    yield by_model
    for module in set(sys.modules) - before:
        if module == "models_of_test":
            del sys.modules[module]


@pytest.mark.parametrize("batch", [2, 200_000])
def test_what_cannot_be_compiled_is_done_by_pandera(held: ByModel, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(python_checks, "BATCH_ROWS", batch)
    found = held(PANDAS, "Orders", ORDERS)
    assert found.failing("amount.above_half_of_mean") == [0]
    assert found.failing("amount.even") == [2]
    assert found.failing("code.str_matches") == [1]
    assert found.failing("table.code_has_group") == [0, 1, 2, 3]
    assert found.failing("table.small") == [2]
    results = {each.id: (each.passed, each.scope, each.error) for each in found.verdict.checks}
    assert results["amount.adds_up"] == (False, "whole", None)
    assert results["amount.more_in_x"] == (True, "rows", None)
    assert results["amount.breaks"][:2] == (False, "whole")
    assert "TypeError" in str(results["amount.breaks"][2])
    assert found.check("amount.even").checked == 3
    assert found.verdict.cells_failed_per_column == {"amount": 2, "code": 1}


def test_categories_and_a_function_with_the_name_of_a_built_in(held: ByModel) -> None:
    found = held(PANDAS, "Nested.schema", {"a": ("VARCHAR", ["x", "z"]), "b": ("BIGINT", [1, -1])})
    assert found.failing("a.dtype") == [1]
    assert found.failing("b.isin") == [1]
    table: Columns = {"a": ("VARCHAR", ["x", "1", None]), "b": ("BIGINT", [1, 2, 3])}
    assert held(PANDAS, "Nested.mixed", table).failing("a.dtype") == [1]


def test_a_function_that_only_warns_names_its_rows_all_the_same(held: ByModel) -> None:
    found = held(PANDAS, "Nested.warns", {"a": ("BIGINT", [1, 9, 2])})
    assert (found.verdict.status, sorted(found.rows)) == ("warned", [0, 2])


def test_an_empty_table_is_given_to_pandera_as_well(held: ByModel) -> None:
    found = held(PANDAS, "Nested.schema", {"a": ("VARCHAR", []), "b": ("BIGINT", [])})
    assert found.verdict.status == "passed"


def test_schemas_for_polars(held: ByModel) -> None:
    found = held(POLARS, "Orders", {"amount": ("BIGINT", [1, 2, 3]), "day": ("DATE", [None, None, None])})
    assert found.failing("amount.greater_than_or_equal_to") == [0]
    assert found.failing("amount.odd") == [1]
    assert found.failing("amount.small") == [2]
    results = {each.id: (each.passed, each.scope) for each in found.verdict.checks}
    assert results["amount.few"] == (False, "whole")
    assert results["table.breaks"] == (False, "whole")
    assert "no" in str(found.check("table.breaks").error)


def test_pandera_checks_data_whatever_its_own_settings_say(held: ByModel, monkeypatch: pytest.MonkeyPatch) -> None:
    from pandera.config import CONFIG

    monkeypatch.setattr(CONFIG, "validation_enabled", False)
    assert held(PANDAS, "Orders", ORDERS).failing("amount.even") == [2]


@pytest.mark.parametrize(
    ("source", "name", "told"),
    [
        (PANDAS, "Order", "Did you mean 'Orders'"),
        (PANDAS, "number", "is a int, and no schema"),
        (PANDAS, "parsed", "parsers"),
        ("import nothing_of_the_sort", "x", "nothing_of_the_sort"),
        ("1 +", "x", "SyntaxError"),
        ("undefined_name", "x", "NameError"),
    ],
)
def test_a_schema_that_cannot_be_had_is_told(held: ByModel, source: str, name: str, told: str) -> None:
    with pytest.raises(ContractError) as caught:
        held(source, name, {"a": ("BIGINT", [1])})
    assert told in str(caught.value)
    if name == "parsed":
        assert "complex128" in str(caught.value)


def test_a_module_that_is_not_there_is_told(connection: duckdb.DuckDBPyConnection) -> None:
    load(connection, {"a": ("BIGINT", [1])})
    with pytest.raises(ContractError, match="PYTHONPATH"):
        check_contract(connection, "data", Contract(name="c", python="nowhere.at.all:Schema"))


def test_a_check_that_the_user_registered_runs_by_its_name(connection: duckdb.DuckDBPyConnection) -> None:
    import pandera.pandas
    from pandera import extensions

    def divides(data: Any, *, by: int) -> Any:
        return data % by == 0

    if not hasattr(pandera.pandas.Check, "divides"):
        extensions.register_check_method(statistics=["by"])(divides)
    load(connection, {"a": ("BIGINT", [2, 3])})
    contract = Contract.from_data({"contract": "c", "schema": {"columns": {"a": {"divides": {"by": 2}}}}})
    assert read(connection, check_contract(connection, "data", contract)).failing("a.divides") == [1]
