"""The report of a run: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanitizer_core.audit.rows import REJECTED, REMOVED, meta_names
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.quality import Subject
from sanitizer_core.record import RunRecord
from sanitizer_core.report.columns import Profile, profiles
from sanitizer_core.report.examples import examples, reasons
from sanitizer_core.schema import Schema

if TYPE_CHECKING:
    from jinja2 import Template

MOST_COLUMNS = 200
"""Columns shown one by one; a page with thousands of pictures would help nobody."""


@dataclass(frozen=True)
class Side:
    """The table before or after: the relation that was scored, and its columns."""

    relation: str
    subjects: Sequence[Subject]


@dataclass(frozen=True)
class Profiles:
    """The columns before and after, by name."""

    before: Mapping[str, Profile]
    after: Mapping[str, Profile]


def profiles_of(engine: DuckDBEngine, before: Side, after: Side) -> Profiles:
    """What the report shows of each column, from the rows that were looked at for the scores."""
    _page()  # Loaded here, because this may well be done while the run waits for something else.
    sides = (profiles(engine, each.relation, each.subjects[:MOST_COLUMNS]) for each in (before, after))
    return Profiles(*sides)


def render_report(
    engine: DuckDBEngine, record: RunRecord, seen: Profiles, log: str | None, folder: Path, schema: Schema
) -> str:
    """The report as HTML.

    Args:
        log: the relation of the change log, when one was kept.
        folder: where the Parquet files of removed and rejected rows are.
        schema: the input's columns.
    """
    removed, rejected = meta_names(schema, tuple(REMOVED)), meta_names(schema, tuple(REJECTED))
    return _page().render(
        run=record,
        before=seen.before,
        after=seen.after,
        most=MOST_COLUMNS,
        hidden=max(0, len(record.columns) - MOST_COLUMNS),
        examples=examples(engine, log) if log is not None else {},
        removed=reasons(engine, str(folder / "removed.parquet"), removed, f'"{removed["_reason"]}"'),
        rejected=reasons(
            engine, str(folder / "rejected.parquet"), rejected, f"array_to_string(\"{rejected['_reasons']}\", '; ')"
        ),
        dimensions=("completeness", "uniqueness", "consistency", "integrity"),
    )


@cache
def _page() -> Template:
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
    return environment.get_template("report.html.jinja")


def _cell(value: Any) -> str:
    """A cell's text with what cannot be seen made visible, cut where it is long."""
    if value is None:
        return "null"
    text = str(value).replace("\n", "⏎").replace("\t", "⇥").replace("\u00a0", "⍽")
    ends = len(text) - len(text.rstrip(" "))
    text = "·" * (len(text) - len(text.lstrip(" "))) + text.strip(" ") + "·" * (ends if text.strip(" ") else 0)
    return text if len(text) <= 120 else text[:117] + "..."
