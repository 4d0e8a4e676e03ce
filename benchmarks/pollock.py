"""How well polluted text files are read by those who are not told how: this project, CleverCSV, and DuckDB.

The files are those of the Pollock benchmark (Vitagliano et al., "Pollock: a data loading benchmark", PVLDB 16, 2023),
and so are the measures: header, records and cells, each as the F1 of two multisets. The files may not be copied, so
they are read from the shared data beside the project.

Run it with: python benchmarks/pollock.py [FOLDER]
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sanitizer_core.errors import SourceError
from sanitizer_core.sources.csv import open_text
from sanitizer_core.sources.opened import load
from sanitizer_core.sources.options import ReadOptions

DATA = Path(__file__).parents[2] / "shared" / "data" / "pollock"


@dataclass(frozen=True)
class Table:
    """A table as someone read it: its names (none without a header), its rows, and how many lines were set aside."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rejected: int = 0


@dataclass(frozen=True)
class Score:
    """The F1 of header, records and cells."""

    header: float
    records: float
    cells: float


Reader = Callable[[Path], Table]


def ours(path: Path) -> Table:
    """The file as this project reads it, told nothing; a file without a table is a table of nothing."""
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        try:
            opened = open_text(path, connection, ReadOptions(), Path(scratch))
        except SourceError:
            return Table((), ())
        opened, rows = load(opened, lambda view: connection.table(view).fetchall())
        rejected = connection.table(opened.rejected_view or "").fetchall()
        opened.close()
    header = opened.schema.names if opened.facts["header_lines"] else ()
    return Table(header, _as_text(rows), len(rejected))


def clever_csv(path: Path) -> Table:
    """The file as CleverCSV reads it, by its own dialect and its own idea of a header."""
    import clevercsv

    text = path.read_bytes().decode()
    dialect = clevercsv.Detector().detect(text) if text else None
    if dialect is None:
        return Table((), ())
    rows = [tuple(row) for row in clevercsv.reader(io.StringIO(text, newline=None), dialect)]
    try:
        has_header = clevercsv.Detector().has_header(text)
    except clevercsv.exceptions.Error:
        has_header = True
    return Table(rows[0] if has_header else (), tuple(rows[1:] if has_header else rows))


def duck(path: Path) -> Table:
    """The file as DuckDB's own detection reads it, broken lines left out."""
    return _sniffed(path, "ignore_errors = true")


def lenient_duck(path: Path) -> Table:
    """The same with every leniency that DuckDB has."""
    return _sniffed(path, "ignore_errors = true, null_padding = true, strict_mode = false")


def _sniffed(path: Path, options: str) -> Table:
    with duckdb.connect() as connection:
        try:
            relation = connection.sql(f"FROM read_csv(?, all_varchar = true, {options})", params=[str(path)])
            has_header = connection.execute("SELECT HasHeader FROM sniff_csv(?)", [str(path)]).fetchall()[0][0]
            rows = relation.fetchall()
        except duckdb.Error:
            return Table((), ())
        return Table(tuple(relation.columns) if has_header else (), _as_text(rows))


READERS: dict[str, Reader] = {"ours": ours, "CleverCSV": clever_csv, "DuckDB": duck, "DuckDB, lenient": lenient_duck}


def clean(path: Path) -> Table:
    """What a polluted file means, by the benchmark's own well-formed copy."""
    parameters = json.loads((path.parents[1] / "parameters" / f"{path.name}_parameters.json").read_text())
    with (path.parents[1] / "clean" / path.name).open(encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)]
    lines = 1 if parameters["header_lines"] else 0
    return Table(rows[0] if lines else (), tuple(rows[lines:]))


def f1(got: Iterable[Hashable], wanted: Iterable[Hashable]) -> float:
    """The F1 of two multisets; 1 when both are empty."""
    left, right = Counter(got), Counter(wanted)
    if not left and not right:
        return 1.0
    return 2 * (left & right).total() / (left.total() + right.total())


def score(got: Table, wanted: Table) -> Score:
    """How close a table is to the one that was meant."""
    cells = [[cell for row in table.rows for cell in row] for table in (got, wanted)]
    return Score(f1(got.header, wanted.header), f1(got.rows, wanted.rows), f1(*cells))


def scores(reader: Reader, files: Sequence[Path]) -> dict[str, Score]:
    """The score of each file."""
    return {path.name: score(reader(path), clean(path)) for path in files}


def mean(found: Iterable[Score]) -> Score:
    """The mean over files."""
    columns = list(zip(*((one.header, one.records, one.cells) for one in found), strict=True))
    return Score(*(sum(column) / len(column) for column in columns))


def _as_text(rows: Iterable[Sequence[object]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows)


def main(folder: Path) -> None:
    """Print the means of every reader, and the files that we do not read perfectly."""
    files = sorted((folder / "csv").glob("*.csv"))
    print(f"{len(files)} files, told nothing        header   records   cells")
    for name, reader in READERS.items():
        found = scores(reader, files)
        total = mean(found.values())
        print(f"{name:<32}{total.header:.4f}   {total.records:.4f}   {total.cells:.4f}")
    print("\nread imperfectly by us           header   records   cells   rejected lines")
    for path in files:
        table = ours(path)
        one = score(table, clean(path))
        if min(one.header, one.records, one.cells) < 1:
            print(f"{path.name:<32}{one.header:.4f}   {one.records:.4f}   {one.cells:.4f}   {table.rejected}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
