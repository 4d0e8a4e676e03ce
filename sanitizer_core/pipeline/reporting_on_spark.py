"""The report of a run that Spark made: counts and a few cells are what comes from there for it."""

from __future__ import annotations

from sqlglot import exp

from sanitizer_core.audit.rows import REJECTED, REMOVED, meta_names
from sanitizer_core.engines.spark import SparkEngine
from sanitizer_core.engines.spark_places import SparkPlace, rows_at
from sanitizer_core.pipeline.session import Session
from sanitizer_core.pipeline.writing import LOG
from sanitizer_core.record import RunRecord
from sanitizer_core.report import Profiles, Seen, page_of
from sanitizer_core.report.examples import Reason, examples, reasons
from sanitizer_core.sql import column

_UNPROFILED = "How values are distributed is not shown: the rows stayed with Spark, and only counts came from there."


def report_on_spark(session: Session, engine: SparkEngine, record: RunRecord, kept: SparkPlace, logged: bool) -> str:
    """The report of the run as HTML.

    Args:
        kept: whose ``beside`` are the removed and rejected rows.
        logged: whether ``LOG`` reads a change log.
    """
    seen = Seen(
        Profiles(missing=_UNPROFILED),
        examples=examples(engine, LOG) if logged else {},
        removed=_reasons(session, engine, kept.beside("removed"), tuple(REMOVED)),
        rejected=_reasons(session, engine, kept.beside("rejected"), tuple(REJECTED)),
    )
    return page_of(record, seen)


def _reasons(session: Session, engine: SparkEngine, place: SparkPlace, meta: tuple[str, ...]) -> list[Reason]:
    """Why rows went, each with the first of them: a list of all would have to fit into one worker."""
    engine.view("report.rows", rows_at(engine, place))
    rows = exp.to_identifier("report.rows", quoted=True)
    first = exp.Array(expressions=[exp.Min(this=column("row"))])
    return reasons(engine, rows, meta_names(session.cleaned.schema, meta), first)
