"""What becomes of a verdict: thresholds, severities, structure, and every failing row with every reason."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest

from contract.held import Check, Columns
from sanitizer_core.contract import Contract, check_contract, compile_contract
from sanitizer_core.errors import ContractError, EngineError
from sanitizer_core.schema import INTEGER, Schema

NUMBERS: Columns = {"a": ("BIGINT", [1, 2, 3, None])}
AT_LEAST_TWO = {"columns": {"a": {"nullable": True, "ge": 3}}}


@pytest.mark.parametrize(
    ("threshold", "passed"),
    [({"max_count": 2}, True), ({"max_count": 1}, False), ({"max_fraction": 0.67}, True), ({"max_fraction": 0.66}, False), ({"max_fraction": 2 / 3}, True),
     ({"max_fraction": 0.9, "max_count": 1}, False), ({"max_fraction": 0.1, "max_count": 2}, False)],
)  # fmt: skip
def test_a_threshold_is_a_count_or_a_share_of_the_cells_that_were_asked(
    check: Check, threshold: Any, passed: bool
) -> None:
    found = check(NUMBERS, AT_LEAST_TWO, thresholds={"a.greater_than_or_equal_to": threshold})
    result = found.check("a.greater_than_or_equal_to")
    assert (result.checked, result.failed, result.passed) == (3, 2, passed)
    assert result.threshold == threshold
    assert found.verdict.status == ("passed" if passed else "failed")
    assert sorted(found.rows) == [0, 1], "failing rows are kept also when the check passes"


@pytest.mark.parametrize(
    ("parts", "status"),
    [({}, "failed"), ({"on_violation": "fail"}, "failed"), ({"on_violation": "warn"}, "warned"),
     ({"severities": {"a": "warning"}}, "warned"), ({"severities": {"a.ge": "warning"}}, "warned"),
     ({"severities": {"a": "warning", "a.ge": "error"}}, "failed")],
)  # fmt: skip
def test_the_status_follows_from_severities_and_from_what_a_violation_means(
    check: Check, parts: Any, status: str
) -> None:
    assert check(NUMBERS, AT_LEAST_TWO, **parts).verdict.status == status


def test_a_share_is_what_it_says_to_the_last_cell(check: Check) -> None:
    table: Columns = {"a": ("BIGINT", [0] * 29 + [1] * 71)}
    found = check(table, {"columns": {"a": {"eq": 1}}}, thresholds={"a.eq": {"max_fraction": 0.29}})
    assert found.check("a.equal_to").passed, "0.29 * 100 is a little less than 29"


def test_columns_that_are_filtered_out_are_not_asked(check: Check) -> None:
    table: Columns = {"a": ("BIGINT", [1, 2]), "b": ("BIGINT", [5, 5])}
    schema = {
        "columns": {"a": {}},
        "strict": "filter",
        "unique": ["b"],
        "checks": [{"value": 3, "options": {"check_name": "lt"}}],
    }
    assert check(table, schema).verdict.broken == ()
    assert len(check(table, schema | {"strict": False}).rows) == 2


def test_a_check_that_only_warns_in_pandera_only_warns_here(check: Check) -> None:
    schema = {"columns": {"a": {"nullable": True, "gt": {"min_value": 1, "raise_warning": True}, "lt": 3}}}
    found = check(NUMBERS, schema)
    assert found.verdict.status == "failed"
    assert [severity for _, _, severity in found.rows.values()] == ["warning", "error"]


def test_a_row_has_every_reason(check: Check) -> None:
    table: Columns = {"a": ("BIGINT", [5, 1]), "b": ("VARCHAR", [None, "x"])}
    found = check(table, {"columns": {"a": {"lt": 3, "isin": [1]}, "b": {}}})
    reasons, columns, severity = found.rows[0]
    assert reasons == [
        "a.less_than: a must be less than 3",
        "a.isin: a must be one of 1",
        "b.nullable: b must not be null",
    ]
    assert (columns, severity, list(found.rows)) == (["a", "b"], "error", [0])
    assert found.verdict.cells_failed_per_column == {"a": 1, "b": 1}


def test_the_users_own_sentence_is_the_reason(check: Check) -> None:
    found = check(NUMBERS, {"columns": {"a": {"nullable": True, "lt": {"max_value": 3, "error": "too many"}}}})
    assert found.rows[2][0] == ["a.less_than: a: too many"]


def test_an_empty_table_breaks_nothing_that_speaks_of_rows(check: Check) -> None:
    schema = {"columns": {"a": {"dtype": "int8", "unique": True, "ge": 3, "isin": []}}, "unique": "a"}
    found = check({"a": ("BIGINT", [])}, schema)
    assert (found.verdict.status, found.verdict.rows, found.rows) == ("passed", 0, {})
    assert {each.fraction for each in found.verdict.checks} == {0.0}


@pytest.mark.parametrize("name", ["select", 'a"b', "a'b", "two\nlines", "row", "rowid", "a.b", "v0", "Ünï", "%s"])
def test_a_name_may_hold_anything(check: Check, name: str) -> None:
    column = {"unique": True, "le": 2, "str_matches": "x", "checks": None}
    found = check({name: ("BIGINT", [1, 1, 3])}, {"columns": {name: {**column, "str_matches": "x"}}, "strict": True})
    assert found.failing(f"{name}.unique") == [0, 1]
    assert found.failing(f"{name}.less_than_or_equal_to") == [2]
    assert found.verdict.findings == ()
    assert found.rows[2][1] == [name]


def test_all_of_many_failing_rows_are_kept(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE data AS SELECT i, i % 2 AS odd FROM range(200_000) r(i)").fetchall()
    contract = Contract.from_data({"contract": "c", "schema": {"columns": {"odd": {"eq": 0, "unique": True}}}})
    verdict = check_contract(connection, "data", contract)
    assert verdict.rows_failed == 200_000
    reasons = f'SELECT count(*) FILTER (len(reasons) = 2), count(DISTINCT row) FROM "{verdict.failing_view}"'
    assert connection.execute(reasons).fetchall() == [(100_000, 200_000)]


def test_more_checks_than_a_number_has_bits(check: Check) -> None:
    names = [f"c{number}" for number in range(70)]
    table: Columns = {name: ("BIGINT", [number, 0]) for number, name in enumerate(names)}
    found = check(table, {"columns": {name: {"eq": 0} for name in names}})
    assert len(found.rows[0][0]) == 69
    assert sorted(found.rows) == [0]


def test_rows_are_called_by_their_id_where_there_is_one(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute('CREATE TABLE data AS SELECT * FROM (VALUES (7, 1), (9, 2)) v("@row", a)').fetchall()
    contract = Contract.from_data(
        {
            "contract": "c",
            "schema": {
                "columns": {"a": {"lt": 2}},
                "strict": True,
                "checks": [{"value": 3, "options": {"check_name": "lt"}}],
            },
        }
    )
    verdict = check_contract(connection, "data", contract, "@row")
    assert connection.execute(f'SELECT row FROM "{verdict.failing_view}"').fetchall() == [(9,)]
    assert verdict.findings == ()


def test_rows_of_a_view_are_called_by_their_position(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE VIEW data AS SELECT i % 3 AS a FROM range(6) r(i)").fetchall()
    contract = Contract.from_data(
        {"contract": "c", "schema": {"columns": {"a": {"lt": 2, "unique": True, "report_duplicates": "exclude_first"}}}}
    )
    verdict = check_contract(connection, "data", contract)
    assert connection.execute(f'SELECT row FROM "{verdict.failing_view}" ORDER BY row').fetchall() == [
        (2,),
        (3,),
        (4,),
        (5,),
    ]


def test_structure_is_told_with_hints(check: Check) -> None:
    table: Columns = {"b": ("VARCHAR", ["1"]), "extra": ("BIGINT", [1]), "a": ("BIGINT", [1]), "emial": ("BIGINT", [1])}
    schema = {
        "columns": {
            "a": {},
            "b": {"dtype": "int64"},
            "email": {},
            "maybe": {"required": False},
            "^x_": {"regex": True},
        },
        "strict": True,
        "ordered": True,
    }
    found = check(table, schema).verdict.findings
    assert [(each.kind, each.check, each.column) for each in found] == [
        ("missing", "email.required", "email"), ("missing", "^x_.required", "^x_"),
        ("extra", "table.strict", "extra"), ("extra", "table.strict", "emial"),
        ("disordered", "table.ordered", "b"), ("disordered", "table.ordered", "a"),
        ("mistyped", "b.dtype", "b"),
    ]  # fmt: skip
    assert found[0].hint == "Did you mean 'emial'?"
    assert "coerce" in (found[-1].hint or "")


@pytest.mark.parametrize(("asked", "missing"), [({"nullable": True}, False), ({"default": 1}, False), ({}, True)])
def test_a_missing_column_may_be_added_where_pandera_would(check: Check, asked: Any, missing: bool) -> None:
    found = check({"a": ("BIGINT", [1])}, {"columns": {"b": asked}, "add_missing_columns": True})
    assert bool(found.verdict.findings) == missing


def test_a_default_fills_the_nulls_before_they_are_asked(check: Check) -> None:
    found = check({"a": ("BIGINT", [1, None])}, {"columns": {"a": {"default": 5, "lt": 3}}})
    assert found.check("a.nullable").passed
    assert found.failing("a.less_than") == [1]


def test_a_pattern_of_names_asks_every_column_that_it_matches(check: Check) -> None:
    table: Columns = {"x_1": ("BIGINT", [1]), "x_2": ("BIGINT", [5]), "y": ("BIGINT", [9])}
    found = check(
        table, {"columns": {"x_": {"regex": True, "lt": 3}, "x_2": {"lt": 4}}}, severities={"x_.lt": "warning"}
    )
    assert {each.id: (each.failed, each.severity) for each in found.verdict.checks} == {
        "x_1.nullable": (0, "error"), "x_1.less_than": (0, "warning"),
        "x_2.nullable": (0, "error"), "x_2.less_than": (1, "warning"),
        "x_2.nullable#2": (0, "error"), "x_2.less_than#2": (1, "error"),
    }  # fmt: skip


def test_a_verdict_is_plain_data(check: Check) -> None:
    verdict = check(NUMBERS, AT_LEAST_TWO, thresholds={"a.ge": {"max_fraction": 0.1}}).verdict
    told = json.loads(json.dumps(verdict.to_json()))
    assert told["status"] == "failed"
    assert told["checks"][0]["fraction"] == pytest.approx(2 / 3)
    assert (
        told["digest"]
        == Contract.from_data(
            {"contract": "other", "schema": AT_LEAST_TWO, "thresholds": {"a.ge": {"max_fraction": 0.1}}}
        ).digest()
    )


def test_it_is_known_whether_removing_rows_would_heal_the_table(check: Check) -> None:
    assert check(NUMBERS, AT_LEAST_TWO).verdict.rows_can_be_removed
    assert not check(NUMBERS, {"columns": {"a": {"nullable": True}, "b": {}}}).verdict.rows_can_be_removed
    assert not check(
        NUMBERS, {"columns": {"a": {"nullable": True, "unique_values_eq": [1]}}}
    ).verdict.rows_can_be_removed


def test_nothing_but_the_failing_rows_stays_behind(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    check({"a": ("VARCHAR", ["x", "x", "y"])}, {"columns": {"a": {"unique": True, "str_matches": "(?=x)"}}})
    left = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()}
    assert {name.rsplit("_", 1)[-1] for name in left} == {"flags"}


def test_an_unknown_table_and_an_unknown_name_are_told(connection: duckdb.DuckDBPyConnection) -> None:
    contract = Contract.from_data({"contract": "c", "schema": {"columns": {"a": {}}}})
    with pytest.raises(EngineError, match="nowhere"):
        check_contract(connection, "nowhere", contract)
    regex = Contract.from_data(
        {"contract": "c", "schema": {"columns": {"x_": {"regex": True}}}, "thresholds": {"x_1.unik": {"max_count": 1}}}
    )
    with pytest.raises(ContractError, match=r"x_1\.unik"):
        compile_contract(regex, Schema.of([("x_1", INTEGER)]))
