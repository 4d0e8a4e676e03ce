"""The files of a run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sqlglot import exp

from sanitizer_core.audit.changes import changed_rows, changes_query, tells_every_step
from sanitizer_core.audit.rows import dropped_query, rejected_query, removed_query, sealed_query
from sanitizer_core.audit.sealing import seal, secret_of
from sanitizer_core.chain import Relation
from sanitizer_core.compile import output_query
from sanitizer_core.errors import PlanError
from sanitizer_core.pipeline.checking import BROKEN, CLEAN, broken_query, kept_rows, quarantined
from sanitizer_core.pipeline.clean import BASE
from sanitizer_core.pipeline.session import Session
from sanitizer_core.pipeline.settle import fitted_recipe
from sanitizer_core.plan import ROW, masked_columns
from sanitizer_core.sinks import WriteOptions, Written, write_table
from sanitizer_core.sql import column

KEPT = "kept"
"""The view of the rows that are written, with ``@row``, in the order they are written."""


SEALED_ROWS = 100_000
"""Values in a frame of the sealed file."""

LOG = "log"
"""The view that reads the change log once it is written."""


def prepare_output(session: Session) -> None:
    """Makes the view of what is written: the clean table, without the rows that were quarantined."""
    chain = session.cleaned.chain
    stored = session.verdict is not None
    query = (
        exp.select("*").from_(exp.to_identifier(CLEAN, quoted=True))
        if stored
        else output_query(chain, with_row=True, ordered=session.engine.keeps_order)
    )
    if session.verdict is not None and quarantined(session.verdict):
        session.engine.create(Relation(BROKEN, broken_query(session.verdict), stored=True, marks=True))
    session.engine.create(Relation(KEPT, kept_rows(query, session.verdict, chain)))


def write_output(session: Session, destination: str, options: WriteOptions) -> Written:
    """Writes the clean table."""
    names = [column(slot.name) for slot in session.cleaned.chain.table.slots]
    query = exp.select(*names).from_(exp.to_identifier(KEPT, quoted=True))
    return write_table(session.duckdb.connection, query, destination, options=options)


def write_artifacts(session: Session, folder: Path) -> dict[str, Written]:
    """Writes what explains the run and undoes it; gives what was written, by name."""
    engine, cleaned, opened = session.duckdb, session.cleaned, session.opened
    chain, schema = cleaned.chain, cleaned.schema
    broken = BROKEN if quarantined(session.verdict) else None
    queries: dict[str, exp.Query | None] = {
        "changes": log_query(session) if logs_cells(session) else None,
        "removed": removed_query(chain, BASE, schema),
        "rejected": rejected_query(chain, BASE, schema, broken=broken, lines=opened.rejected_view),
        "dropped": dropped_query(chain, schema),
        "order": exp.select(exp.alias_(column(ROW), "row")).from_(exp.to_identifier(KEPT, quoted=True))
        if chain.order
        else None,
    }
    written = {
        name: write_table(engine.connection, query, str(folder / f"{name}.parquet"))
        for name, query in queries.items()
        if query is not None
    }
    _seal(session, folder)
    fitted_recipe(session.recipe, cleaned, session.types).dump(folder / "fitted.json")
    return written


def _seal(session: Session, folder: Path) -> None:
    query, secret = to_seal(session)
    if query is not None:
        batches = session.duckdb.connection.sql(session.engine.sql(query)).to_arrow_reader(SEALED_ROWS)
        seal(iter(batches), folder / "sealed.bin", secret)


def to_seal(session: Session) -> tuple[exp.Query | None, str]:
    """What masking hid, for whoever has the key to undo it, and the key; ``None`` where nothing is hidden."""
    chain = session.cleaned.chain
    query = sealed_query(chain, BASE, session.cleaned.schema, session.opened.rejected_view)
    if query is None:
        return None, ""
    return query, secret_of(next(iter(masked_columns(chain.table).values())), PlanError)


def logs_cells(session: Session) -> bool:
    """Whether the run keeps a log of cells."""
    return session.recipe.audit == "cells" or any(
        session.recipe.audit_of(step) == "cells" for step in session.recipe.steps
    )


def read_log(session: Session, log: Path) -> bool:
    """Makes the relation that reads the log's file; says whether there is one."""
    if log.exists():
        reads = exp.select("*").from_(exp.Anonymous(this="read_parquet", expressions=[exp.Literal.string(str(log))]))
        session.engine.create(Relation(LOG, reads))
    return log.exists()


def log_query(session: Session) -> exp.Query:
    """The change log of the rows that are kept."""
    chain = session.cleaned.chain
    kept = changed_rows(chain)
    for name, relation in kept.items():
        session.engine.create(relation)
        if tells_every_step(chain, name) and not quarantined(session.verdict):
            session.cells[str(chain.table.slot(name).source)] = session.count(relation.name)
    return _of_kept_rows(session, changes_query(chain, session.run_id, kept, enumerated=True))


def _of_kept_rows(session: Session, changes: exp.Query) -> exp.Query:
    """The log without the rows that the contract rejected: those are kept whole, as they were read."""
    if not quarantined(session.verdict):
        return changes
    away = exp.select(exp.column("row")).from_(exp.to_identifier(BROKEN, quoted=True))
    return (
        exp.select("*")
        .from_(changes.subquery("log"))
        .where(exp.Not(this=exp.In(this=exp.column("row"), query=away.subquery())))
    )


def keep_clean_copy(output: str, folder: Path) -> None:
    """Puts the Parquet file that was just written among the artifacts too, without writing it twice where that can be."""
    target = folder / "clean.parquet"
    try:
        os.link(output, target)
    except OSError:
        shutil.copyfile(output, target)
