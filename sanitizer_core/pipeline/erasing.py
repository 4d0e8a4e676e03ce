"""Taking somebody's rows out of what a run kept, for good: output, log, rows that went, and what undoes the run."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlglot import exp

from sanitizer_core.audit.files import RunFiles
from sanitizer_core.audit.rows import REJECTED, REMOVED, meta_names
from sanitizer_core.chain import Relation
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.pipeline.restoring import input_schema, open_files
from sanitizer_core.plan import ROW
from sanitizer_core.record import InputColumn, RunRecord
from sanitizer_core.schema import Schema, from_duckdb
from sanitizer_core.sinks import artifact_folder, write_table
from sanitizer_core.sql import column, literal, lower
from sanitizer_core.sql.canonical import canonical_text

ERASED = "erased"
REASON = "erased on request"
_WITHOUT_ROWS = ("report.html", "sealed.bin")
"""Files that cannot be rewritten: the report shows examples, and what is sealed only its key opens."""
_MEASURED = ("run.json", "fitted.json")
_SET = "@erased"
_POSITION = "@position"


@dataclass(frozen=True)
class FileChange:
    """A file that was rewritten or deleted (then ``after`` is ``None``), by its SHA-256 (hex)."""

    name: str
    before: str
    after: str | None


@dataclass(frozen=True)
class Erased:
    """What was done to the files of a run.

    Args:
        looked_at: the rows of its input.
        searched: whether it has the column, in the clear.
        entries: how many rows and entries went, by file.
        record: the record as it is now.
    """

    looked_at: int
    searched: bool
    entries: dict[str, int]
    record: RunRecord
    files: list[FileChange] = field(default_factory=list)

    @property
    def found(self) -> bool:
        return bool(self.files)


def erase(address: str, name: str, values: Sequence[str]) -> Erased:
    """Takes the rows out of a run's files whose column had one of the values, before or after the run.

    A row that was in the output becomes a removed row without cells, so that the others can still be undone. The folder
    is replaced whole; whatever ends it before, it is as it was.

    Args:
        name: of a column, in the input or in the output.
        values: as canonical texts.

    Raises:
        RestoreError: the folder is not that of a run, or its files are not of one run.
        SinkError: it cannot be written.
    """
    files = RunFiles.at(address)
    record = files.record()
    place = next((each for each in record.input_columns if name in (each.name, each.output)), None)
    added = next((each for each in record.columns if each.name == name), None)
    if (place is None and added is None) or (place is not None and place.sealed is not None):
        return Erased(record.rows.in_, False, {}, record)
    with files.engine() as engine:
        erasing = _Erasing(engine, files, record, input_schema(record), name, place, values)
        entries = erasing.search()
        if not any(entries.values()):
            return Erased(record.rows.in_, True, entries, record)
        with artifact_folder(address) as staged:
            changed = erasing.write(staged, entries)
        return Erased(record.rows.in_, True, entries, changed, erasing.changes())


@dataclass
class _Erasing:
    """One erasure in one run."""

    engine: DuckDBEngine
    files: RunFiles
    record: RunRecord
    schema: Schema
    name: str
    place: InputColumn | None
    values: Sequence[str]
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)

    def search(self) -> dict[str, int]:
        """Notes the numbers of the rows; how many there are in each file."""
        open_files(self.engine, self.record, self.files, self.schema, log=False)
        parts = list(self._sources())
        query: exp.Query = exp.select(exp.alias_(exp.cast(exp.Null(), "BIGINT"), "row")).where(exp.false())
        for part in parts:
            query = exp.Union(this=query, expression=part, distinct=True)
        there = exp.select("row").from_(query.subquery("found")).where(_not_null(exp.column("row")))
        self.engine.create(Relation(_SET, there, stored=True))
        counts = {"clean": self._count("numbered", ROW), "lines": self._lines()}
        for name, number in self._numbers():
            counts[name] = self._count(name, number)
        return counts

    def _numbers(self) -> Iterator[tuple[str, str]]:
        """The files that have rows of the input in them, and their columns of numbers."""
        yield "removed", meta_names(self.schema, tuple(REMOVED))["_row"]
        yield "rejected", meta_names(self.schema, tuple(REJECTED))["_row"]
        if "changes.parquet" in self.files.names:
            yield "changes", "row"
        if "dropped.parquet" in self.files.names:
            yield "dropped", meta_names(self.schema)["_row"]

    def _sources(self) -> Iterator[exp.Select]:
        """The numbers of the rows that have a value, wherever it stands."""
        output = self.place.output if self.place is not None else self.name
        if output is not None:
            yield self._having("numbered", output, ROW)
        if self.place is None:
            return
        for name, number in self._numbers():
            if name == "changes":
                entries = exp.select(exp.alias_(column("row"), "row")).from_("changes")
                of_column = exp.EQ(this=column("column"), expression=literal(self.place.name))
                yield entries.where(of_column, exp.or_(self._among(column("old")), self._among(column("new"))))
            elif name != "dropped" or self.place.output is None:
                yield self._having(name, self.place.name, number)

    def _having(self, relation: str, name: str, number: str) -> exp.Select:
        kind = from_duckdb(self._types(relation)[name])
        text = lower(canonical_text(column(name), kind), "duckdb")
        rows = exp.select(exp.alias_(column(number), "row")).from_(_quoted(relation))
        return rows.where(self._among(text))

    def _among(self, text: exp.Expr) -> exp.Expr:
        return exp.In(this=text, expressions=[literal(value) for value in self.values])

    def _types(self, relation: str) -> dict[str, str]:
        described = exp.Subquery(this=exp.Describe(this=exp.select("*").from_(_quoted(relation))))
        return dict(self.engine.fetch(exp.select("column_name", "column_type").from_(described)))

    def _count(self, relation: str, number: str) -> int:
        rows = exp.select("count(*)").from_(_quoted(relation)).where(_erased(number))
        return int(self.engine.fetch(rows)[0][0])

    def _lines(self) -> int:
        rows = exp.select("count(*)").from_("rejected").where(self._in_line())
        return int(self.engine.fetch(rows)[0][0])

    def _in_line(self) -> exp.Expr:
        """Whether a line that could not be read holds a value."""
        text = column(meta_names(self.schema, tuple(REJECTED))["_text"])
        return exp.or_(
            *(exp.func("contains", text.copy(), literal(value), dialect="duckdb") for value in self.values if value)
        )

    def write(self, staged: Path, entries: dict[str, int]) -> RunRecord:
        """The folder as it is to be; gives the record in it."""
        for name, query in self._queries():
            write_table(self.engine.connection, query, str(staged / f"{name}.parquet"))
        record = self._record(entries)
        (staged / "run.json").write_text(record.model_dump_json(by_alias=True, indent=2), encoding="utf-8")
        if "fitted.json" in self.files.names:
            with self.files.open("fitted.json") as file:
                fitted = _without(json.load(file), self.values)
            (staged / "fitted.json").write_text(json.dumps(fitted, indent=2, ensure_ascii=False), encoding="utf-8")
        for name in self.files.names - {path.name for path in staged.iterdir()} - set(_WITHOUT_ROWS):
            with self.files.open(name) as file, (staged / name).open("wb") as target:
                shutil.copyfileobj(file, target, 1 << 20)
        self.after = {path.name: _digest(path) for path in staged.iterdir()}
        self.before = {name: self._digest_of(name) for name in self.files.names}
        return record

    def changes(self) -> list[FileChange]:
        """The files that are not as they were."""
        pairs = ((name, before, self.after.get(name)) for name, before in sorted(self.before.items()))
        return [FileChange(*pair) for pair in pairs if pair[1] != pair[2]]

    def _digest_of(self, name: str) -> str:
        with self.files.open(name) as file:
            return _sha256(file)

    def _queries(self) -> Iterator[tuple[str, exp.Query]]:
        clean = (
            exp.select(*(column(name) for name in self._types("clean"))).from_("numbered").where(exp.not_(_erased(ROW)))
        )
        yield "clean", clean.order_by(column(_POSITION))
        if "order.parquet" in self.files.names:
            order = exp.select("row").from_(self.files.table("order", numbered=True)).where(exp.not_(_erased("row")))
            yield "order", order.order_by("file_row_number")
        yield "removed", exp.Union(this=self._emptied("removed", REMOVED), expression=self._left(), distinct=False)
        yield "rejected", self._emptied("rejected", REJECTED)
        for name, number in self._numbers():
            if name in ("changes", "dropped"):
                yield name, exp.select("*").from_(name).where(exp.not_(_erased(number)))

    def _emptied(self, relation: str, meta: dict[str, str]) -> exp.Select:
        """Rows that went, those in question without their cells."""
        names = meta_names(self.schema, tuple(meta))
        gone = _erased(names["_row"])
        if relation == "rejected":
            gone = exp.or_(gone, self._in_line())
        instead = {
            names.get("_reason"): literal(REASON), names.get("_reasons"): exp.Array(expressions=[literal(REASON)])
        }  # fmt: skip
        kept = {name for plain, name in names.items() if plain not in ("_reason", "_reasons", "_text")}
        items: list[exp.Expr] = []
        for name, kind in self._types(relation).items():
            new = exp.Case(
                ifs=[exp.If(this=gone.copy(), true=instead.get(name, exp.Null()).copy())], default=column(name)
            )
            cell = column(name) if name in kept else exp.cast(new, exp.DataType.build(kind, dialect="duckdb"))
            items.append(exp.alias_(cell, name, quoted=True))
        return exp.select(*items).from_(relation)

    def _left(self) -> exp.Select:
        """A removed row without cells for each row that was in the output."""
        names = meta_names(self.schema, tuple(REMOVED))
        values: dict[str, exp.Expr] = {
            names["_row"]: column(ROW), names["_op"]: literal(ERASED), names["_reason"]: literal(REASON)
        }  # fmt: skip
        items = [
            exp.alias_(
                exp.cast(values.get(name, exp.Null()), exp.DataType.build(kind, dialect="duckdb")), name, quoted=True
            )
            for name, kind in self._types("removed").items()
        ]
        return exp.select(*items).from_("numbered").where(_erased(ROW))

    def _record(self, entries: dict[str, int]) -> RunRecord:
        rows = self.record.rows
        moved = rows.model_copy(update={"out": rows.out - entries["clean"], "removed": rows.removed + entries["clean"]})
        said = f"{datetime.now(UTC).date()}: rows were erased on request"
        content = _without(self.record.model_dump(mode="json", by_alias=True), self.values)
        known = RunRecord.model_validate(content)
        return known.model_copy(update={"rows": moved, "notes": (*known.notes, said)})


def _erased(number: str) -> exp.Expr:
    """Whether a row is one of those; a row without a number is not."""
    rows = exp.select("row").from_(_quoted(_SET)).subquery()
    return exp.func("coalesce", exp.In(this=column(number), query=rows), exp.false())


def _not_null(value: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=value, expression=exp.Null()))


def _quoted(relation: str) -> exp.Identifier:
    return exp.to_identifier(relation, quoted=True)


def _without(content: Any, values: Sequence[str]) -> Any:
    """A document in which none of the values is a text or a key."""
    if isinstance(content, dict):
        return {f"({ERASED})" if key in values else key: _without(value, values) for key, value in content.items()}
    if isinstance(content, list):
        return [_without(each, values) for each in content]
    return f"({ERASED})" if isinstance(content, str) and content in values else content


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return _sha256(file)


def _sha256(file: BinaryIO) -> str:
    sha = hashlib.sha256()
    while chunk := file.read(1 << 20):
        sha.update(chunk)
    return sha.hexdigest()
