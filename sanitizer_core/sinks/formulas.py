"""Text that a spreadsheet would run as a formula when it opens a CSV file (CWE-1236, OWASP "CSV injection").

Such text gets a ``'`` in front, which spreadsheets take as "this is text" and other programs read as a character. Plain
numbers such as ``-5`` or ``+1.234,50``, and a lone ``-`` or ``+``, cannot do harm and stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
from sqlglot import exp

from sanitizer_core.sql.tree import column

# = + - @ tab and carriage return.
_FIRST = (61, 43, 45, 64, 9, 13)
_HARMLESS = r"[+-]([0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?)?"


def dangerous(text: exp.Expr) -> exp.Condition:
    """Whether text begins like a formula and is no plain number."""
    first = exp.Anonymous(this="ascii", expressions=[text.copy()])
    begins = exp.In(this=first, expressions=[exp.Literal.number(code) for code in _FIRST])
    harmless = exp.Anonymous(this="regexp_full_match", expressions=[text.copy(), exp.Literal.string(_HARMLESS)])
    return exp.and_(begins, exp.not_(harmless))


def guarded(text: exp.Expr) -> exp.Expr:
    """Text with a quote in front where a spreadsheet would run it."""
    quoted = exp.DPipe(this=exp.Literal.string("'"), expression=text.copy())
    return exp.Case(ifs=[exp.If(this=dangerous(text), true=quoted)], default=text.copy())


def dangerous_cells(table: exp.Query, names: Sequence[str], connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many cells of each column a spreadsheet would run; columns without one are left out."""
    if not names:
        return {}
    counts = [exp.func("COUNT_IF", dangerous(column(name))) for name in names]
    query = exp.select(*counts).from_(table.subquery("written"))
    found = connection.execute(query.sql(dialect="duckdb")).fetchone() or ()
    return {name: count for name, count in zip(names, found, strict=True) if count}


def dangerous_names(names: Iterable[str], connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The column names that a spreadsheet would run."""
    wanted = {name: dangerous(exp.Literal.string(name)) for name in names}
    found = connection.execute(exp.select(*wanted.values()).sql(dialect="duckdb")).fetchone() or ()
    return {name for name, runs in zip(wanted, found, strict=True) if runs}
