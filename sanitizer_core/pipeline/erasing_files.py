"""Taking somebody's rows out of a file with a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp

from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.sinks import write_table
from sanitizer_core.sinks.options import WriteOptions
from sanitizer_core.sources import Opened, ReadOptions, load, open_source
from sanitizer_core.sources.options import Format
from sanitizer_core.sql import column, literal, lower
from sanitizer_core.sql.canonical import canonical_text

_ROWS = "rows"
_ORDER = "rowid"


@dataclass(frozen=True)
class ErasedRows:
    """What was done to a file.

    Args:
        searched: whether it has the column.
        rows: how many rows went.
        lines: how many lines went that could not be read as rows: none is told from another, so all go with the rows.
        written: whether the file was written anew.
    """

    looked_at: int
    searched: bool
    rows: int = 0
    lines: int = 0
    written: bool = False


def erase_from_file(path: Path, form: Format, name: str, values: Sequence[str], target: Path) -> ErasedRows:
    """Writes a table anew without the rows whose column has one of the values; nothing, when it has none.

    Text and workbooks get the form in which this package writes them.

    Args:
        values: as canonical texts.
        target: what is written; its name ends as the format's names do.

    Raises:
        SourceError: the file cannot be read.
        SinkError: it cannot be written.
    """
    with DuckDBEngine.open() as engine:
        opened = open_source(str(path), engine.connection, ReadOptions(format=form), scratch=engine.scratch)
        opened, _ = load(opened, lambda view: _kept(engine, view))
        try:
            return _erased(engine, opened, name, values, target)
        finally:
            opened.close()


def _kept(engine: DuckDBEngine, view: str) -> None:
    rows = exp.select("*").from_(exp.to_identifier(view, quoted=True))
    engine.execute(exp.Create(this=exp.to_identifier(_ROWS), kind="TABLE", expression=rows, replace=True))


def _erased(engine: DuckDBEngine, opened: Opened, name: str, values: Sequence[str], target: Path) -> ErasedRows:
    total = int(engine.fetch(exp.select("count(*)").from_(_ROWS))[0][0])
    if name not in opened.schema:
        return ErasedRows(total, False)
    text = lower(canonical_text(column(name), opened.schema[name].type), "duckdb")
    theirs = exp.func("coalesce", exp.In(this=text, expressions=[literal(value) for value in values]), exp.false())
    gone = int(engine.fetch(exp.select("count(*)").from_(_ROWS).where(theirs))[0][0])
    lines, named = _lines(engine, opened, values)
    if not gone and not named:
        return ErasedRows(total, True)
    rest = exp.select(*(column(each.name) for each in opened.schema)).from_(_ROWS).where(exp.not_(theirs.copy()))
    said = str(opened.facts.get("delimiter") or "")
    delimiter = said if opened.facts.get("format") == "csv" and len(said) == 1 else None
    options = WriteOptions(guard_formulas=False, delimiter=delimiter)
    write_table(engine.connection, rest.order_by(_ORDER), str(target), options=options)
    return ErasedRows(total, True, gone, lines, True)


def _lines(engine: DuckDBEngine, opened: Opened, values: Sequence[str]) -> tuple[int, int]:
    """How many lines could not be read, and how many of them hold a value."""
    if opened.rejected_view is None:
        return 0, 0
    text = exp.column("text")
    holds = exp.or_(*(exp.func("contains", text.copy(), literal(value), dialect="duckdb") for value in values))
    counts = exp.select(exp.Count(this=exp.Star()), exp.CountIf(this=holds))
    found = engine.fetch(counts.from_(exp.to_identifier(opened.rejected_view, quoted=True)))[0]
    return int(found[0]), int(found[1] or 0)
