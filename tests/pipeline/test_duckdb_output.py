"""A database file that a run writes holds the table, and nothing lies beside it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from sanitizer_core import Recipe, run


def test_a_table_is_in_the_file_and_a_second_joins_it(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.duckdb"
    source.write_text("id,name\n1,Ada\n2,Alan\n", encoding="utf-8")
    for table in ("first", "second"):
        run(source, Recipe.model_validate({"name": "r"}), f"{target}?table={table}", artifacts=tmp_path / table)
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "out.duckdb", "first", "second"}
    with duckdb.connect(target, read_only=True) as connection:
        for table in ("first", "second"):
            assert connection.table(table).fetchall() == [(1, "Ada"), (2, "Alan")]
