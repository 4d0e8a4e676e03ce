"""Whole runs on a real Spark: from folders and tables to folders and tables, and back."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from sanitizer_core.engines.spark import SparkEngine
from sanitizer_core.errors import CompileError, RestoreError, SourceError
from sanitizer_core.pipeline.restoring_on_spark import restore_on_spark
from sanitizer_core.pipeline.running import run
from sanitizer_core.recipe import Recipe

pytestmark = [pytest.mark.spark, pytest.mark.slow]

RECIPE = Recipe.model_validate(
    {
        "name": "people",
        "version": 1,
        "input": {"order": ["id"]},
        "steps": [
            {"op": "clean_text", "params": {"columns": ["name"], "case": "title"}},
            {"op": "nullify", "params": {"tokens": ["n/a"]}},
            {"op": "fix_dtypes", "params": {"age": "integer"}},
            {"op": "handle_missing", "params": {"strategy": "median", "columns": ["age"]}},
            {"op": "remove_duplicates", "params": {"columns": ["name", "age"]}},
        ],
    }
)
LINES = 'id,name,age\n3,"  ada  LOVELACE ",36\n1,alan turing,n/a\n2,alan  turing,n/a\n4,"grace ""amazing"" hopper",85\n5,é,-1\n'


def rows_of(query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def written(files: str) -> list[tuple[object, ...]]:
    """The rows of Parquet files, in the order of their first column."""
    return rows_of(f"SELECT * FROM read_parquet('{files}') ORDER BY 1")


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    source = tmp_path / "people.csv"
    source.write_text(LINES, encoding="utf-8")
    return source


def test_a_folder_is_cleaned_as_duckdb_cleans_it_and_comes_back(
    tmp_path: Path, lines: Path, spark: SparkEngine
) -> None:
    result = run(str(lines), RECIPE, f"{tmp_path}/clean.parquet", engine="spark")
    other = run(str(lines), RECIPE, tmp_path / "duck" / "clean.parquet")
    assert written(f"{tmp_path}/clean.parquet/*.parquet") == written(f"{tmp_path}/duck/clean.parquet")
    assert (result.record.rows, result.record.cells_changed) == (other.record.rows, other.record.cells_changed)
    assert result.record.engine == "spark"
    folder = Path(str(result.folder))
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["run_id"] == result.record.run_id
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert result.record.artifacts["report"] == f"{folder}/report.html"
    assert "<ins>Ada Lovelace</ins>" in page and "<del>n/a</del>" in page, "examples of what the steps did"
    assert "has the same &#39;name&#39;" in page, "why rows went"
    assert "the rows stayed with Spark" in page, "what is not shown"
    assert not [each.name for each in tmp_path.iterdir() if "writing" in each.name or ".old" in each.name]
    restore_on_spark(str(folder), f"{tmp_path}/back.parquet")
    assert [tuple(map(str, row)) for row in written(f"{tmp_path}/back.parquet/*.parquet")] == [
        ("1", "alan turing", "n/a"),
        ("2", "alan  turing", "n/a"),
        ("3", "  ada  LOVELACE ", "36"),
        ("4", 'grace "amazing" hopper', "85"),
        ("5", "é", "-1"),
    ]


def test_rows_of_many_files_have_numbers_of_their_own(tmp_path: Path, spark: SparkEngine) -> None:
    """The number is how rows that go are told from those that stay."""
    (tmp_path / "raw").mkdir()
    for part in range(4):
        rows_of(
            f"COPY (SELECT range // 2 AS n FROM range({part * 10}, {part * 10 + 10})) TO '{tmp_path}/raw/{part}.parquet'"
        )
    recipe = Recipe.model_validate({"name": "r", "version": 1, "steps": [{"op": "remove_duplicates"}]})
    record = run(f"{tmp_path}/raw", recipe, f"{tmp_path}/out.parquet", engine="spark").record
    assert (record.rows.in_, record.rows.out, record.rows.removed) == (40, 20, 20)
    assert written(f"{tmp_path}/out.parquet/*.parquet") == [(n,) for n in range(20)]
    numbers = rows_of(
        f"SELECT _row FROM '{tmp_path}/out.run/clean/*.parquet' UNION ALL SELECT _row FROM '{tmp_path}/out.run/removed/*.parquet'"
    )
    assert sorted(numbers) == [(n,) for n in range(40)]


def test_a_line_with_too_many_fields_is_rejected(tmp_path: Path, spark: SparkEngine) -> None:
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n3,4,5\n6,7\n", encoding="utf-8")
    recipe = Recipe.model_validate({"name": "r", "version": 1, "steps": []})
    record = run(f"{tmp_path}/odd.csv", recipe, f"{tmp_path}/out", engine="spark").record
    assert (record.rows.in_, record.rows.out, record.rows.rejected) == (3, 2, 1)
    rejected = rows_of(f"SELECT _text, _reasons[1] FROM read_parquet('{tmp_path}/out.run/rejected/*.parquet')")
    assert rejected == [("3,4,5", "it has another number of fields than the header")]


def test_a_table_is_replaced_and_what_explains_it_stands_beside(spark: SparkEngine) -> None:
    spark.run("CREATE OR REPLACE TEMP VIEW given AS SELECT * FROM VALUES (1, ' a '), (2, 'b') AS t(n, t)")
    spark.session.table("given").write.mode("overwrite").saveAsTable("raw_given")
    recipe = Recipe.model_validate(
        {
            "name": "r",
            "version": 1,
            "input": {"order": ["n"]},
            "steps": [{"op": "clean_text", "params": {"columns": ["t"]}}],
        }
    )
    for _ in range(2):
        record = run("table:raw_given", recipe, "table:clean_given", engine="spark").record
    assert [tuple(row) for row in spark.session.table("clean_given").orderBy("n").collect()] == [(1, "a"), (2, "b")]
    assert spark.session.table("clean_given").schema["n"].dataType.simpleString() == "int"
    assert [row["new"] for row in spark.session.table("clean_given__changes").collect()] == ["a"]
    (told,) = spark.session.table("clean_given__run").collect()
    assert json.loads(told["run"])["run_id"] == record.run_id
    assert record.artifacts["report"] == record.artifacts["run"]
    assert record.run_id in told["report"] and "<ins>a</ins>" in told["report"], "the page, with examples"
    restore_on_spark("table:clean_given", "table:back_given")
    assert [tuple(row) for row in spark.session.table("back_given").orderBy("n").collect()] == [(1, " a "), (2, "b")]


def test_what_has_no_order_is_refused(tmp_path: Path, lines: Path, spark: SparkEngine) -> None:
    steps = [{"op": "handle_missing", "params": {"strategy": "forward", "columns": ["age"]}}]
    recipe = Recipe.model_validate({"name": "r", "version": 1, "steps": steps})
    with pytest.raises(CompileError, match="order"):
        run(str(lines), recipe, f"{tmp_path}/out", engine="spark")


def test_what_is_not_there_is_told(tmp_path: Path, spark: SparkEngine) -> None:
    recipe = RECIPE
    with pytest.raises(SourceError, match="cannot read"):
        run(f"{tmp_path}/nothing", recipe, f"{tmp_path}/out", engine="spark")
    with pytest.raises(CompileError, match="Name both"):
        run("-", recipe, f"{tmp_path}/out", engine="spark")


def test_how_far_a_statement_is_can_be_asked_while_it_runs(spark: SparkEngine) -> None:
    slow = "SELECT java_method('java.lang.Thread', 'sleep', 100L + id) FROM range(0, 16, 1, 16)"
    seen: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(spark.run(slow).collect)
        while not running.done():
            seen.append(spark.percent())
        running.result()
    assert any(0 < each < 100 for each in seen)
    assert all(each <= 100 for each in seen)


def test_no_plan_holds_the_key(spark: SparkEngine) -> None:
    spark.hand_over("SANITIZER_KEY", "hushhushhushhush")
    query = "SELECT sha2(concat((SELECT max(secret) FROM sanitizer_secrets WHERE name = 'SANITIZER_KEY'), 'x'), 256)"
    plan = spark.run(f"EXPLAIN EXTENDED {query}").collect()[0][0]
    assert "hushhush" not in plan
    assert len(spark.run(query).collect()[0][0]) == 64


def test_what_was_masked_comes_back_by_its_key_alone(
    tmp_path: Path, lines: Path, spark: SparkEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANITIZER_KEY", "a key for tests, not a secret")
    steps = [{"op": "mask", "params": {"columns": ["name"], "method": "hash"}}]
    recipe = Recipe.model_validate({"name": "r", "version": 1, "steps": steps})
    run(str(lines), recipe, f"{tmp_path}/out.parquet", engine="spark")
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != lines)
    assert b"hopper" not in kept and b"not a secret" not in kept
    restore_on_spark(f"{tmp_path}/out.run", f"{tmp_path}/back.parquet")
    assert {row[1] for row in written(f"{tmp_path}/back.parquet/*.parquet")} >= {
        "  ada  LOVELACE ",
        'grace "amazing" hopper',
    }
    monkeypatch.setenv("SANITIZER_KEY", "another key, of another run")
    with pytest.raises(RestoreError, match="the key is another one"):
        restore_on_spark(f"{tmp_path}/out.run", f"{tmp_path}/again.parquet")
