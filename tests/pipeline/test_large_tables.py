"""Tables that do not fit into memory: they are kept in a packed file, to the same end."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

import sanitizer_core.pipeline.reading as reading
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.pipeline.fitting import fit
from sanitizer_core.pipeline.restoring import restore
from sanitizer_core.pipeline.running import RunResult, run
from sanitizer_core.recipe import Recipe

pytestmark = pytest.mark.slow

RECIPE = """
name: large
steps:
  - {op: clean_text, params: {columns: [name]}}
  - {op: nullify}
  - {op: fix_dtypes, params: {n: integer}}
  - {op: handle_missing, params: {columns: [n], strategy: median}}
  - {op: handle_outliers, params: {columns: [n], method: IQR}}
  - {op: remove_duplicates, params: {columns: [name, n]}}
  - {op: sort_rows, params: {by: [n, name]}}
"""


def _table(rows: int, *, broken: bool) -> str:
    dice = random.Random(7)
    cells = [
        f"{dice.choice((' Ada', 'Grace ', 'n/a', 'Alan'))},{dice.choice(('1', '2', '', '900', ' 7'))},{row}"
        for row in range(rows)
    ]
    if broken:
        cells[rows // 2] = 'a "stray, quote,in it,with,too many'
    return "name,n,id\n" + "\n".join(cells) + "\n"


def _told(result: RunResult, name: str) -> list[tuple[object, ...]]:
    columns = "* EXCLUDE run" if name == "changes" else "*"
    order = "" if name == "clean" else " ORDER BY ALL"
    return duckdb.execute(f"SELECT {columns} FROM '{result.folder}/{name}.parquet'{order}").fetchall()


@pytest.mark.parametrize("form", ["csv", "broken csv", "parquet"])
def test_a_table_in_a_packed_file_is_cleaned_as_one_in_memory(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(_table(3000, broken=form == "broken csv"), encoding="utf-8")
    if form == "parquet":
        duckdb.execute(f"COPY (FROM read_csv('{source}', all_varchar = true)) TO '{tmp_path}/in.parquet'")
        source = tmp_path / "in.parquet"
    recipe = Recipe.loads(RECIPE)
    inside, values = run(source, recipe, tmp_path / "inside.parquet"), fit(source, recipe).steps
    monkeypatch.setattr(reading, "PLAIN_TEXT", 1 << 40)
    monkeypatch.setattr(reading, "PACKED", 1 << 40)
    attached: list[str] = []
    made = DuckDBEngine.make_room

    def make_room(engine: DuckDBEngine, size: int) -> None:
        made(engine, size)
        attached.extend(
            row[0] for row in engine.connection.execute("SELECT database_name FROM duckdb_databases()").fetchall()
        )

    monkeypatch.setattr(DuckDBEngine, "make_room", make_room)
    packed = run(source, recipe, tmp_path / "packed.parquet")
    assert "shelf" in attached
    for name in ("clean", "changes", "removed", "rejected"):
        assert _told(packed, name) == _told(inside, name), name
    assert packed.record.score == inside.record.score
    assert fit(source, recipe).steps == values
    restore(str(packed.folder), tmp_path / "back.parquet")
    restore(str(inside.folder), tmp_path / "too.parquet")
    back = [duckdb.execute(f"SELECT * FROM '{tmp_path}/{name}.parquet'").fetchall() for name in ("back", "too")]
    assert back[0] == back[1] and len(back[0]) == (2999 if form == "broken csv" else 3000)
