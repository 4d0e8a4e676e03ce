"""The folder of a run that was made inside a database: what explains it and undoes it, as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlglot import exp

from sanitizer_core.audit.rows import REJECTED, meta_names
from sanitizer_core.chain import Relation
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.engines.postgres import PostgresEngine
from sanitizer_core.pipeline.clean import BASE
from sanitizer_core.pipeline.scoring import clean_subjects, raw_subjects
from sanitizer_core.pipeline.session import Session
from sanitizer_core.pipeline.writing import KEPT, LOG
from sanitizer_core.quality import sample_of
from sanitizer_core.record import RunRecord
from sanitizer_core.report import Side, profiles_of, render_report
from sanitizer_core.schema import DataType
from sanitizer_core.sources.postgres.spooling import spool, to_parquet
from sanitizer_core.sources.views import table_function
from sanitizer_core.sql import column


def export(session: Session, engine: PostgresEngine, queries: Mapping[str, exp.Query | None], folder: Path) -> None:
    """Copies the rows of queries, streamed, into Parquet files under their names."""
    known = {each.name: each.type for each in session.cleaned.schema}
    known_after = {slot.name: slot.type for slot in session.cleaned.chain.table.slots}
    with DuckDBEngine.open() as duckdb:
        for name, query in queries.items():
            if query is not None:
                kinds = known_after if name == "clean" else known if name in ("removed", "rejected", "dropped") else {}
                _export(session, engine, duckdb, query, kinds, folder / f"{name}.parquet")


def _export(
    session: Session,
    engine: PostgresEngine,
    duckdb: DuckDBEngine,
    query: exp.Query,
    kinds: Mapping[str, DataType],
    path: Path,
) -> None:
    engine.create(Relation("export", query))
    lists = {meta_names(session.cleaned.schema, tuple(REJECTED))["_reasons"]}
    columns, items = [], []
    for each in engine.schema_of("export"):
        kind = kinds.get(each.name, each.type)
        if each.name in lists and kind.native == "text[]":
            kind = DataType("other", native="VARCHAR[]")
            items.append(
                exp.alias_(exp.Anonymous(this="to_json", expressions=[column(each.name)]), each.name, quoted=True)
            )
        else:
            cell = exp.cast(column(each.name), "TEXT") if kind.kind == "other" else column(each.name)
            items.append(exp.alias_(cell, each.name, quoted=True))
        columns.append((each.name, kind))
    # What a view is made of is in the order of its query, which COPY keeps.
    rows = exp.select(*items).from_(query.subquery("export"))
    spooled = path.with_suffix(".csv")
    longest = spool(engine.connection, engine.sql(rows), spooled, session.opened.address)
    to_parquet(spooled, longest, columns, path, duckdb.connection)


def report(session: Session, engine: PostgresEngine, record: RunRecord, folder: Path) -> None:
    """Writes the report, from the samples that the scores were made of and the files of the folder.

    Only the samples leave the database for it.
    """
    samples = {sample_of(BASE): raw_subjects(session), sample_of(KEPT): clean_subjects(session)}
    with DuckDBEngine.open() as duckdb:
        for name, subjects in samples.items():
            if not engine.has(name):
                continue
            rows = exp.select("*").from_(exp.to_identifier(name, quoted=True))
            path = duckdb.scratch / f"{name}.parquet"
            kinds = {f"c{place}": subject.type for place, subject in enumerate(subjects)}
            _export(session, engine, duckdb, rows, kinds, path)
            duckdb.create(Relation(name, _parquet(path), stored=True))
        log = (folder / "changes.parquet").exists()
        if log:
            duckdb.create(Relation(LOG, _parquet(folder / "changes.parquet")))
        seen = profiles_of(duckdb, Side(BASE, raw_subjects(session)), Side(KEPT, clean_subjects(session)))
        page = render_report(duckdb, record, seen, LOG if log else None, folder, session.cleaned.schema)
    (folder / "report.html").write_text(page, encoding="utf-8")


def _parquet(path: Path) -> exp.Select:
    return table_function("read_parquet", exp.Literal.string(str(path)))
