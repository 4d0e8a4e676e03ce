"""The report's part of a run."""

from __future__ import annotations

from pathlib import Path

from sanitizer_core.pipeline.clean import BASE
from sanitizer_core.pipeline.scoring import clean_subjects, raw_subjects
from sanitizer_core.pipeline.session import Session
from sanitizer_core.pipeline.writing import KEPT, LOG
from sanitizer_core.record import RunRecord
from sanitizer_core.report import Profiles, Side, profiles_of, render_report


def columns_seen(session: Session) -> Profiles:
    """What the report shows of each column, once the scores are counted."""
    return profiles_of(session.duckdb, Side(BASE, raw_subjects(session)), Side(KEPT, clean_subjects(session)))


def report_of(session: Session, record: RunRecord, seen: Profiles, folder: Path) -> str:
    """The report of the run as HTML, from what was written into its folder."""
    log = LOG if (folder / "changes.parquet").exists() else None
    return render_report(session.duckdb, record, seen, log, folder, session.cleaned.schema)
