"""The rows of a text file that could not be read, on a DuckDB connection."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import duckdb
from sqlglot import exp

from sanitizer_core.errors import SourceError, Where
from sanitizer_core.sources.csv.encoding import is_broken, shown
from sanitizer_core.sources.csv.records import Record
from sanitizer_core.sources.csv.survey import Survey
from sanitizer_core.sources.views import new_name

_BATCH = 2000
_COLUMNS = {"line": "BIGINT", "text": "VARCHAR", "reason": "VARCHAR"}


def reasons(record: Record, width: int, encoding: str) -> list[str]:
    """Everything that keeps a record from being a row; nothing when it is one."""
    found = [record.fault] if record.fault else []
    if not found and len(record.fields) != width:
        count = len(record.fields)
        found.append(f"it has {count} field{'' if count == 1 else 's'} instead of {width}")
    if "\0" in record.text:
        found.append("it holds a NUL character")
    if is_broken(record.text):
        found.append(f"it holds bytes that are not {encoding.upper()}")
    return found


def _as_table(rows: list[tuple[int, str, str]]) -> object:
    import pyarrow as pa  # It takes a quarter of a second to import, and few files have such rows.

    schema = pa.schema({"line": pa.int64(), "text": pa.string(), "reason": pa.string()})
    return pa.table([list(values) for values in zip(*rows, strict=True)], schema=schema)


class Rejected:
    """A temporary table of rejected rows: ``line``, ``text``, ``reason``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, address: str, strict: bool) -> None:
        self.name = new_name("rejected")
        self._connection = connection
        self._address = address
        self._strict = strict
        columns = [
            exp.ColumnDef(this=exp.to_identifier(name), kind=exp.DataType.build(kind))
            for name, kind in _COLUMNS.items()
        ]
        self._execute(
            exp.Create(
                this=exp.Schema(this=exp.to_table(self.name), expressions=columns),
                kind="TABLE",
                properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
            )
        )

    def add(self, rows: Iterable[tuple[int, str, str]]) -> int:
        """Keep rows in bounded batches, and say how many there were.

        Raises:
            SourceError: there is one, and the reading is strict.
        """
        count, left = 0, iter(rows)
        while batch := list(islice(left, _BATCH)):
            if self._strict:
                raise self._refusal(*batch[0])
            self._insert(_as_table(batch))
            count += len(batch)
        return count

    def _refusal(self, line: int, text: str, reason: str) -> SourceError:
        start = text if len(text) <= 80 else f"{text[:80]}..."
        return SourceError(
            f"the line cannot be read as a row: {reason}: {start!r}",
            hint="Without strict reading it would be kept among the rejected rows.",
            where=Where(file=self._address, line=line),
        )

    def _insert(self, table: object) -> None:
        batch = new_name("batch")
        self._connection.register(batch, table)
        try:
            self._execute(exp.insert(exp.select("*").from_(exp.to_table(batch)), exp.to_table(self.name)))
        finally:
            self._connection.unregister(batch)

    def clear(self) -> None:
        """Forget all rows."""
        self._execute(exp.Delete(this=exp.to_table(self.name)))

    def drop(self) -> None:
        """Take the table off the connection."""
        self._execute(exp.Drop(tables=[exp.to_table(self.name)], kind="TABLE", exists=True))

    def _execute(self, statement: exp.Expr) -> None:
        self._connection.execute(statement.sql(dialect="duckdb"))


def rejected_row(record: Record, why: Iterable[str], found: Survey) -> tuple[int, str, str]:
    """A record as a row of the table."""
    return record.line, shown(record.text, marked=found.plain.recoded), "; ".join(why)
