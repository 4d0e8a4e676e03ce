"""DuckDB's reader, told everything, so that it guesses nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp

from sanitizer_core.sources.csv.dialect import Dialect
from sanitizer_core.sources.views import table_function
from sanitizer_core.sql.tree import column

# DuckDB's own limit, as it stands when none is given.
USUAL_LONGEST = 2_000_000
_MOST_DELIMITER_BYTES = 4
_NEWLINES = {"\n": "\\n", "\r\n": "\\r\\n", "\r": "\\r"}


@dataclass(frozen=True)
class RejectTables:
    """The names of the tables that DuckDB keeps what it rejects in."""

    errors: str
    scans: str


def can_scan(dialect: Dialect) -> bool:
    """Whether DuckDB reads a dialect as we do. A backslash makes it drop characters, and bare quotes it refuses."""
    plain = (dialect.quote is None or dialect.escape == "doubled") and not dialect.padded
    return plain and dialect.escape_character is None and dialect.text_column is None and _is_short(dialect.delimiter)


def _is_short(delimiter: str) -> bool:
    return len(delimiter.encode()) <= _MOST_DELIMITER_BYTES and "\0" not in delimiter


def scan(
    path: Path,
    names: Sequence[str],
    dialect: Dialect,
    skip: int = 0,
    longest: int = USUAL_LONGEST,
    rejects: RejectTables | None = None,
    buffer: int | None = None,
) -> exp.Select:
    r"""A query for the rows of a file, every column text, an empty field null.

    The end of the lines is said, for DuckDB would take the first it meets, in quotes or not. Strict reading is not
    said, since it is the default: said beside ``\r\n`` and a skipped line, DuckDB 2.0 gives no rows at all. No text
    is null to the reader: it takes a row with one null too many for a row, even where all its cells have moved on by
    one, so that empty fields become null behind it (which costs nothing that can be measured).

    Args:
        skip: the lines in front of the first row.
        longest: the bytes of the longest record.
        buffer: the bytes that are read at a time; DuckDB's own measure when ``None``.
    """
    columns = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.Literal.string(name), expression=exp.Literal.string("VARCHAR")) for name in names
        ]
    )
    options: dict[str, exp.Expr] = {
        "columns": columns,
        "auto_detect": exp.false(),
        "header": exp.false(),
        "skip": exp.Literal.number(skip),
        "delim": exp.Literal.string(dialect.delimiter),
        "quote": exp.Literal.string(dialect.quote or ""),
        "escape": exp.Literal.string(dialect.quote or ""),
        "new_line": exp.Literal.string(_NEWLINES[dialect.newline]),
        # A blank line is a row of one column only where the reader knows empty text as null.
        "nullstr": exp.Literal.string(uuid.uuid4().hex if len(names) > 1 else ""),
        "compression": exp.Literal.string("none"),
    }
    if longest > USUAL_LONGEST:
        options["max_line_size"] = exp.Literal.number(longest)
        options["buffer_size"] = exp.Literal.number(2 * longest)
    elif buffer is not None:
        options["buffer_size"] = exp.Literal.number(buffer)
    if rejects is not None:
        options["store_rejects"] = exp.true()
        options["rejects_table"] = exp.Literal.string(rejects.errors)
        options["rejects_scan"] = exp.Literal.string(rejects.scans)
        options["rejects_limit"] = exp.Literal.number(0)
    rows = table_function("read_csv", exp.Literal.string(str(path)), **options)
    cells = [
        exp.alias_(exp.Nullif(this=column(name), expression=exp.Literal.string("")), name, quoted=True)
        for name in names
    ]
    return exp.select(*cells).from_(rows.subquery("fields"))
