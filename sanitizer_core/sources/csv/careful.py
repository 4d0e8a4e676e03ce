"""The careful way to read a text file: part it ourselves, and hand DuckDB a well-formed copy of the rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sanitizer_core.sources.csv.dialect import Dialect
from sanitizer_core.sources.csv.encoding import Doubtful
from sanitizer_core.sources.csv.records import Record, Records
from sanitizer_core.sources.csv.rejected import reasons, rejected_row
from sanitizer_core.sources.csv.stretch import DELIMITERS, Stretches
from sanitizer_core.sources.csv.survey import Survey

_PIECE = 1 << 20
_LONG = 1 << 18


def well_formed(dialect: Dialect) -> Dialect:
    """The dialect of the copy: as near to that of the file as DuckDB reads it like anybody else."""
    delimiter = dialect.delimiter if dialect.delimiter in DELIMITERS else ","
    return Dialect(delimiter, dialect.quote or '"')


@dataclass
class Copy:
    """The well-formed copy of the rows.

    Args:
        path: where it is.
        longest: the bytes of its longest row; those of short rows are not looked at.
        doubtful: some of the records that hold undecodable bytes.
    """

    path: Path
    longest: int = 0
    doubtful: Doubtful = field(default_factory=Doubtful)


def text_from(path: Path, start: int) -> tuple[Callable[[], str], Callable[[], None]]:
    """The text of a plain file from a byte on, in pieces, and what closes the file."""
    file = path.open("rb")
    file.seek(start)
    text = io.TextIOWrapper(file, encoding="utf-8", errors="surrogateescape", newline="")
    return lambda: text.read(_PIECE), text.close


def copy_rows(found: Survey, copy: Copy) -> Iterator[tuple[int, str, str]]:
    """Write the rows of a file to a well-formed one, and give those that are rejected, as they are met."""
    more, close = text_from(found.plain.path, found.body)
    try:
        dialect = well_formed(found.dialect)
        writer = partial(csv.writer, lineterminator="\n", delimiter=dialect.delimiter, quotechar=dialect.quote)
        with copy.path.open("w", encoding="utf-8", newline="") as out:
            write, write_quoted = writer(out).writerow, writer(out, quoting=csv.QUOTE_ALL).writerow
            for record, why in _judged(Records(more, found.dialect, found.width, found.layout.line), found, out.write):
                if why:
                    copy.doubtful.look_at(record.text)
                    yield rejected_row(record, why, found)
                # Python's writer leaves a carriage return without quotes, where DuckDB takes it for the end of a line.
                elif (length := (write_quoted if "\r" in record.text else write)(record.fields)) > _LONG:
                    wider = len(record.text.encode()) - len(record.text)
                    copy.longest = max(copy.longest, length + wider)
    finally:
        close()


def _judged(records: Records, found: Survey, keep: Callable[[str], object]) -> Iterator[tuple[Record, list[str]]]:
    """Each record with what keeps it from being a row; ``keep`` is given the stretches of plain rows between them."""
    width, encoding = found.width, found.plain.encoding.name
    header = found.layout.header[-1] if found.layout.header and width > 1 else None
    names = header.fields if header else None
    footer_line = _footer_line(found)
    other: str | None = None
    plain = Stretches(records, found.dialect, width, names, footer_line)
    for record in _between(records, plain, keep):
        why = [other] if other else reasons(record, width, encoding)
        if names is not None and record.fields == names and header is not None and not other:
            if record.text == header.text:
                why = ["it repeats the header"]
            else:
                plain.over = True
                other = f"it belongs to another table, which begins on line {record.line}"
                why = [other]
        elif footer_line is not None and record.line >= footer_line and not why:
            why = ["it stands below the table and holds no row"]
        yield record, why


def _between(records: Records, plain: Stretches, keep: Callable[[str], object]) -> Iterator[Record]:
    """The records that are not kept as they stand, in stretches of plain rows."""
    keep(plain.next())
    while (found := records.next()) is not None:
        yield from found
        keep(plain.next())


def _footer_line(found: Survey) -> int | None:
    """The line of the first remark below the table."""
    if found.footer is None:
        return None
    return lines_before(found.plain.path, found.footer.start, found.dialect.line_end) + 1


def lines_before(path: Path, end: int, line_end: str, start: int = 0) -> int:
    """How many lines end between two bytes of a file."""
    mark, count = line_end.encode(), 0
    with path.open("rb") as file:
        file.seek(start)
        while start < end and (piece := file.read(min(_PIECE, end - start))):
            count += piece.count(mark)
            start += len(piece)
    return count
