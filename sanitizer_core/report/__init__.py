"""The report of a run: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanitizer_core.audit.rows import REJECTED, REMOVED, meta_names
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.quality import Subject
from sanitizer_core.record import RunRecord
from sanitizer_core.report.columns import profiles
from sanitizer_core.report.examples import examples, reasons
from sanitizer_core.schema import Schema

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_COLUMNS = 200
"""Columns shown one by one; a page with thousands of pictures would help nobody."""


@dataclass(frozen=True)
class Side:
    """The table before or after: the relation that was scored, and its columns."""

    relation: str
    subjects: Sequence[Subject]


def render_report(
    engine: DuckDBEngine, record: RunRecord, before: Side, after: Side, log: str | None, folder: Path, schema: Schema
) -> str:
    """The report as HTML.

    Args:
        log: the relation of the change log, when one was kept.
        folder: where the Parquet files of removed and rejected rows are.
        schema: the input's columns.
    """
    removed, rejected = meta_names(schema, tuple(REMOVED)), meta_names(schema, tuple(REJECTED))
    page = _environment().get_template("report.html.jinja")
    return page.render(
        run=record,
        before=profiles(engine, before.relation, before.subjects[:MOST_COLUMNS]),
        after=profiles(engine, after.relation, after.subjects[:MOST_COLUMNS]),
        most=MOST_COLUMNS,
        hidden=max(0, len(record.columns) - MOST_COLUMNS),
        examples=examples(engine, log) if log is not None else {},
        removed=reasons(engine, str(folder / "removed.parquet"), removed, f'"{removed["_reason"]}"'),
        rejected=reasons(
            engine, str(folder / "rejected.parquet"), rejected, f"array_to_string(\"{rejected['_reasons']}\", '; ')"
        ),
        dimensions=("completeness", "uniqueness", "consistency", "integrity"),
    )


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sanitizer_core.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cell"] = _cell
    environment.filters["counted"] = lambda number, word: f"{number:,} {word}{'' if number == 1 else 's'}"
    environment.filters["whole"] = lambda number: f"{number:,}"
    return environment


def _cell(value: Any) -> str:
    """A cell's text with what cannot be seen made visible, cut where it is long."""
    if value is None:
        return "null"
    text = str(value).replace("\n", "⏎").replace("\t", "⇥").replace("\u00a0", "⍽")
    ends = len(text) - len(text.rstrip(" "))
    text = "·" * (len(text) - len(text.lstrip(" "))) + text.strip(" ") + "·" * (ends if text.strip(" ") else 0)
    return text if len(text) <= 120 else text[:117] + "..."
