"""The report's part of a run."""

from __future__ import annotations

from pathlib import Path

from sanitizer_core.pipeline.clean import BASE
from sanitizer_core.pipeline.scoring import clean_subjects, raw_subjects
from sanitizer_core.pipeline.session import Session
from sanitizer_core.pipeline.writing import KEPT, LOG
from sanitizer_core.record import RunRecord
from sanitizer_core.report import Side, render_report


def report_of(session: Session, record: RunRecord, folder: Path) -> str:
    """The report of the run as HTML, from what was written into its folder."""
    before, after = Side(BASE, raw_subjects(session)), Side(KEPT, clean_subjects(session))
    log = LOG if (folder / "changes.parquet").exists() else None
    return render_report(session.duckdb, record, before, after, log, folder, session.cleaned.schema)
