"""Runs whose input and output are tables of one Postgres database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from typer.testing import CliRunner

from sanitizer_core import restore, run
from sanitizer_core.audit.asking import Question, ask
from sanitizer_core.cli import app
from sanitizer_core.errors import CompileError, RestoreError, SanitizerError, SinkError, SourceError
from sanitizer_core.pipeline.asking_tables import ask_run
from sanitizer_core.pipeline.watch import Watch
from sanitizer_core.recipe import Recipe

SETUP = """
DROP SCHEMA IF EXISTS raw CASCADE; DROP SCHEMA IF EXISTS clean CASCADE; CREATE SCHEMA raw; CREATE SCHEMA clean;
CREATE DOMAIN raw.town AS text;
CREATE TABLE raw.customers (
    id int PRIMARY KEY, name varchar(20), city raw.town, age smallint, amount numeric, tags text[], "select" json,
    seen timestamptz(0), code char(4)
);
INSERT INTO raw.customers VALUES
    (3, ' Ann ', 'NYC', 30, 1.5, '{a}', '{"a": 1}', '2024-01-01 10:00+02', 'x'),
    (1, 'Bob', 'LA', NULL, 2.25, NULL, NULL, NULL, 'yy'),
    (2, 'Ann', 'NYC', 31, NULL, '{}', '[]', '2024-01-01 10:00+00', NULL),
    (4, 'Bob', 'LA', 200, 3, NULL, NULL, NULL, ''),
    (5, '', NULL, NULL, 10.125, NULL, NULL, NULL, 'zzzz');
"""


class Database:
    """The database, as tests ask it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def at(self, table: str) -> str:
        return f"{self.address}&table={table}"

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def database(postgres: str) -> Iterator[Database]:
    database = Database(postgres)
    database.ask(SETUP)
    yield database
    database.ask("DROP SCHEMA raw CASCADE; DROP SCHEMA clean CASCADE")


def recipe(*steps: dict[str, Any], **more: Any) -> Recipe:
    return Recipe.model_validate({"name": "customers", "input": {"order": ["id"]}, "steps": list(steps), **more})


TOWNS = {"op": "replace_values", "params": {"columns": ["city"], "mapping": {"NYC": "New York"}}}
ONE_A_NAME = {"op": "remove_duplicates", "params": {"columns": ["name"]}}
CALLED_TOWN = {"op": "rename_columns", "params": {"mapping": {"city": "town"}}}
WITHOUT_CODE = {"op": "drop_columns", "params": {"columns": ["code"]}}
OF_AGE = {"op": "filter_rows", "params": {"keep": "age IS NOT NULL"}}
EVERYTHING = (TOWNS, ONE_A_NAME, CALLED_TOWN, WITHOUT_CODE, OF_AGE)


class Listening(Watch):
    """Keeps what a terminal would show at the beginning of each phase."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def begin(self, phase: str) -> None:
        super().begin(phase)
        self.shown.append(self.told())


def test_who_watches_sees_how_many_rows_come_and_how_fast_they_were_read(database: Database) -> None:
    watch = Listening()
    run(database.at("raw.customers"), recipe(TOWNS, ONE_A_NAME), database.at("clean.customers"), watch=watch)
    # Never analysed: nobody knows yet how many there are.
    assert "step 1: replace_values" in watch.shown
    assert re.fullmatch(r"write: 5 rows, read at [0-9,]+ rows/s", next(each for each in watch.shown if "write" in each))
    database.ask("ANALYZE raw.customers")
    again = Listening()
    run(database.at("raw.customers"), recipe(TOWNS, ONE_A_NAME), database.at("clean.customers"), watch=again)
    assert "step 1: replace_values: about 5 rows" in again.shown


def test_a_table_is_cleaned_into_another_and_explained(database: Database) -> None:
    result = run(database.at("raw.customers"), recipe(*EVERYTHING), database.at("clean.customers"))
    assert result.record.engine == "postgres"
    assert result.record.rows.model_dump() == {"in_": 5, "out": 2, "removed": 3, "rejected": 0}
    assert database.ask("SELECT id, name, town, age FROM clean.customers ORDER BY id") == [
        (2, "Ann", "New York", 31),
        (3, " Ann ", "New York", 30),
    ]
    entries = 'SELECT step, op, "row", "column", old, new FROM clean.customers__changes ORDER BY "row"'
    assert database.ask(entries) == [
        (1, "replace_values", 1, "city", "NYC", "New York"),
        (1, "replace_values", 2, "city", "NYC", "New York"),
    ]
    removed = "SELECT _row, _step, _reason, id, city, code FROM clean.customers__removed ORDER BY _row"
    assert database.ask(removed) == [
        (0, 5, "not kept, since age IS NOT NULL is not true", 1, "LA", "yy"),
        (3, 2, "has the same 'name' as row 0, which is kept", 4, "LA", ""),
        (4, 5, "not kept, since age IS NOT NULL is not true", 5, None, "zzzz"),
    ]
    assert database.ask("SELECT record->>'run_id', fitted->'recipe'->>'name' FROM clean.customers__run") == [
        (result.record.run_id, "customers")
    ]


def test_a_table_may_be_called_anything(database: Database) -> None:
    database.ask('CREATE SCHEMA "joe.smith"; CREATE TABLE "joe.smith"."R&D ""50%""" AS SELECT * FROM raw.customers')
    try:
        target = database.at('"joe.smith"."clean.r%26d"')
        result = run(database.at('"joe.smith"."R%26D ""50%25"""'), recipe(TOWNS), target)
        assert result.record.cells_changed == 2
        assert result.record.artifacts["output"].endswith('?table="joe.smith"."clean.r%26d"')
        restore(target, database.at('"joe.smith".back'))
        same = 'SELECT id, city FROM "joe.smith".back EXCEPT SELECT id, city FROM raw.customers'
        assert database.ask(same) == []
        assert database.ask('SELECT count(*) FROM "joe.smith".back') == [(5,)]
    finally:
        database.ask('DROP SCHEMA "joe.smith" CASCADE')


def test_columns_that_no_step_touches_keep_their_types(database: Database) -> None:
    run(database.at("raw.customers"), recipe(TOWNS), database.at("clean.customers"))
    types = """SELECT attname, format_type(atttypid, atttypmod), collname FROM pg_attribute
        LEFT JOIN pg_collation c ON c.oid = attcollation WHERE attrelid = 'clean.customers'::regclass AND attnum > 0"""
    assert {name: (kind, collation) for name, kind, collation in database.ask(types)} == {
        "id": ("integer", None),
        "name": ("character varying(20)", "default"),
        "city": ("text", "default"),
        "age": ("smallint", None),
        "amount": ("numeric", None),
        "tags": ("text[]", "default"),
        "select": ("json", None),
        "seen": ("timestamp(0) with time zone", None),
        "code": ("character(4)", "default"),
    }


def test_a_run_is_undone_cell_for_cell(database: Database) -> None:
    run(database.at("raw.customers"), recipe(*EVERYTHING), database.at("clean.customers"))
    restored = restore(database.at("clean.customers"), database.at("raw.restored"))
    assert restored.rows == 5
    rows = "SELECT t::text FROM raw.{} t ORDER BY id"
    assert database.ask(rows.format("restored")) == database.ask(rows.format("customers"))
    types = "SELECT array_agg(format_type(atttypid, atttypmod) ORDER BY attnum) FROM pg_attribute WHERE attnum > 0 AND attrelid = '{}'::regclass"
    assert database.ask(types.format("raw.restored")) == database.ask(types.format("raw.customers"))


def test_what_explains_a_run_can_be_files(database: Database, tmp_path: Path) -> None:
    run(database.at("raw.customers"), recipe(TOWNS), database.at("clean.customers"))
    by_age = {"op": "sort_rows", "params": {"by": [{"column": "age", "descending": True}]}}
    run(
        database.at("raw.customers"),
        recipe(*EVERYTHING, by_age),
        database.at("clean.customers"),
        artifacts=tmp_path / "run",
    )
    clean = duckdb.read_parquet(str(tmp_path / "run" / "clean.parquet"))
    assert clean.columns == ["id", "name", "town", "age", "amount", "tags", "select", "seen"]
    assert [row[0] for row in clean.fetchall()] == [2, 3]
    assert [entry["new"] for entry in ask(tmp_path / "run", row=2).entries] == ["New York"]
    assert [gone["op"] for gone in ask(tmp_path / "run", row=3).gone] == ["remove_duplicates"]
    beside = "SELECT tablename FROM pg_tables WHERE schemaname = 'clean'"
    assert database.ask(beside) == [("customers",)], "the log beside it was that of another run"
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "<ins>New York</ins>" in page and "has the same &#39;name&#39;" in page and "<svg" in page
    restore(tmp_path / "run", tmp_path / "back.parquet")
    back = duckdb.sql(
        f"SELECT id, name, city, age, amount, tags, seen, code FROM '{tmp_path / 'back.parquet'}' ORDER BY id"
    )
    assert back is not None
    given = "SELECT id, name, city, age, amount, tags::text, seen, code::text FROM raw.customers ORDER BY id"
    assert back.fetchall() == database.ask(given)


def test_a_run_again_keeps_the_table_its_privileges_and_what_depends_on_it(database: Database) -> None:
    database.ask("DROP ROLE IF EXISTS sanitizer_reader; CREATE ROLE sanitizer_reader")
    run(database.at("raw.customers"), recipe(TOWNS), database.at("clean.customers"))
    database.ask("GRANT SELECT ON clean.customers TO sanitizer_reader; CREATE INDEX ON clean.customers (id);"
                 "CREATE VIEW clean.towns AS SELECT city FROM clean.customers")  # fmt: skip
    known = (
        "SELECT 'clean.customers'::regclass::oid, has_table_privilege('sanitizer_reader', 'clean.customers', 'SELECT')"
    )
    before = database.ask(known)
    run(database.at("raw.customers"), recipe(TOWNS, OF_AGE), database.at("clean.customers"))
    assert database.ask(known) == before
    assert database.ask("SELECT count(*) FROM clean.towns") == [(3,)]
    with pytest.raises(SinkError, match=r"view clean\.towns depends on table clean\.customers"):
        run(database.at("raw.customers"), recipe(TOWNS, CALLED_TOWN), database.at("clean.customers"))
    database.ask("DROP VIEW clean.towns")
    result = run(database.at("raw.customers"), recipe(TOWNS, CALLED_TOWN), database.at("clean.customers"))
    assert database.ask("SELECT has_table_privilege('sanitizer_reader', 'clean.customers', 'SELECT')") == [(True,)]
    assert any("customers_id_idx" in note for note in result.record.notes)
    database.ask("DROP OWNED BY sanitizer_reader; DROP ROLE sanitizer_reader")


def test_a_table_can_be_cleaned_in_its_place(database: Database) -> None:
    run(database.at("raw.customers"), recipe(TOWNS), database.at("raw.customers"))
    assert database.ask("SELECT count(*) FROM raw.customers WHERE city = 'New York'") == [(2,)]
    restore(database.at("raw.customers"), database.at("raw.customers"))
    assert database.ask("SELECT count(*) FROM raw.customers WHERE city = 'NYC'") == [(2,)]


def test_a_run_without_a_log_cannot_be_undone_and_says_so(database: Database) -> None:
    run(database.at("raw.customers"), recipe(TOWNS), database.at("clean.customers"))
    run(database.at("raw.customers"), recipe(TOWNS), database.at("clean.customers"), audit="none")
    assert database.ask("SELECT to_regclass('clean.customers__changes'), to_regclass('clean.customers__clean')") == [
        (None, None)
    ]
    with pytest.raises(RestoreError, match="kept no log"):
        restore(database.at("clean.customers"), database.at("raw.restored"))


def test_a_failed_run_leaves_every_table_as_it_was(database: Database) -> None:
    run(database.at("raw.customers"), recipe(TOWNS), database.at("clean.customers"))
    database.ask("ALTER TABLE clean.customers ADD CHECK (city <> 'Bath')")
    bath = {"op": "replace_values", "params": {"columns": ["city"], "mapping": {"LA": "Bath"}}}
    with pytest.raises(SinkError, match="violates check constraint"):
        run(database.at("raw.customers"), recipe(bath), database.at("clean.customers"))
    assert database.ask("SELECT count(*) FILTER (WHERE city = 'New York') FROM clean.customers") == [(2,)]
    assert database.ask("SELECT DISTINCT new FROM clean.customers__changes") == [("New York",)]


def test_without_an_order_a_step_that_needs_one_is_refused(database: Database) -> None:
    unordered = recipe(ONE_A_NAME, input={})
    with pytest.raises(CompileError, match=r"input: \{order"):
        run(database.at("raw.customers"), unordered, database.at("clean.customers"))


def test_what_needs_python_is_refused(database: Database) -> None:
    step = {"op": "python", "params": {"function": "functions_for_tests:shout"}}
    with pytest.raises(CompileError, match=r"step 1 \(python\), which needs Python.*made by DuckDB"):
        run(database.at("raw.customers"), recipe(step), database.at("clean.customers"))


@pytest.mark.parametrize(
    ("source", "target", "error", "told"),
    [
        ("raw.custommers", "clean.c", SourceError, r"no table raw\.custommers.*Did you mean 'raw\.customers'"),
        ("", "clean.c", SourceError, "names no table"),
        ("raw.customers", "cleam.c", SinkError, r"no schema 'cleam'.*Did you mean 'clean'"),
        ("raw.customers", "clean.some_view", SinkError, "clean.some_view is a view"),
        ("raw.customers", "a.b.c", SinkError, "'a.b.c' is no name of a table"),
        ("raw.customers", "clean." + "x" * 60, SinkError, "longer than 63 bytes"),
    ],
)
def test_a_wrong_table_is_told(
    database: Database, source: str, target: str, error: type[SanitizerError], told: str
) -> None:
    database.ask("CREATE VIEW clean.some_view AS SELECT 1 AS one")
    with pytest.raises(error, match=told):
        run(database.at(source), recipe(TOWNS), database.at(target))


def test_a_missing_privilege_is_told_without_the_password(database: Database) -> None:
    database.ask("DROP ROLE IF EXISTS sanitizer_guest; CREATE ROLE sanitizer_guest LOGIN PASSWORD 'hush-hush'")
    guest = re.sub("//postgres:?@", "//sanitizer_guest:hush-hush@", database.address)
    with pytest.raises(SourceError, match=r"sanitizer_guest may not read raw\.customers") as refused:
        run(f"{guest}&table=raw.customers", recipe(TOWNS), f"{guest}&table=clean.customers")
    assert "hush-hush" not in str(refused.value)
    database.ask(
        "GRANT USAGE ON SCHEMA raw, clean TO sanitizer_guest; GRANT SELECT ON raw.customers TO sanitizer_guest"
    )
    with pytest.raises(SinkError, match=r"permission denied for schema clean.*CREATE on the schema"):
        run(f"{guest}&table=raw.customers", recipe(TOWNS), f"{guest}&table=clean.customers")
    database.ask("DROP OWNED BY sanitizer_guest; DROP ROLE sanitizer_guest")


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    place = "postgresql://me:hush-hush@127.0.0.1:1/db?table=raw.customers"
    with pytest.raises(SourceError, match=r"no connection to postgresql://127\.0\.0\.1:1/db") as refused:
        run(place, recipe(TOWNS), place)
    assert refused.value.retryable
    assert "hush-hush" not in str(refused.value)


def test_the_tables_of_a_run_are_asked_as_its_files_are(database: Database) -> None:
    run(database.at("raw.customers"), recipe(*EVERYTHING), database.at("clean.customers"))
    clean = database.at("clean.customers")
    answer = ask_run(clean, Question(column="town"))
    assert answer.total == len(answer.entries) > 0 and {each["new"] for each in answer.entries} == {"New York"}
    assert ask_run(clean, Question(row=2)).entries == [each for each in answer.entries if each["row"] == 2]
    (gone,) = ask_run(clean, Question(row=3)).gone
    assert (gone["what"], gone["op"]) == ("removed", "remove_duplicates")
    with pytest.raises(RestoreError, match="the run had no column 'towm'"):
        ask_run(clean, Question(column="towm"))
    told = CliRunner().invoke(app, ["changes", clean, "--column", "town"])
    assert "New York" in told.output and told.exit_code == 0, told.output
