"""Every format to every place: whole under its final name, or not at all and nothing left behind."""

from __future__ import annotations

import gzip
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import duckdb
import pyarrow.parquet as pq
import pytest
from sqlglot import exp

from sanitizer_core.errors import SinkError
from sanitizer_core.pipeline.running import run
from sanitizer_core.recipe import Recipe
from sanitizer_core.sinks import OutputFormat, WriteOptions, write_table
from sanitizer_core.sources import load, open_source

FILES = ["a.parquet", "a.csv", "a.tsv", "a.jsonl", "a.json", "a.xlsx", "a.duckdb", "a.csv.gz", "a.jsonl.zst"]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE TABLE rows AS SELECT i AS id, 'n' || i AS name FROM range(5000) t(i)")
        yield connection


def found(connection: duckdb.DuckDBPyConnection, path: str | Path, scratch: Path) -> list[tuple[Any, ...]]:
    opened, rows = load(open_source(path, connection, scratch=scratch), lambda view: connection.table(view).fetchall())
    opened.close()
    return rows


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def endless(rows: int, failing_at: int | None = None) -> exp.Select:
    """Many rows that compress badly; may fail at one of them."""
    number = exp.column("range")
    value: exp.Expr = exp.Anonymous(this="hash", expressions=[number])
    if failing_at is not None:
        broken = exp.Anonymous(this="error", expressions=[exp.Literal.string("the query fails")])
        value = exp.Case(
            ifs=[exp.If(this=number.eq(failing_at), true=exp.cast(broken, "UBIGINT", dialect="duckdb"))], default=value
        )
    source = exp.Table(this=exp.Anonymous(this="range", expressions=[exp.Literal.number(rows)]))
    return exp.select(number, exp.alias_(exp.cast(value, "TEXT"), "value")).from_(source)


def test_every_format_is_tried_here() -> None:
    assert {name.split(".")[1] for name in FILES} == (set(get_args(OutputFormat)) - {"excel", "postgres"}) | {"xlsx"}


@pytest.mark.parametrize("name", FILES)
def test_written_and_read_again_in_order(connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str) -> None:
    path = tmp_path / "new" / "folder" / name
    written = write_table(connection, "rows", path)
    assert (written.rows, written.address) == (5000, str(path))
    assert written.bytes == path.stat().st_size
    assert tree(tmp_path / "new") == ["folder", f"folder/{name}"]
    rows = found(connection, path, tmp_path / "scratch")
    assert [(int(row[0]), row[1]) for row in rows] == [(number, f"n{number}") for number in range(5000)]


def test_the_order_of_the_query_is_kept(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    query = exp.select("id").from_("rows").order_by("hash(id)")
    write_table(connection, query, tmp_path / "a.parquet")
    assert (
        found(connection, tmp_path / "a.parquet", tmp_path / "s") == connection.execute(query.sql("duckdb")).fetchall()
    )


@pytest.mark.parametrize("name", FILES)
def test_an_earlier_file_is_replaced(connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_table(connection, "rows", path)
    path.chmod(0o640)
    write_table(connection, exp.select("id").from_("rows").limit(2), path)
    assert [int(row[0]) for row in found(connection, path, tmp_path / "s")] == [0, 1]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("name", FILES)
def test_a_query_that_fails_leaves_nothing(connection: duckdb.DuckDBPyConnection, tmp_path: Path, name: str) -> None:
    before = tmp_path / name
    write_table(connection, "rows", before)
    for path in (before, tmp_path / "new" / name):
        with pytest.raises(duckdb.InvalidInputException, match="the query fails"):
            write_table(connection, endless(200_000, failing_at=199_999), path)
    assert tree(tmp_path) == [name]
    assert len(found(connection, before, tmp_path / "s")) == 5000


LIMITED = """
import resource, sys, duckdb
from sqlglot import parse_one
from sanitizer_core.errors import SinkError
from sanitizer_core.pipeline.running import run
from sanitizer_core.recipe import Recipe
from sanitizer_core.sinks import write_table
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
query = parse_one("SELECT range, CAST(hash(range) AS TEXT) AS v FROM range(100000)", dialect="duckdb")
with duckdb.connect() as connection:
    for path in sys.argv[1:]:
        try:
            write_table(connection, query, path)
        except SinkError as error:
            print(error)
"""


def test_a_full_disk_is_said_and_leaves_nothing(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    # A limit on the size of files fails a write as a full disk does; only a process of its own can have one.
    old = tmp_path / "old" / "a.duckdb"
    write_table(connection, "rows", old)
    paths = [str(tmp_path / "new" / name) for name in FILES] + [str(old)]
    ran = subprocess.run([sys.executable, "-c", LIMITED, *paths], capture_output=True, text=True, check=True)
    messages = ran.stdout.splitlines()
    assert len(messages) == len(paths), ran.stderr
    for path, message in zip(paths, messages, strict=True):
        assert message.startswith(f"{path} cannot be written: File too large; nothing was changed. ")
    assert tree(tmp_path) == ["old", "old/a.duckdb"]
    assert len(found(connection, old, tmp_path / "s")) == 5000


def test_an_interrupted_write_leaves_nothing(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    timer = threading.Timer(0.3, connection.interrupt)
    timer.start()
    with pytest.raises(duckdb.InterruptException):
        write_table(connection, endless(500_000_000), tmp_path / "new" / "a.parquet")
    timer.join()
    assert tree(tmp_path) == []


def failure(connection: duckdb.DuckDBPyConnection, path: Any, **said: Any) -> str:
    with pytest.raises(SinkError) as caught:
        write_table(connection, "rows", path, **said)
    return str(caught.value)


def test_what_cannot_be_written_is_said(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "dir.csv").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "no.duckdb").write_text("no database")
    before = tree(tmp_path)
    assert "is a folder; nothing was changed" in failure(connection, tmp_path / "dir.csv")
    assert "cannot be written: " in failure(connection, tmp_path / "file" / "a.csv")
    assert "Did you mean 'csv'?" in failure(connection, tmp_path / "a.cvs")
    assert "it has no ending; nothing was written" in failure(connection, tmp_path / "a")
    assert "excel is not written with gzip" in failure(
        connection, tmp_path / "a.xlsx", options=WriteOptions(compression="gzip")
    )
    assert "is named like gzip, but zstd was asked for" in failure(
        connection, tmp_path / "a.csv.gz", options=WriteOptions(compression="zstd")
    )
    assert "is a DuckDB file, but csv was asked for" in failure(connection, tmp_path / "a.duckdb", format="csv")
    assert "not a valid DuckDB" in failure(connection, tmp_path / "no.duckdb")
    assert "Did you mean 's3'" in failure(connection, "s33://bucket/a.csv")
    assert tree(tmp_path) == before


def test_a_folder_that_cannot_be_written_to(connection: duckdb.DuckDBPyConnection) -> None:
    # Root may write in any folder but those of the kernel.
    assert "cannot be written" in failure(connection, "/proc/new/a.csv")


def test_a_device_that_is_full(connection: duckdb.DuckDBPyConnection) -> None:
    assert "/dev/full cannot be written: No space left on device" in failure(connection, "/dev/full", format="csv")


def test_a_pipe_gets_all_of_it(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    assert write_table(connection, exp.select("id").from_("rows").limit(2), pipe).rows == 2
    reader.join()
    assert read == ["id\n0\n1\n"]


def test_a_link_is_followed(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "real" / "a.csv")
    write_table(connection, exp.select("id").from_("rows").limit(1), tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real" / "a.csv").read_text() == "id\n0\n"


def test_standard_output_is_csv_unless_said(
    connection: duckdb.DuckDBPyConnection, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    query = exp.select("id").from_("rows").limit(2)
    assert write_table(connection, query, "-").address == "-"
    write_table(connection, query, "-", format="jsonl")
    assert capfdbinary.readouterr().out == b'id\n0\n1\n{"id":0}\n{"id":1}\n'


def test_a_reader_of_standard_output_that_went_away() -> None:
    program = (
        "import duckdb\nfrom sanitizer_core.errors import SinkError\nfrom sanitizer_core.sinks import write_table\n"
        "from sqlglot import parse_one\nimport os, sys\n"
        "try: write_table(duckdb.connect(), parse_one('SELECT * FROM range(1000000)', dialect='duckdb'), '-')\n"
        "except SinkError as error: print(error, file=sys.stderr)\n"
        # What is left in the buffer must not be written when the interpreter ends.
        "os.dup2(os.open(os.devnull, os.O_WRONLY), 1)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert b"ended before all was written" in process.stderr.read()


def test_compression(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for said, name in ((None, "ZSTD"), ("snappy", "SNAPPY"), ("none", "UNCOMPRESSED")):
        path = tmp_path / f"{name}.parquet"
        write_table(connection, "rows", path, options=WriteOptions.model_validate({"compression": said}))
        assert pq.ParquetFile(path).metadata.row_group(0).column(1).compression == name
    write_table(connection, "rows", tmp_path / "a.csv", options=WriteOptions(compression="gzip"))
    assert gzip.decompress((tmp_path / "a.csv").read_bytes()).startswith(b"id,name\n0,n0\n")


def test_delimiter(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write_table(connection, "rows", tmp_path / "a.csv", options=WriteOptions(delimiter=";"))
    assert (tmp_path / "a.csv").read_text().startswith("id;name\n0;n0\n")


def test_a_null_alone_in_its_line_is_still_a_row(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute("CREATE TABLE one AS SELECT * FROM (VALUES ('x'), (NULL), (''), ('=y')) t(v)")
    write_table(connection, "one", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == 'v\nx\n""\n""\n\'=y\n'


def test_json_is_json(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute(
        "CREATE TABLE odd AS SELECT * FROM (VALUES (1.5::DOUBLE, 0.1::FLOAT), ('nan', 'inf'), ('-inf', NULL)) t(x, y)"
    )
    write_table(connection, "odd", tmp_path / "a.jsonl")

    def refuse(word: str) -> None:
        raise AssertionError(word)

    rows = [json.loads(line, parse_constant=refuse) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert rows == [{"x": 1.5, "y": 0.1}, {"x": "NaN", "y": "Infinity"}, {"x": "-Infinity", "y": None}]


def test_tables_of_a_duckdb_file_live_side_by_side(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    write_table(connection, "rows", path)
    written = write_table(connection, exp.select("id").from_("rows").limit(1), f"duckdb:{path}?table=my table")
    assert written.address == f"{path}?table=my table"
    assert found(connection, f"{path}?table=my table", tmp_path / "s") == [(0,)]
    assert len(found(connection, f"{path}?table=clean", tmp_path / "s")) == 5000
    assert tree(tmp_path) == ["a.duckdb", "s"]


def test_a_duckdb_file_that_is_open(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write_table(connection, "rows", tmp_path / "a.duckdb")
    opened = open_source(tmp_path / "a.duckdb", connection, scratch=tmp_path / "s")
    assert "is open elsewhere" in failure(connection, tmp_path / "a.duckdb")
    opened.close()
    assert write_table(connection, "rows", tmp_path / "a.duckdb").rows == 5000


def test_a_name_that_needs_quotes(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    connection.execute('CREATE VIEW "my ""view"".x" AS SELECT 1 AS "select", 2 AS "a\nb"')
    write_table(connection, 'my "view".x', tmp_path / "it's.csv")
    assert (tmp_path / "it's.csv").read_text() == 'select,"a\nb"\n1,2\n'


def test_floats_stand_in_csv_as_the_log_has_them(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("n,t\n 12.0,a\n2.50,b\n-0.0,c\n1e20,d\n,e\n", encoding="utf-8")
    recipe = Recipe.loads("name: floats\nsteps: [{op: fix_dtypes, params: {columns: {n: float}}}]")
    first = run(tmp_path / "in.csv", recipe, tmp_path / "out.csv")
    written = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert written == "n,t\n12,a\n2.5,b\n-0,c\n1e+20,d\n,e\n"
    news = duckdb.execute(f'SELECT "new" FROM \'{first.folder}/changes.parquet\' ORDER BY "row"').fetchall()
    assert news == [("12",), ("2.5",), ("-0",), ("1e+20",)]
    again = run(tmp_path / "out.csv", recipe, tmp_path / "again.csv")
    assert again.record.cells_changed == 0
    assert (tmp_path / "again.csv").read_text(encoding="utf-8") == written


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.xlsx", "a.duckdb", "a.parquet"])
def test_a_name_that_changed_only_in_its_case_is_written_as_it_is_now(
    name: str, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    connection.execute("CREATE TABLE was AS SELECT 1.5 AS ID, 'nan'::DOUBLE AS Price")
    connection.execute('CREATE VIEW now AS SELECT "ID" AS id, "Price" AS price FROM was WHERE "ID" > 0')
    write_table(connection, exp.select("*").from_("now"), str(tmp_path / name))
    opened = open_source(tmp_path / name, connection, scratch=tmp_path)
    assert list(opened.schema.names) == ["id", "price"]
    opened.close()


def test_a_recipe_may_change_the_case_of_a_name_beside_floats(tmp_path: Path) -> None:
    recipe = Recipe.loads("""
        name: n
        version: 1
        steps:
          - {op: filter_rows, params: {keep: Price > 1}}
          - {op: rename_columns, params: {mapping: {Source: source, Price: price}}}
    """)
    (tmp_path / "in.csv").write_text("Source,Price\na,1.5\nb,0.5\n")
    result = run(tmp_path / "in.csv", recipe, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "source,price\na,1.5\n"
    assert [each.name for each in result.record.columns] == ["source", "price"]
