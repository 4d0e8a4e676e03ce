"""A run inside Postgres holds its output against the contract there, and scores it, as a run on DuckDB does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sanitizer_core import run
from sanitizer_core.contract import Contract
from sanitizer_core.recipe import Recipe

MEMBERS = pa.table(
    {
        "id": pa.array([1, 2, 3, 4, 5, 5], pa.int64()),
        "email": [
            " ada@example.org",
            "not an address",
            "grace@example.org",
            None,
            "alan@example.org",
            "alan@example.org",
        ],
        "age": pa.array([36.0, 41.0, 285.0, 30.0, None, None], pa.float64()),
    }
)
RECIPE = Recipe.model_validate(
    {
        "name": "members",
        "version": 1,
        "input": {"order": ["id", "email"]},
        "steps": [{"op": "clean_text", "params": {"columns": ["email"], "collapse_space": False, "unicode": "keep", "remove_invisible": False}}],
    }
)  # fmt: skip
CONTRACT: dict[str, Any] = {
    "contract": "members_clean",
    "severities": {"age.in_range": "warning"},
    "schema": {
        "columns": {
            "id": {"unique": True, "report_duplicates": "exclude_first"},
            "email": {"str_matches": r"^[^@\s]+@[^@\s]+$"},
            "age": {"nullable": True, "in_range": {"min_value": 0, "max_value": 120}},
        }
    },
}


@pytest.fixture
def table(postgres: str) -> Iterator[str]:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS held CASCADE; CREATE SCHEMA held")
        connection.execute("CREATE TABLE held.members (id bigint, email text, age double precision)")
        for row in MEMBERS.to_pylist():
            connection.execute("INSERT INTO held.members VALUES (%(id)s, %(email)s, %(age)s)", row)
        yield f"{postgres}&table=held"
        connection.execute("DROP SCHEMA held CASCADE")


@pytest.mark.parametrize("on_violation", ["quarantine", "warn", "fail"])
def test_a_run_in_postgres_is_judged_and_scored_as_on_duckdb(table: str, tmp_path: Path, on_violation: str) -> None:
    contract = Contract.from_data(CONTRACT | {"on_violation": on_violation})
    pq.write_table(MEMBERS, tmp_path / "members.parquet")
    here = run(tmp_path / "members.parquet", RECIPE, tmp_path / "clean.parquet", contract=contract)
    there = run(f"{table}.members", RECIPE, f"{table}.clean", contract=contract)
    assert there.record.engine == "postgres"
    for part in ("status", "rows", "score"):
        assert getattr(there.record, part) == getattr(here.record, part), part
    judged, expected = there.record.contract or {}, here.record.contract or {}
    assert judged | {"failing_view": ""} == expected | {"failing_view": ""}
    with psycopg.connect(table.partition("&table")[0]) as connection:
        query = "SELECT _row, _op, _reasons FROM held.clean__rejected ORDER BY _row"
        rejected = connection.execute(query).fetchall()
    told = pq.read_table(tmp_path / "clean.run" / "rejected.parquet").select(["_row", "_op", "_reasons"]).to_pylist()
    assert rejected == [tuple(row.values()) for row in sorted(told, key=lambda row: row["_row"])]
    assert len(rejected) == (3 if on_violation == "quarantine" else 0)
