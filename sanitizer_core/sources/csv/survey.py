"""All that is found out about a text file before it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from pathlib import Path
from typing import Any

from sanitizer_core.errors import SourceError, Where
from sanitizer_core.sources.csv.detect import Sample, find_dialect, sample_records
from sanitizer_core.sources.csv.dialect import Dialect
from sanitizer_core.sources.csv.encoding import shown as shown_text
from sanitizer_core.sources.csv.layout import Layout, find_layout, is_remark
from sanitizer_core.sources.csv.plain import Plain, make_plain
from sanitizer_core.sources.csv.records import Record, Records, pieces
from sanitizer_core.sources.names import unique_names
from sanitizer_core.sources.options import ReadOptions

_RECORDS = 1000
_TAIL = 1 << 16
_LINES_SHOWN, _LINE_SHOWN = 20, 500


@dataclass(frozen=True)
class Footer:
    """Remarks below the table that have the width of its rows.

    Args:
        start: the byte of the plain file where they begin.
        records: the remarks; their lines count from the first of them.
    """

    start: int
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Survey:
    """A text file, surveyed.

    Args:
        address: the file as shown to a user.
        original: the file that was given.
        head: the first records of the body.
        head_end: the character of the sample where they end.
    """

    address: str
    original: Path
    plain: Plain
    dialect: Dialect
    layout: Layout
    names: tuple[str, ...]
    notes: tuple[str, ...]
    head: tuple[Record, ...]
    head_end: int
    footer: Footer | None
    options: ReadOptions

    @property
    def width(self) -> int:
        return len(self.names)

    @property
    def body(self) -> int:
        """The byte of the plain file where the first row begins."""
        return self.plain.mark + len(self.plain.sample[: self.layout.start].encode("utf-8", "surrogateescape"))

    def _skipped_text(self) -> list[str]:
        """The lines in front of the table, so that a title or a date in them is not lost; the first of many."""
        lines = self.plain.sample.split(self.dialect.line_end, self.layout.preamble)[: self.layout.preamble]
        return [_clipped(line, self.plain.recoded) for line in lines[:_LINES_SHOWN]]

    def facts(self) -> dict[str, Any]:
        """What was found, as plain values."""
        column = self.dialect.text_column
        return {
            "format": "csv",
            **({"compression": self.plain.packed} if self.plain.packed != "none" else {}),
            "encoding": self.plain.encoding.name,
            **self.dialect.facts(),
            "header_lines": len(self.layout.header),
            "skipped_lines": self.layout.preamble,
            "skipped_text": self._skipped_text(),
            "footer_lines": len(self.footer.records) if self.footer else 0,
            "columns": self.width,
            **({"text_column": self.names[column]} if column is not None else {}),
        }


def _clipped(line: str, marked: bool) -> str:
    return shown_text(line.rstrip("\r")[:_LINE_SHOWN], marked)


def survey(path: Path, options: ReadOptions, scratch: Path, shown: str) -> Survey:
    """Find out how a text file is to be read, from a bounded part of it.

    Raises:
        SourceError: it cannot be opened, holds no text or no line.
    """
    plain = make_plain(path, options, scratch, shown)
    start, line = _behind(plain.sample, options.skip or 0)
    sample = plain.sample[start:]
    if not sample.strip("\r\n"):
        raise SourceError(f"nothing is left behind the {options.skip} lines to be skipped", where=Where(file=shown))
    first = Sample(sample, not plain.whole)
    guess = find_dialect(first, options)
    dialect, width = guess.dialect, guess.width
    records = [
        record._replace(line=record.line + line, start=record.start + start)
        for record in sample_records(first, dialect, width, _RECORDS)
    ]
    layout = find_layout(plain.sample, records, width, dialect, options)
    names, renamed = unique_names([shown_text(name.replace("\0", ""), plain.recoded) for name in layout.names])
    head = [record for record in records if record.start >= layout.start]
    head_end = len(plain.sample)
    if head and (len(records) == _RECORDS or not plain.whole):
        head_end = head.pop().start
    found = Survey(
        address=shown,
        original=path,
        plain=plain,
        dialect=dialect,
        layout=layout,
        names=tuple(names),
        notes=(),
        head=tuple(head),
        head_end=head_end,
        footer=None,
        options=options,
    )
    found = replace(found, footer=_footer(found))
    return replace(found, notes=tuple(_notes(found, renamed if layout.header else [])))


def _behind(sample: str, lines: int) -> tuple[int, int]:
    """The character behind some physical lines, and how many there were."""
    start = 0
    end = "\n" if "\n" in sample else "\r"
    for done in range(lines):
        found = sample.find(end, start)
        if found < 0:
            return len(sample), done
        start = found + 1
    return start, lines


def _notes(found: Survey, renamed: Sequence[str]) -> list[str]:
    notes = [found.plain.encoding.note] if found.plain.encoding.note else []
    notes += [*found.layout.notes, *renamed]
    if found.dialect.text_column is not None:
        name = found.names[found.dialect.text_column]
        notes.append(f"longer rows are read as text of the column {name!r} that holds the delimiter without quotes")
    if found.dialect.escape == "bare" and found.dialect.quote:
        notes.append(
            "quotes inside quoted fields are not escaped: a field ends at a quote before a delimiter or line end"
        )
    if found.footer:
        count = len(found.footer.records)
        notes.append(f"{count} line{'s' if count > 1 else ''} below the table hold no row, and were rejected")
    if (other := _other_table(found.head, found.width)) is not None:
        notes.append(
            f"a table of {len(other.fields)} columns seems to begin on line {other.line}; its rows are rejected"
        )
    return notes


def _other_table(records: Sequence[Record], width: int) -> Record | None:
    """The first of three records in a row that have one and the same other width."""
    for first, second, third in zip(records, records[1:], records[2:], strict=False):
        other = len(first.fields)
        if other not in (width, 1) and not first.fault and other == len(second.fields) == len(third.fields):
            return first
    return None


def _footer(found: Survey) -> Footer | None:
    """Remarks at the very end that have the width of a row, unless such rows stand within the table too."""
    rows = [record for record in found.head if len(record.fields) == found.width]
    if found.width < 3 or not rows:
        return None
    start, text = _tail(found)
    records = list(Records(pieces(text), found.dialect, found.width))
    remarks: list[Record] = []
    while records and is_remark(records[-1].fields, found.width):
        remarks.insert(0, records.pop())
    remarks = list(dropwhile(lambda record: not _is_low_remark(record, found.width), remarks))
    if (
        not remarks
        or not records
        or any(
            _is_low_remark(record, found.width)
            for record in [*records, *rows[: -sum(len(r.fields) == found.width for r in remarks)]]
        )
    ):
        return None
    before = text[: remarks[0].start].encode("utf-8", "surrogateescape")
    return Footer(start + len(before), tuple(remarks))


def _is_low_remark(record: Record, width: int) -> bool:
    return record.fault is None and len(record.fields) == width and is_remark(record.fields, width)


def _tail(found: Survey) -> tuple[int, str]:
    """The last lines of the body, and the byte at which they begin."""
    size = found.plain.path.stat().st_size
    start = max(found.body, size - _TAIL)
    with found.plain.path.open("rb") as file:
        file.seek(start)
        raw = file.read()
    if start > found.body:
        cut = raw.find(found.dialect.line_end.encode()) + 1
        start, raw = start + cut, raw[cut:]
    return start, raw.decode("utf-8", "surrogateescape")
