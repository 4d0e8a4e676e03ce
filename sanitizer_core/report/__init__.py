"""The report of a run: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sanitizer_core.audit.rows import REJECTED, REMOVED, meta_names
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.quality import Subject
from sanitizer_core.record import RunRecord
from sanitizer_core.report.columns import Profile, profiles
from sanitizer_core.report.examples import FIRST_FIVE, Example, Reason, examples, reasons
from sanitizer_core.schema import Schema
from sanitizer_core.sources.views import table_function

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
    """The columns before and after, by name; where there are none, a sentence says why."""

    before: Mapping[str, Profile] = field(default_factory=dict)
    after: Mapping[str, Profile] = field(default_factory=dict)
    missing: str = "How values are distributed is not shown: there were no rows, or no scores were made of them."


@dataclass(frozen=True)
class Seen:
    """What the page shows beside the record: the columns, changed cells by step, and why rows went."""

    profiles: Profiles
    examples: Mapping[int, Sequence[Example]]
    removed: Sequence[Reason]
    rejected: Sequence[Reason]


def profiles_of(engine: DuckDBEngine, before: Side, after: Side) -> Profiles:
    """What the report shows of each column, from the rows that were looked at for the scores."""
    _page()  # Loaded here, because this may well be done while the run waits for something else.
    was, now = (profiles(engine, each.relation, each.subjects[:MOST_COLUMNS]) for each in (before, after))
    return Profiles(was, now)


def render_report(
    engine: DuckDBEngine, record: RunRecord, columns: Profiles, log: str | None, folder: Path, schema: Schema
) -> str:
    """The report as HTML, of a run whose files DuckDB can read.

    Args:
        columns: see ``profiles_of``.
        log: the relation of the change log, when one was kept.
        folder: where the Parquet files of removed and rejected rows are.
        schema: the input's columns.
    """
    away = []
    for name, meta in (("removed", REMOVED), ("rejected", REJECTED)):
        rows = table_function("read_parquet", exp.Literal.string(str(folder / f"{name}.parquet"))).subquery("rows")
        away.append(reasons(engine, rows, meta_names(schema, tuple(meta)), FIRST_FIVE))
    return page_of(record, Seen(columns, examples(engine, log) if log is not None else {}, *away))


def page_of(record: RunRecord, seen: Seen) -> str:
    """The report as HTML."""
    return _page().render(
        run=record,
        seen=seen,
        before=seen.profiles.before,
        after=seen.profiles.after,
        most=MOST_COLUMNS,
        hidden=max(0, len(record.columns) - MOST_COLUMNS),
        dimensions=("completeness", "uniqueness", "consistency", "integrity"),
    )


def prepare() -> None:
    """Reads the page's templates now, so that processes that are forked from this one need not."""
    page = _page()
    for name in page.environment.list_templates():
        page.environment.get_template(name)


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
